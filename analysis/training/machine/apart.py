"""Finds what of a training hangs on who computes it: numbers drawn, and means over a batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from analysis.faults import Fault
from analysis.operators import Dropout
from analysis.operators.noise import Noise
from analysis.training.machine.group import Group
from analysis.training.recipe import Recipe
from analysis.training.twins import TwinNetwork

if TYPE_CHECKING:
    from analysis.training.trainer import Trainer


def draws(twin: TwinNetwork, recipe: Recipe) -> bool:
    """Whether its steps draw from torch's one source of random numbers."""
    penalty = twin.twin.penalty or recipe.penalty
    drawn = any(isinstance(node.operator, Dropout | Noise) for node in twin.graph.nodes)
    return drawn or penalty.kind == "contractive"


def parts_differ(
    recipe: Recipe, trainers: Mapping[str, Trainer], group: Group
) -> tuple[Fault, ...]:
    """`train-parts-differ` (twin, processes) of twins whose numbers several processes change.

    Each normalises by its own part of the batch, and draws its own numbers.
    """
    if group.count == 1:
        return ()
    return tuple(
        Fault("train-parts-differ", (name, group.count))
        for name, trainer in trainers.items()
        if draws(trainer.twin, recipe)
        or trainer.penalty.kind in ("sparse_kl", "variational")
        or any(key.endswith("running_mean") for key in trainer.network.tensors)
    )
