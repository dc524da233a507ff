"""Makes a QImage of an array of pixels: the only place that does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

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
