"""Makes a QImage of an array of pixels."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage

from analysis.inference.protocol.runs import Picture


def image_of(pixels: Picture) -> QImage:
    """A QImage of its own from (height, width) of 0xAARRGGBB."""
    held = np.ascontiguousarray(pixels)
    height, width = held.shape
    kind = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(held.data, width, height, width * 4, kind).copy()
