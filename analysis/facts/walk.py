"""Works out one value a node in topological order; after an edit only where it can be another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from typing import TypeVar

from analysis.graph import Graph, Node

T = TypeVar("T")


def walked(
    graph: Graph,
    of_node: Callable[[Node, Mapping[str, T]], T],
    before: Mapping[str, T],
    stale: Set[str],
    moved: Set[str] = frozenset(),
) -> tuple[Mapping[str, T], Set[str]]:
    """`of_node(node, values so far)` of every node; and `moved` with the nodes of another value.

    It is asked for the nodes in `stale` and for those that read one in `moved` or one that turned
    out another than in `before`; the rest keep what they had. Where nothing is another, the
    mapping is that of before.
    """
    values: dict[str, T] = {}
    others, same = set(moved), True
    for node in graph.nodes:
        name = node.id
        if name in stale or not others.isdisjoint(node.inputs):
            value = of_node(node, values)
            if name in before and before[name] == value:
                value = before[name]
            else:
                others.add(name)
                same = False
        else:
            value = before[name]
        values[name] = value
    return before if same and [*before] == [*values] else values, others
