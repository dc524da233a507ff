"""Works out one value a node in topological order; after an edit only where it can be another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from heapq import heappop, heappush
from itertools import chain
from typing import TypeVar, cast

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
    out another than in `before`; the rest keep what they had, and so does a node whose value
    turns out the same. Where nothing is another, the mapping is that of before.
    """
    places, consumers = graph.places, graph.consumers
    same = before.keys() == places.keys() and [*before] == [*places]
    fresh = frozenset[str]() if same else places.keys() - before.keys()
    # New nodes have their place among the others from the start, and their value further below.
    values = dict(before) if same else dict(zip(places, map(before.get, places), strict=True))
    readers = [consumers[name] for name in moved if name in places]
    waiting = {*fresh, *(stale & places.keys()), *chain.from_iterable(readers)}
    queue = sorted([places[name] for name in waiting])  # a sorted list is a heap
    others = set(moved)
    while queue:
        node = graph.nodes[heappop(queue)]
        name = node.id
        value = of_node(node, cast("Mapping[str, T]", values))
        if name in before and before[name] == value:
            continue
        values[name] = value
        same = False
        others.add(name)
        for reader in consumers[name]:
            if reader not in waiting:
                waiting.add(reader)
                heappush(queue, places[reader])
    return before if same else cast("Mapping[str, T]", values), others
