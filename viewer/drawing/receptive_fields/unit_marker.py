"""Draws the circle that marks a unit from cached pixels: every move draws it on many maps."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from viewer.drawing.painting.device_pixels import DevicePixels

RADIUS, LINE, HALO_LINE, DOT = 6.0, 2.0, 4.0, 1.25
PLACES = 4
"""Positions within a device pixel, along each axis, that are told apart."""


def draw_mark(painter: QPainter, at: QPointF, line: QColor, halo: QColor, zoom: float) -> None:
    """Draw the circle round `at`, its sizes in screen px."""
    radius = RADIUS / zoom
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(halo, HALO_LINE / zoom))
    painter.drawEllipse(at, radius, radius)
    painter.setPen(QPen(line, LINE / zoom))
    painter.drawEllipse(at, radius, radius)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(line)
    painter.drawEllipse(at, DOT / zoom, DOT / zoom)


def copy_mark(
    painter: QPainter, pixels: DevicePixels, at: QPointF, line: QColor, halo: QColor, zoom: float
) -> None:
    """Draw the circle on a raster, to a quarter of a device pixel, from a cached picture."""
    place = pixels.to_device.map(at)
    x, y = round(place.x() * PLACES), round(place.y() * PLACES)
    scale = round(pixels.to_device.m11() / zoom, 4)
    if scale <= 0.0:
        return  # far less than a device pixel
    image = _picture(line.rgba(), halo.rgba(), scale, x % PLACES, y % PLACES)
    side = image.width()
    middle = side // 2
    where = QRect(x // PLACES - middle, y // PLACES - middle, side, side)
    painter.save()
    painter.resetTransform()
    painter.drawImage(pixels.painted(where), image, QRectF(0, 0, side, side))
    painter.restore()


@lru_cache(maxsize=256)
def _picture(line: int, halo: int, scale: float, right: int, down: int) -> QImage:
    """The mark at `scale` device px a screen px, so many quarters right of and below its middle."""
    middle = math.ceil((RADIUS + HALO_LINE / 2) * scale) + 1
    side = 2 * middle + 2
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    brush = QPainter(image)
    brush.setRenderHint(QPainter.RenderHint.Antialiasing)
    at = QPointF(side // 2 + right / PLACES, side // 2 + down / PLACES)
    draw_mark(brush, at, QColor.fromRgba(line), QColor.fromRgba(halo), 1 / scale)
    brush.end()
    return image
