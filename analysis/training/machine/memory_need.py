"""Estimates the memory of a training before anything of it is allocated. No torch."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.faults import Fault
from analysis.inference.memory import free_bytes
from analysis.training.recipe import Recipe
from analysis.training.twins import TwinNetwork

if TYPE_CHECKING:
    import torch

COPIES = 4
"""Weights are held four times: themselves, their gradients, and two moments of the optimiser."""


def needed_bytes(recipe: Recipe, twins: Sequence[TwinNetwork], processes: int = 1) -> int:
    """Bytes of one step of the largest twin in float32, and of the weights of all.

    Every activation is kept for the way back, and has a gradient while that passes it. It is what
    each of so many processes needs, which hold their parts of the batch.
    """
    kept = sum(4 * COPIES * each.facts.parameters for each in twins)
    return kept + max(_activations(recipe, each, processes) for each in twins)


def too_large(
    recipe: Recipe,
    twins: Sequence[TwinNetwork],
    device: torch.device | str = "cpu",
    processes: int = 1,
) -> Fault | None:
    """`training-too-large` (needed, available) where the device seems to lack the memory.

    Each process has a card of its own; those on one machine share its memory.
    """
    needed, free = needed_bytes(recipe, twins, processes), free_bytes(device)
    if processes > 1 and not str(device).startswith("cuda"):
        needed *= int(os.environ.get("LOCAL_WORLD_SIZE", processes))
    if free is None or needed <= free:
        return None
    return Fault("training-too-large", (needed, free))


def _activations(recipe: Recipe, twin: TwinNetwork, processes: int) -> int:
    batch = math.ceil((twin.twin.batch or recipe.batch) / processes)
    return 2 * batch * sum(each.activation_bytes for each in twin.facts.layers.values())
