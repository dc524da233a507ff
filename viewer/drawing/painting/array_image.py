"""Makes a QImage of an array of pixels or of values: the only place that does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from analysis.inference.colors.ramps import Ramp
from analysis.inference.protocol.runs import Picture


def image_of(pixels: Picture) -> QImage:
    """An image of its own from pixels (height, width) of 0xAARRGGBB, premultiplied."""
    return shared_image(np.ascontiguousarray(pixels, np.uint32)).copy()


def shared_image(pixels: NDArray[np.uint32]) -> QImage:
    """The same without a copy: the image reads the array, which must outlive it unchanged.

    Raises ValueError for an array whose rows are not contiguous: Qt would read beside it.
    """
    if pixels.ndim != 2 or pixels.dtype != np.uint32 or not pixels.flags.c_contiguous:
        raise ValueError("pixels must be a contiguous (height, width) of 32 bits")
    height, width = pixels.shape
    kind = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(pixels.data, width, height, width * 4, kind)


def image_of_values(values: NDArray[np.float32], low: float, high: float, ramp: Ramp) -> QImage:
    """An image of (height, width) values in a ramp's 256 colours, `low` the first, `high` the last.

    NaN and infinity are drawn as 0, as the engine draws them.
    """
    known = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    scale = 255.0 / (high - low) if high > low else 0.0
    level = np.clip((known - low) * scale + 0.5, 0, 255).astype(np.uint8)
    return image_of(ramp.view(np.uint32)[level])
