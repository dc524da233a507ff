"""Draws the outline of a box on whole device pixels by copying four cached strips.

Stroking a path took most of the time of a field that follows the pointer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QTransform

from viewer.drawing.painting.device_pixels import DevicePixels

LONGEST = 2048
"""Device px of a kept strip; a longer side is stroked."""


@dataclass(frozen=True)
class _Strips:
    """The four sides; each has the corner it begins with, going clockwise from the upper left."""

    thickness: int
    top: QImage
    right: QImage
    bottom: QImage
    left: QImage


def paint_box_outline(
    painter: QPainter,
    pixels: DevicePixels,
    rect: QRectF,
    inner: tuple[QColor, float],
    outer: tuple[QColor, float],
) -> bool:
    """Draw a line (colour, width in px of `rect`) over a wider one along the edge of `rect`.

    Answers False, having drawn nothing, for a box that is too small or too large for it.
    """
    scale = pixels.to_device.m11()
    strips = _strips(inner[0].rgba(), inner[1] * scale, outer[0].rgba(), outer[1] * scale)
    thick = strips.thickness
    frame = pixels.snapped(rect).adjusted(-thick // 2, -thick // 2, thick // 2, thick // 2)
    along, down = frame.width() - thick, frame.height() - thick
    if min(along, down) < thick or max(along, down) > LONGEST:
        return False
    x, y = frame.left(), frame.top()
    painter.save()
    painter.resetTransform()
    for image, place, part in (
        (strips.top, QRect(x, y, along, thick), QRect(0, 0, along, thick)),
        (strips.right, QRect(x + along, y, thick, down), QRect(0, 0, thick, down)),
        (
            strips.bottom,
            QRect(x + thick, y + down, along, thick),
            QRect(LONGEST - along, 0, along, thick),
        ),
        (strips.left, QRect(x, y + thick, thick, down), QRect(0, LONGEST - down, thick, down)),
    ):
        painter.drawImage(pixels.painted(place), image, QRectF(part))
    painter.restore()
    return True


@lru_cache(maxsize=32)
def _strips(inner: int, inner_width: float, outer: int, outer_width: float) -> _Strips:
    """Sides of a line 0xAARRGGBB over a wider one; widths in device px."""
    half = math.ceil(outer_width / 2)
    top = QImage(LONGEST, 2 * half, QImage.Format.Format_ARGB32_Premultiplied)
    top.fill(Qt.GlobalColor.transparent)
    brush = QPainter(top)
    brush.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    for ring in range(2 * half):
        place = ring - half
        below = _faded(outer, _covered(place, outer_width / 2))
        above = _faded(inner, _covered(place, inner_width / 2))
        colour = _over(above, below)
        brush.fillRect(QRect(ring, ring, LONGEST - ring, 1), colour)
        brush.fillRect(QRect(ring, ring, 1, 2 * half - ring), colour)
    brush.end()
    right, bottom, left = (top.transformed(QTransform().rotate(turn)) for turn in (90, 180, 270))
    return _Strips(2 * half, top, right, bottom, left)


def _covered(place: int, half: float) -> float:
    """How much of the pixel from `place` to `place` + 1 a line from −half to half covers."""
    return max(0.0, min(place + 1.0, half) - max(float(place), -half))


def _faded(rgba: int, share: float) -> QColor:
    colour = QColor.fromRgba(rgba)
    colour.setAlphaF(colour.alphaF() * share)
    return colour


def _over(above: QColor, below: QColor) -> QColor:
    """The one colour that paints as `above` over `below` does."""
    alpha = above.alphaF() + below.alphaF() * (1 - above.alphaF())
    if alpha <= 0:
        return QColor(0, 0, 0, 0)
    share = above.alphaF() / alpha
    parts = zip(above.getRgbF()[:3], below.getRgbF()[:3], strict=True)  # type: ignore[index]
    red, green, blue = (a * share + b * (1 - share) for a, b in parts)
    return QColor.fromRgbF(red, green, blue, alpha)
