"""torch's optimisers by their names, and how the learning rate goes over a training."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from analysis.training.recipe import Recipe


def optimiser_of(name: str, parameters: list[Tensor], rate: float) -> torch.optim.Optimizer:
    """torch's own optimiser of that name; SGD has a momentum of 0.9, AdamW decays by 10⁻⁴."""
    match name:
        case "adamw":
            return torch.optim.AdamW(parameters, rate, weight_decay=1e-4)
        case "sgd":
            return torch.optim.SGD(parameters, rate, momentum=0.9)
        case "rmsprop":
            return torch.optim.RMSprop(parameters, rate)
        case _:
            return torch.optim.Adam(parameters, rate)


def schedule(recipe: Recipe, step: int) -> float:
    """The factor of the learning rate at a step, from 1: constant, or up and down in a cosine."""
    if recipe.schedule == "constant":
        return 1.0
    warm = max(1, round(0.05 * recipe.steps))
    if step <= warm:
        return step / warm
    part = (step - warm) / max(1, recipe.steps - warm)
    return max(1e-4, 0.5 * (1 + math.cos(math.pi * part)))
