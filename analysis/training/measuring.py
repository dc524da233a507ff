"""Makes the record of a measurement: means over what a twin was seen to make of its pictures."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from analysis.training.held_out import Judged, mean_score
from analysis.training.record import Measurement


def measurement(
    twin: str, step: int, seconds: float, sigma: float,
    held: Mapping[str, Judged], learnt: Mapping[str, Judged],
) -> Measurement:  # fmt: skip
    """Of held-out pictures at σ, and of pictures that it learns from, if any were judged."""
    score = mean_score(held.values())
    return Measurement(
        twin, step, seconds, f"{sigma:g}", float("nan") if score is None else score,
        mean_score(learnt.values()), _mean_loss(held), _mean_loss(learnt),
    )  # fmt: skip


def _mean_loss(judged: Mapping[str, Judged]) -> float | None:
    return float(np.mean([each.loss for each in judged.values()])) if judged else None
