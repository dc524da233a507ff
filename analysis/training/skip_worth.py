"""Measures what each skip of a network in training is worth on the held-out pictures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from analysis.inference.measures.shapley import MOST_EXACT, shapley_values
from analysis.training.held_out import HeldOut, mean_score
from analysis.training.tasks import strengths
from analysis.training.trainer import Trainer


@dataclass(frozen=True)
class SkipWorth:
    """`values`: the Shapley value of each skip by its name, in dB of the mean PSNR, or in IoU.

    They add up to `all` − `none`: the scores with every skip open and with every one closed.
    """

    values: Mapping[str, float]
    all: float
    none: float


def can_be_weighed(trainer: Trainer) -> bool:
    """Whether it has skips, and few enough to try all their subsets."""
    return not trainer.twin.closed and 0 < len(trainer.twin.skips) <= MOST_EXACT


def skip_worth(trainer: Trainer, pictures: Mapping[str, HeldOut]) -> SkipWorth | None:
    """Exact, of all subsets of the skips; None of a network without skips, or with too many.

    None too where a subset has no score. Raises NodeError.
    """
    if not can_be_weighed(trainer):
        return None
    skips = trainer.twin.skips
    recipe, sigma = trainer.recipe, strengths(trainer.recipe)[0]

    def score(on: frozenset[int]) -> float:
        off = tuple(edge for at, edge in enumerate(skips) if at not in on)
        found = mean_score(
            each.judged(lambda given: trainer.outputs(given, off), recipe, sigma)
            for each in pictures.values()
        )
        return float("nan") if found is None else found

    found = shapley_values(len(skips), score)
    if not all(map(math.isfinite, found.values)):
        return None
    names = [each.name for each in trainer.twin.facts.skips if each.kind == "long"]
    return SkipWorth(dict(zip(names, found.values, strict=True)), found.all, found.none)
