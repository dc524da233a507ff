"""Computes the penalties on a code in torch; every one is a mean over the images of a batch."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from analysis.training.objective.penalty import Penalty

SURE = 1e-6
"""How near to 0 and 1 a mean activation is taken, so that its logarithm is finite."""


def penalty_of(
    penalty: Penalty,
    values: Sequence[Tensor],
    given: Tensor,
    outputs: int,
    probabilities: bool = False,
) -> Tensor:
    """The penalty, without its weight, of the values (N, …) of the layers that it reads.

    `given` (N, …) is what the network was given, and must carry a gradient for `contractive`;
    `outputs` counts the numbers of an image's output, which the loss is a mean over;
    `probabilities` tells `sparse_kl` that the layer's values lie in [0, 1] by its operator.
    """
    match penalty.kind:
        case "sparse_l1":
            return values[0].abs().mean()
        case "sparse_kl":
            return divergence_from_target(values[0], penalty.target, probabilities)
        case "contractive":
            return squared_jacobian(values[0], given) / outputs
        case "variational":
            return divergence_from_normal(values[0], values[1]) / outputs
    raise ValueError(penalty.kind)


def divergence_from_target(values: Tensor, target: float, probabilities: bool) -> Tensor:
    """Mean over units of ρ ln(ρ/ρ̂) + (1 − ρ) ln((1 − ρ)/(1 − ρ̂)), ρ̂ a unit's mean over images.

    Values that are no `probabilities` go through the logistic function first, of every batch
    alike; a map's channel is a unit.
    """
    active = values if probabilities else torch.sigmoid(values)
    mean = active.transpose(0, 1).flatten(1).mean(1).clamp(SURE, 1 - SURE)
    wanted = torch.full_like(mean, target)
    return functional.binary_cross_entropy(mean, wanted) - functional.binary_cross_entropy(
        wanted, wanted
    )


def squared_jacobian(values: Tensor, given: Tensor) -> Tensor:
    """Mean over images of ‖∂code/∂input‖², squared Frobenius norm, by one random projection.

    E‖Jᵀv‖² = ‖J‖² for independent v of mean 0 and variance 1 (Hutchinson, 1990); ±1 is drawn,
    from torch's generator, which has the least variance of such v.
    """
    signs = torch.randint(0, 2, values.shape, device=values.device).to(values.dtype) * 2 - 1
    [product] = torch.autograd.grad(values, given, signs, create_graph=True)
    return product.flatten(1).square().sum(1).mean()


def divergence_from_normal(mean: Tensor, log_variance: Tensor) -> Tensor:
    """Mean over images of ½ Σ (μ² + σ² − 1 − ln σ²), summed over the code."""
    each = mean.square() + log_variance.exp() - 1 - log_variance
    return 0.5 * each.flatten(1).sum(1).mean()
