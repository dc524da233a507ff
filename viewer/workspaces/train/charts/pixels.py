"""Makes images of the pixels that the training process sends."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage

from analysis.inference.protocol.runs import Picture
from analysis.training.process.step_seen import Pixels
from viewer.drawing.painting.array_image import image_of


def argb(pixels: Pixels) -> Picture:
    """(height, width, 3) bytes as (height, width) of 0xAARRGGBB."""
    red, green, blue = np.moveaxis(pixels.astype(np.uint32), 2, 0)
    found: Picture = np.uint32(0xFF000000) | red << np.uint32(16) | green << np.uint32(8) | blue
    return found


def packed(pixels: Pixels) -> QImage:
    """An image of (height, width, 3) bytes."""
    return image_of(argb(pixels))
