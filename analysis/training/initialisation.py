"""Starts a network's weights: as PyTorch does, or as He et al. 2015 (arXiv 1502.01852)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from analysis.facts import Facts
from analysis.graph import Graph
from analysis.network import weights
from analysis.operators import TransposedConvolution
from analysis.operators.contract import Operator

if TYPE_CHECKING:
    from torch import Tensor


def started(graph: Graph, facts: Facts, how: str, seed: int) -> dict[str, Tensor]:
    """All tensors of the graph by key, of the shapes that `facts` has; equal seeds, equal values.

    `default`: torch.nn's own. `he`: weights of convolutions and dense layers are normal with
    deviation √(2 / fan in), biases 0; norms start as always. Fan in is how many values one output
    sums: of a transposed convolution its inputs times the kernel, divided by the stride.
    """
    import torch

    tensors = weights.initial(graph, facts, seed)
    if how != "he":
        return tensors
    source = torch.Generator().manual_seed(seed)
    for node in graph.nodes:
        for each in facts.tensors.get(node.id, ()):
            if each.owner != node.id or not each.trained:
                continue
            if each.name == "weight" and len(each.shape) > 1:
                deviation = math.sqrt(2 / _fan_in(node.operator, each.shape))
                tensors[each.key] = torch.randn(each.shape, generator=source) * deviation
            elif each.name == "bias" and _has_wide_weight(facts, node.id):
                tensors[each.key] = torch.zeros(each.shape)
    return tensors


def _has_wide_weight(facts: Facts, node: str) -> bool:
    """Whether the node's weight is that of a convolution or a dense layer, and of no norm."""
    return any(
        each.name == "weight" and len(each.shape) > 1 for each in facts.tensors.get(node, ())
    )


def _fan_in(operator: Operator, shape: tuple[int, ...]) -> float:
    """How many values one output sums, on the mean; `shape` is the weight's."""
    if isinstance(operator, TransposedConvolution):
        rows = shape[0] / operator.groups * math.prod(shape[2:])
        return max(1.0, rows / math.prod(operator.stride))
    return max(1.0, float(math.prod(shape[1:])))
