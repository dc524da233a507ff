"""Finds where a map that meets others inside a group comes into it from outside."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.graph import Edge, Graph
from analysis.graph.graph import data_inputs
from analysis.operators.contract import Shape


def outside(graph: Graph, shapes: Mapping[str, Shape], scope: str, source: str) -> str | None:
    """The node outside of a group whose map comes to `source` in it with its size unchanged.

    None where the way parts, or changes the size, before it leaves the group.
    """
    size, at = shapes[source][1:], source
    while is_in(graph, at, scope):
        before = data_inputs(graph[at])
        if len(before) != 1 or shapes[before[0]][1:] != size:
            return None
        at = before[0]
    return at


def entering(graph: Graph, scope: str, node_id: str) -> tuple[Edge, ...]:
    """The wires by which a node outside of a group comes into it."""
    return tuple(
        edge for edge in graph.edges if edge.source == node_id and is_in(graph, edge.target, scope)
    )


def is_in(graph: Graph, node_id: str, scope: str) -> bool:
    """Whether a node belongs to a group, or to one inside it."""
    own = graph[node_id].scope
    return own == scope or own.startswith(f"{scope}/")
