"""Edits of who uses whose weights: an operator gets weights of its own, or another's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from analysis.graph.graph import Graph, numbered_names


def with_own_weights(graph: Graph, node_id: str, keys: Mapping[str, str]) -> Graph:
    """The graph whose node shares no tensor; its own begin as those that it used until now.

    `keys` has the key of each of them by its own name. Raises KeyError where there is no node.
    """
    node = graph[node_id]
    others = Graph(tuple(each for each in graph.nodes if each.id != node_id))
    stem = next(name for name in numbered_names(node_id) if not others.is_named(name))
    stored_as = "" if stem == node_id else stem
    starts = tuple((own, key) for own, key in keys.items() if key != f"{stem}.{own}")
    return graph.with_node(replace(node, stored_as=stored_as, tied=(), starts=starts))


def with_weights_of(graph: Graph, node_id: str, owner: str) -> Graph:
    """The graph whose node uses all tensors of the node `owner`, where their shapes are the same.

    Raises KeyError where there is no such node.
    """
    of = graph[owner]
    stored_as = "" if of.stem == node_id else of.stem
    node = replace(graph[node_id], stored_as=stored_as, tied=of.tied, starts=())
    return graph.with_node(node)
