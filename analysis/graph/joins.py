"""How a join joins, and whether it stands before or behind an activation."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from analysis.graph.graph import Edge, Graph, Node
from analysis.graph.templates import style_of
from analysis.graph.wiring import common_scope, numbered
from analysis.operators import Add, Concatenate

Kind = Literal["concat", "add"]
Place = Literal["before", "after"]
"""Whether a join stands before an activation, which is then applied to what it gives, or after."""
PASSED = frozenset({"norm"})
"""Families between a join and its activation."""


def with_kind(graph: Graph, join: str, kind: Kind) -> Graph:
    """The graph in which the join adds or concatenates."""
    return graph.with_operator(join, Add() if kind == "add" else Concatenate())


def activation_place(graph: Graph, join: str, skip_port: int) -> Place | None:
    """Where the join stands; None where there is an activation on neither side."""
    if _behind(graph, join) is not None:
        return "before"
    return "after" if _ahead(graph, join, skip_port) is not None else None


def with_activation_place(graph: Graph, join: str, skip_port: int, place: Place) -> Graph:
    """The graph whose join stands before or after an activation: one is moved, else put there.

    The activation that moves keeps its id. A new one is the kind that the network has most of.
    """
    if activation_place(graph, join, skip_port) == place:
        return graph
    if place == "after":
        return _moved_ahead(graph, join, skip_port)
    found = _ahead(graph, join, skip_port)
    node = found or Node(numbered(graph, "act"), style_of(graph).activation)
    if found is not None:
        graph = graph.without(found.id)
    readers = graph.consumers[join]
    scope = graph[readers[0]].scope if len(readers) == 1 else ""
    own = node.id.rpartition(".")[0] == scope.replace("/", ".")
    fed = replace(node, inputs=(join,), scope=scope if own else graph[join].scope)
    nodes = [
        replace(each, inputs=tuple(fed.id if read == join else read for read in each.inputs))
        for each in graph.nodes
    ]
    return Graph.of((*nodes, fed))


def _moved_ahead(graph: Graph, join: str, skip_port: int) -> Graph:
    found = _behind(graph, join)
    node = found or Node(numbered(graph, "act"), style_of(graph).activation)
    if found is not None:
        graph = graph.without(found.id)
    if _ahead(graph, join, skip_port) is not None:
        return graph
    port = _main_port(graph, join, skip_port)
    if port is None:
        return graph
    edge = Edge(graph[join].inputs[port], join, port)
    scope = common_scope(graph, edge.source, join)
    return graph.insert_on(edge, replace(node, inputs=(), scope=scope))


def _behind(graph: Graph, join: str) -> Node | None:
    """The activation that alone reads the join, behind a normalisation perhaps."""
    readers = graph.consumers[join]
    while len(readers) == 1:
        node = graph[readers[0]]
        if node.operator.family == "act":
            return node
        if node.operator.family not in PASSED:
            return None
        readers = graph.consumers[node.id]
    return None


def _ahead(graph: Graph, join: str, skip_port: int) -> Node | None:
    """The activation whose output only the join reads, beside the skip."""
    port = _main_port(graph, join, skip_port)
    if port is None:
        return None
    node = graph[graph[join].inputs[port]]
    alone = graph.consumers[node.id] == (join,)
    return node if alone and node.operator.family == "act" else None


def _main_port(graph: Graph, join: str, skip_port: int) -> int | None:
    return next((port for port in range(len(graph[join].inputs)) if port != skip_port), None)
