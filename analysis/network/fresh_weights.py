"""Finds layers that no training has touched, by what torch's constructors leave in them."""

from __future__ import annotations

import math
from collections.abc import Mapping

from torch import Tensor

from analysis.network.interpreter import Network

ENOUGH = 200
"""Weights that a layer needs for their spread to tell where they come from."""
NEAR = 10 / ENOUGH
"""How far below its bound the largest of so many even draws may stay: once in e¹⁰ further."""


def fresh_layers(network: Network) -> tuple[str, ...]:
    """The nodes whose weights, or whose statistics of a batch norm, are those of a new module.

    A network read from a file brings weights either way; whether they were trained, only they tell.
    """
    found = ((node.id, network.parameters_of(node.id)) for node in network.graph.nodes)
    return tuple(
        name
        for name, own in found
        if _has_seen_nothing(own) or _is_drawn_by_torch(own.get("weight"))
    )


def _has_seen_nothing(own: Mapping[str, Tensor]) -> bool:
    """Whether running statistics are those of a batch norm that has never seen a batch."""
    mean, variance = own.get("running_mean"), own.get("running_var")
    if mean is None or variance is None:
        return False
    return not bool(mean.any()) and bool((variance == 1).all())


def _is_drawn_by_torch(weight: Tensor | None) -> bool:
    """Whether the values fill ±1/√(inputs of a unit) evenly, as torch draws them by default.

    `torch.nn.Linear` and the convolutions: kaiming_uniform_ with a = √5.
    """
    if weight is None or weight.ndim < 2 or weight.numel() < ENOUGH:
        return False
    bound = 1 / math.sqrt(weight[0].numel())
    values = weight.detach().float()
    largest, spread = float(values.abs().amax()), float(values.square().mean().sqrt())
    fills = (1 - NEAR) * bound < largest <= (1 + 1e-3) * bound
    # Four standard errors of the spread of n even draws, each √(0.2 / n) of it.
    return fills and abs(spread * math.sqrt(3) / bound - 1) < 4 * math.sqrt(0.2 / weight.numel())
