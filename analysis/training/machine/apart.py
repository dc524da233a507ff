"""Finds what of a training hangs on who computes it: numbers drawn, and means over a batch."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.faults import Fault
from analysis.operators import Dropout
from analysis.operators.noise import Noise
from analysis.training.machine.group import Group
from analysis.training.recipe import Recipe
from analysis.training.twins import TwinNetwork


def draws(twin: TwinNetwork, recipe: Recipe) -> bool:
    """Whether its steps draw from torch's one source of random numbers."""
    penalty = twin.twin.penalty or recipe.penalty
    drawn = any(isinstance(node.operator, Dropout | Noise) for node in twin.graph.nodes)
    return drawn or penalty.kind == "contractive"


def parts_differ(recipe: Recipe, twins: Iterable[TwinNetwork], group: Group) -> tuple[Fault, ...]:
    """`train-parts-differ` (twin, processes) of twins whose numbers several processes change.

    Each normalises by its own part of the batch, and draws its own numbers.
    """
    if group.count == 1:
        return ()
    return tuple(
        Fault("train-parts-differ", (each.twin.name, group.count))
        for each in twins
        if draws(each, recipe) or _has_means(each, recipe)
    )


def _has_means(twin: TwinNetwork, recipe: Recipe) -> bool:
    """Whether it takes means over a batch that are no sums, or draws a random code."""
    penalty = twin.twin.penalty or recipe.penalty
    norms = any(each.name == "running_mean" for of in twin.facts.tensors.values() for each in of)
    return norms or penalty.kind in ("sparse_kl", "variational")
