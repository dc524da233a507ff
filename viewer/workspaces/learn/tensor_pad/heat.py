"""The colours of elements: their value between the smallest and the largest of the tensor."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from analysis.inference.colors.ramps import ink_ramp, signed_ramp
from analysis.tensor_pad.result import TensorResult
from viewer.drawing.painting.array_image import image_of, image_of_values
from viewer.look.theme import theme


def ends(result: TensorResult) -> tuple[float, float]:
    """The values of the first and the last colour: about zero where there are negative ones."""
    low, high = result.summary.low, result.summary.high
    if math.isnan(low):
        return 0.0, 1.0
    if low < 0:
        most = max(-low, high)
        return -most, most
    return (low, high) if high > low else (0.0, max(high, 1.0))


def colors(result: TensorResult) -> NDArray[np.uint32]:
    """The ramp: ink, or two hues about zero where there are negative elements."""
    ramp = signed_ramp(theme.mode) if result.summary.low < 0 else ink_ramp()
    return ramp.view(np.uint32)


def cell_color(value: float, result: TensorResult, ramp: NDArray[np.uint32]) -> QColor:
    """The colour of one element; that of an empty map where it is no finite number."""
    if not math.isfinite(value):
        return theme.color("sunken")
    low, high = ends(result)
    level = (value / 2 - low / 2) / (high / 2 - low / 2)
    return QColor.fromRgb(int(ramp[min(255, max(0, round(255 * level)))]))


def letter_color(ground: QColor) -> QColor:
    """Black or white, whichever reads better on that ground."""
    return QColor("#0B0E13") if _luminance(ground) > 0.18 else QColor("#FFFFFF")


def _luminance(color: QColor) -> float:
    """Relative luminance (WCAG 2)."""

    def linear(level: float) -> float:
        return level / 12.92 if level <= 0.04045 else float(((level + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(each) for each in (color.redF(), color.greenF(), color.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def plane_image(plane: NDArray[Any], result: TensorResult) -> QImage:
    """A picture of (rows, columns) elements in the colours of the whole tensor."""
    low, high = ends(result)
    wide = np.asarray(plane, np.float64)
    scale = max(abs(low), abs(high)) or 1.0
    ramp = colors(result).view(np.int32)
    return image_of_values((wide / scale).astype(np.float32), low / scale, high / scale, ramp)


def rgb_image(planes: NDArray[Any], result: TensorResult) -> QImage:
    """A picture of (3, height, width): red, green, blue, the largest element brightest."""
    low, high = result.summary.low, result.summary.high
    known = np.nan_to_num(np.asarray(planes, np.float64), nan=low, posinf=high, neginf=low)
    across = (high - low) or 1.0
    level = np.rint(255 * np.clip((known - low) / across, 0, 1)).astype(np.uint32)
    pixels = np.uint32(0xFF000000) | level[0] << np.uint32(16) | level[1] << np.uint32(8) | level[2]
    return image_of(pixels)
