"""Chooses the groups to open so that every block left has outputs of one resolution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.graph.graph import Graph, data_inputs
from analysis.graph.scopes import prefixes

OWN_U = 0.35
"""A group that goes down and up is opened where it is more than this of what is around it."""


def coarsest_groups(graph: Graph, levels: Mapping[str, float]) -> frozenset[str]:
    """The scopes to expand so that every block left has outputs of one resolution.

    A scope is kept whole when what is read of it lies on one level, what joins it from outside
    does so on one level, and it spans at most one step down or up; so a whole encoder or decoder
    is opened. One that comes back to the level it starts from is kept too (a stage of a U²-Net),
    unless it is the U itself: more than `OWN_U` of the group around it. `levels` as in
    `Facts.drawn_levels`.
    """
    outside, members = _read_outside(graph), _members(graph)
    opened: set[str] = set()
    for scope, nodes in members.items():
        parent = scope.rpartition("/")[0]
        if parent and parent not in opened:
            continue
        around = len(members[parent]) if parent else len(graph)
        if _spread(graph, levels, nodes, outside.get(scope, [])):
            opened.add(scope)
        elif _comes_back(graph, levels, nodes, outside.get(scope, [])):
            if len(nodes) > OWN_U * around and climbs(graph, nodes):
                opened.add(scope)
        elif len(_rounded(levels, nodes)) > 2:
            opened.add(scope)
    return frozenset(opened)


def _comes_back(
    graph: Graph, levels: Mapping[str, float], nodes: Sequence[str], read: Sequence[str]
) -> bool:
    """Whether a scope gives maps of the level of what it reads, and goes through another."""
    inside = set(nodes)
    sources = [s for node in nodes for s in data_inputs(graph[node]) if s not in inside]
    given = _rounded(levels, read or nodes[-1:])
    return given <= _rounded(levels, sources) and len(_rounded(levels, nodes)) > 1


def climbs(graph: Graph, nodes: Sequence[str]) -> bool:
    """Whether any of these makes a map larger again, as the decoder of a U does."""
    return any(graph[node].operator.family in ("tconv", "resample") for node in nodes)


def whole_groups(graph: Graph, levels: Mapping[str, float]) -> dict[str, int]:
    """The scopes that have one resolution to the outside, whatever is inside: their operators."""
    outside, members = _read_outside(graph), _members(graph)
    return {
        scope: len(nodes)
        for scope, nodes in members.items()
        if not _spread(graph, levels, nodes, outside.get(scope, []))
    }


def _members(graph: Graph) -> dict[str, list[str]]:
    members: dict[str, list[str]] = {}
    for node in graph.nodes:
        for scope in prefixes(node.scope):
            members.setdefault(scope, []).append(node.id)
    return members


def _spread(
    graph: Graph, levels: Mapping[str, float], nodes: Sequence[str], read: Sequence[str]
) -> bool:
    """Whether a scope gives, or joins from outside, maps of several levels."""
    given = _rounded(levels, read or nodes[-1:])
    return len(given | _rounded(levels, _joined_from_outside(graph, nodes))) > 1


def _rounded(levels: Mapping[str, float], nodes: Sequence[str]) -> set[int]:
    return {round(levels[node_id]) for node_id in nodes}


def _joined_from_outside(graph: Graph, nodes: Sequence[str]) -> list[str]:
    """The joins among these nodes that read a node which is not."""
    inside = set(nodes)
    return [
        node_id
        for node_id in nodes
        if graph[node_id].operator.family == "join" and not inside.issuperset(graph[node_id].inputs)
    ]


def _read_outside(graph: Graph) -> dict[str, list[str]]:
    """For every scope the nodes in it that something outside it reads."""
    found: dict[str, list[str]] = {}
    for node in graph.nodes:
        around = prefixes(node.scope)
        for source in data_inputs(node):
            read = graph[source].scope
            for scope in prefixes(read) if read != node.scope else ():
                if scope not in around:
                    found.setdefault(scope, []).append(source)
    return found
