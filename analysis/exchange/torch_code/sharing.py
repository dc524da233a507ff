"""Finds layers that share their weights: the same tensors of the weights file, byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from analysis.exchange.tensor_file import each_tensor
from analysis.facts import Facts
from analysis.graph import Graph, Node


def shared_layers(graph: Graph, facts: Facts, weights: Path) -> dict[str, str]:
    """The id of every node whose layer is that of an earlier node, and the id of that.

    Tensors that hold one value throughout, as untrained normalisations do, prove nothing.
    Raises OSError, ValueError.
    """
    digests = {name: _digest(data) for name, data in each_tensor(weights)}
    first: dict[object, str] = {}
    shared: dict[str, str] = {}
    for node in graph.nodes:
        held = _tensors(node, facts, digests)
        if held is not None and any(varied for _, varied in held):
            inputs = facts.layers[node.id].inputs
            earlier = first.setdefault((node.operator, inputs[0][0], held), node.id)
            if earlier != node.id:
                shared[node.id] = earlier
    return shared


def _digest(data: bytes) -> tuple[bytes, bool]:
    """A digest of a tensor's bytes, and whether it holds more than one value."""
    varied = len(data) > 8 and data != (data[:8] * (len(data) // 8 + 1))[: len(data)]
    return hashlib.sha256(data).digest(), varied


def _tensors(
    node: Node, facts: Facts, digests: Mapping[str, tuple[bytes, bool]]
) -> tuple[tuple[bytes, bool], ...] | None:
    """The digests of a module's tensors; None where it has none, or is no module."""
    inputs = facts.layers[node.id].inputs
    names = {**node.operator.parameters(inputs), **node.operator.buffers(inputs)}
    if not names or not node.operator.torch_line(inputs).startswith("nn."):
        return None
    found = [digests.get(f"{node.id}.{name}") for name in names]
    return tuple(each for each in found if each is not None) if all(found) else None
