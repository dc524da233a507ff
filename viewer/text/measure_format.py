"""Chooses the decimals of shares, so that the written numbers add up."""

from __future__ import annotations

import math
from collections.abc import Sequence

from analysis.inference.protocol.measures import Measured


def written(shares: Measured) -> tuple[float, ...]:
    """All parts of the output: skips, bottleneck, biases."""
    parts = (*shares.skips.values(), shares.bottleneck, shares.bias)
    return tuple(part.share for part in parts)


def share_digits(parts: Sequence[float]) -> int:
    """Decimals of the per cents: 0 where the rounded parts add up to the rounded sum, else 1.

    Parts that are no numbers (NaN, infinity) add up to nothing: 0.
    """
    if not all(map(math.isfinite, parts)):
        return 0
    rounded = sum(round(100 * part) for part in parts)
    return 0 if rounded == round(100 * sum(parts)) else 1
