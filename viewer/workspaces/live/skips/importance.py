"""Draws where a skip matters as light of its colour, to be laid over a picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from viewer.drawing.painting.array_image import image_of
from viewer.look.theme import theme

MOST = 0.92
"""Opacity of the brightest place."""


def importance_image(where: NDArray[np.uint8]) -> QImage:
    """(height, width), 255 the most, as an image from nothing to the colour of skips."""
    colour = theme.color("pos")
    alpha = np.arange(256) / 255 * MOST
    channels = [alpha * part for part in (colour.red(), colour.green(), colour.blue())]
    red, green, blue = (np.round(each).astype(np.uint32) for each in channels)
    opaque = np.round(alpha * 255).astype(np.uint32)
    table = (opaque << 24) | (red << 16) | (green << 8) | blue
    return image_of(table.astype(np.uint32)[where])
