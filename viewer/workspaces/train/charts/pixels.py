"""Makes images of the pixels that the training process sends."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage

from analysis.training.process.step_seen import Pixels
from viewer.drawing.painting.array_image import image_of


def packed(pixels: Pixels) -> QImage:
    """An image of (height, width, 3) bytes."""
    red, green, blue = np.moveaxis(pixels.astype(np.uint32), 2, 0)
    return image_of(np.uint32(0xFF000000) | red << np.uint32(16) | green << np.uint32(8) | blue)
