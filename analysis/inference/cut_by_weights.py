"""Finds the nodes whose fixed numbers, as a weights file has them, cut or cancel paths.

A network is told when it is opened which of its masks and fixed kernels do. Weights that are loaded
later may hold other ones.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from torch import Tensor

from analysis.exchange.cancelling import with_cancelling
from analysis.exchange.cut_paths import cuts_by, signs_by
from analysis.exchange.tracer.cut_paths import told
from analysis.facts import Facts
from analysis.graph import Graph, Node


def newly_cutting(facts: Facts, tensors: Mapping[str, Tensor]) -> tuple[str, ...]:
    """The ids of the nodes that cut paths with these tensors and are not marked so.

    `tensors` are by the keys of `facts.tensors`.
    """
    known = {node.id: _told(node, facts, tensors) for node in facts.graph.nodes}
    if not any(known.values()):
        return ()  # as in nearly every network: all its numbers are learned
    signs = {name: signs_by(each) for name, each in known.items()}
    read = facts.tensors.items()
    learned = {name for name, its in read if any(each.trained for each in its)}
    after = with_cancelling(_marked(facts, known), signs, learned)
    return tuple(node.id for node in after.nodes if node.cuts and not facts.graph[node.id].cuts)


def with_cutting(graph: Graph, names: Collection[str]) -> Graph:
    """The graph with these nodes marked as cutting paths."""
    return Graph.of(replace(n, cuts=True) if n.id in names else n for n in graph.nodes)


def _told(node: Node, facts: Facts, tensors: Mapping[str, Tensor]) -> dict[str, Any]:
    """What is to be known of the node's fixed numbers, by their own names; nothing of learned."""
    return {
        each.name: found
        for each in facts.tensors.get(node.id, ())
        if not each.trained and each.key in tensors
        if (found := told(tensors[each.key], False))
    }


def _marked(facts: Facts, known: Mapping[str, Mapping[str, Any]]) -> Graph:
    """The graph with the nodes marked that cut paths by themselves."""
    names = []
    for name, told_of in known.items():
        layer, node = facts.layers[name], facts.graph[name]
        ranks = [len(each.shape) for each in facts.tensors.get(name, ()) if each.name == "weight"]
        if told_of and cuts_by(node.operator, layer.inputs, told_of, ranks[0] if ranks else 0):
            names.append(name)
    return with_cutting(facts.graph, names)
