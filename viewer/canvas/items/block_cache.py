"""Caches each block's pixels, plain and dimmed, so that a moving field repaints only the map.

At every move of the pointer they are copied, which takes a fraction of painting them again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter

from viewer.drawing.painting.device_pixels import DevicePixels

Draw = Callable[[QPainter, bool, float], None]
"""Paints a block in its own px, dimmed or not, for a screen of this pixel ratio."""


class BlockCache:
    """Two cached pictures of one block; each is painted again when its key changes."""

    def __init__(self) -> None:
        self._key: object = None
        self._bright, self._dark = QImage(), QImage()

    def forget(self) -> None:
        """Discard the cached pictures."""
        self._key = None

    def paint(
        self,
        painter: QPainter,
        pixels: DevicePixels,
        bound: QRectF,
        draw: Draw,
        key: object,
        bright: Sequence[QRectF] | None,
    ) -> None:
        """Copy the block that lies within `bound`, all but the `bright` parts of it dimmed.

        Without parts (None) nothing is dimmed.
        """
        corner = pixels.to_device.map(bound.topLeft())
        left, top = math.floor(corner.x()), math.floor(corner.y())
        part = QPointF(corner.x() - left, corner.y() - top)
        # Not the ratio of the device: a window that is rendered into a picture has another one.
        scale, ratio = pixels.to_device.m11(), 1.0 / pixels.from_device.m11()
        whole = (key, scale, ratio, round(part.x(), 3), round(part.y(), 3))
        if whole != self._key:
            self._key = whole
            size = (bound.size() * scale).toSize() + QSize(2, 2)
            self._bright, self._dark = (
                _painted(size, ratio, scale, part - bound.topLeft() * scale, draw, dimmed)
                for dimmed in (False, True)
            )
        painter.save()
        painter.resetTransform()
        at = pixels.from_device.map(QPointF(left, top))
        painter.drawImage(at, self._bright if bright is None else self._dark)
        for rect in bright or ():
            place = pixels.snapped(rect)
            source = QRectF(place.translated(-left, -top))
            painter.drawImage(pixels.painted(place), self._bright, source)
        painter.restore()


def _painted(
    size: QSize, ratio: float, scale: float, origin: QPointF, draw: Draw, dimmed: bool
) -> QImage:
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    brush = QPainter(image)
    brush.setRenderHint(QPainter.RenderHint.Antialiasing)
    brush.translate(origin)
    brush.scale(scale, scale)
    draw(brush, dimmed, ratio)
    brush.end()
    image.setDevicePixelRatio(ratio)
    return image
