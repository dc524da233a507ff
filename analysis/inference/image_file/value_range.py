"""Finds which values of a deep image are drawn black and white. Pure numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.storage.image_reading import ImageReading

PERCENTILES = (0.1, 99.9)
MOST_ASKED = 4_000_000
"""Values that percentiles are taken of; of more, evenly spread ones."""


def value_range(
    values: NDArray[np.float32], whole: bool, reading: ImageReading
) -> tuple[float, float]:
    """(low, high) of an image's values, drawn as black and white; low < high.

    `whole` says that the values are whole numbers, stored in 16 bits unless they go beyond. What
    is no number does not count. By itself an image is shown as it is stored where its values
    reach the upper half of their type (0 to 65,535; of others 0 to 1), else from its own values:
    twelve bits in a file of sixteen would be black.
    """
    if not isinstance(reading.values, str):
        return reading.values
    found = values.ravel()
    found = found[:: -(-found.size // MOST_ASKED)]
    found = found[np.isfinite(found)]
    if not found.size:
        return 0.0, 1.0
    low, high = float(found.min()), float(found.max())
    stored = 65535.0 if whole else 1.0
    if reading.values == "stored":
        return 0.0, stored
    if reading.values == "auto" and low >= 0 and stored / 2 <= high <= stored:
        return 0.0, stored
    if reading.values != "full":
        ends = np.percentile(found, PERCENTILES)
        if ends[0] < ends[1]:
            low, high = map(float, ends)
    return (low, high) if low < high else (low, low + max(1.0, abs(low) / 1e6))


def scaled(values: NDArray[np.float32], span: tuple[float, float]) -> NDArray[np.float32]:
    """Values of any shape from 0 at the low end to 1 at the high end, cut off there; NaN is 0."""
    low, high = span
    level = (values.astype(np.float64) - low) / (high - low)
    return np.clip(np.nan_to_num(level, nan=0.0), 0, 1).astype(np.float32)
