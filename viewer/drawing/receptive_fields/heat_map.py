"""Draws the effective field as a heat map: transparent at 0, light amber at the maximum."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from viewer.drawing.painting.array_image import image_of

DARK, LIGHT = (0xF5, 0x7C, 0x0B), (0xFF, 0xF6, 0xDC)
"""Colours of a weak and of the strongest pixel; a weak one is more opaque than it is strong."""


def heat_levels(magnitude: NDArray[np.float32], decades: float | None) -> NDArray[np.float64]:
    """Levels 0…1 of (rows, columns), linear or by logarithm over `decades` below the largest.

    All are 0 where the magnitude is 0 everywhere.

    What is no number (NaN) is 0; the infinite is 1, and all that is finite then nothing beside it.
    """
    if not np.isfinite(magnitude).all():
        magnitude = np.where(np.isinf(magnitude), 1, 0).astype(np.float32)
    peak = float(magnitude.max(initial=0.0))
    if peak <= 0:
        return np.zeros(magnitude.shape, np.float64)
    relative: NDArray[np.float64] = magnitude.astype(np.float64) / peak
    if decades is None:
        return relative
    levels: NDArray[np.float64] = 1 + np.log10(np.maximum(relative, 10.0**-decades)) / decades
    return levels


def heat_image(magnitude: NDArray[np.float32], decades: float | None) -> QImage:
    """(rows, columns) as an image with premultiplied alpha; `decades` None is the linear view."""
    levels = np.rint(255 * heat_levels(magnitude, decades)).astype(np.intp)
    table = np.zeros(256, np.uint32)
    for level in range(256):
        share = level / 255
        cover = share**0.6
        red, green, blue = (
            round((dark + (light - dark) * share) * cover)
            for dark, light in zip(DARK, LIGHT, strict=True)
        )
        table[level] = round(255 * cover) << 24 | red << 16 | green << 8 | blue
    return image_of(table[levels])
