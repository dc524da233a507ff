"""Finds layers that share their weights: one layer called again, or tensors tied to another's."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.facts import Facts
from analysis.graph import Node


def shared_layers(nodes: Iterable[Node], facts: Facts) -> dict[str, str]:
    """The id of every node whose whole layer is that of an earlier node, and the id of that.

    Both do the same, with the same tensors. Only what is a module of torch is a layer.
    """
    first: dict[object, str] = {}
    shared: dict[str, str] = {}
    for node in nodes:
        read = facts.tensors.get(node.id, ())
        line = node.operator.torch_line(facts.layers[node.id].inputs)
        if read and line.startswith("nn."):
            keys = frozenset((each.name, each.key) for each in read)
            earlier = first.setdefault((line, node.fixed, keys), node.id)
            if earlier != node.id:
                shared[node.id] = earlier
    return shared
