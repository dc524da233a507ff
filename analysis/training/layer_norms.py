"""Norms by layer, of a training step: of the gradient, and of what the update changed."""

from __future__ import annotations

import math
from collections.abc import Mapping

from torch import Tensor

from analysis.facts import Facts


def trained_layers(facts: Facts, parameters: Mapping[str, Tensor]) -> tuple[str, ...]:
    """The layers that own weights to train, in topological order."""
    return tuple(
        node
        for node, read in facts.tensors.items()
        if any(each.owner == node and each.key in parameters for each in read)
    )


def update_ratios(
    facts: Facts, parameters: Mapping[str, Tensor], before: Mapping[str, Tensor]
) -> dict[str, float]:
    """By layer ‖w − w before‖ / ‖w before‖, Euclidean; 0 where the weights were all 0."""
    sums: dict[str, tuple[float, float]] = {}
    for node, read in facts.tensors.items():
        for each in read:
            old = before.get(each.key)
            if old is not None and each.owner == node:
                moved = (parameters[each.key].detach() - old).double().square().sum()
                known = sums.get(node, (0.0, 0.0))
                size = float(old.double().square().sum())
                sums[node] = known[0] + float(moved), known[1] + size
    return {node: math.sqrt(m / size) if size else 0.0 for node, (m, size) in sums.items()}


def gradient_norms(facts: Facts, parameters: Mapping[str, Tensor]) -> dict[str, float]:
    """Euclidean norm of the last step's gradient of each layer, by its name."""
    sums: dict[str, float] = {}
    for node, read in facts.tensors.items():
        for each in read:
            tensor = parameters.get(each.key)
            if tensor is not None and tensor.grad is not None and each.owner == node:
                sums[node] = sums.get(node, 0.0) + float(tensor.grad.double().square().sum())
    return {node: math.sqrt(total) for node, total in sums.items()}
