"""The feature map of what is inspected, as the engine last drew it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from analysis.inference.protocol.runs import Picture
from viewer.controls.context_menu import offer_picture
from viewer.drawing.painting.array_image import shared_image
from viewer.look.fonts import SMALL, font
from viewer.look.pale import opacity
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.translation import language, mark, tr

SIDE = 88


class MapThumbnail(Guarded, QWidget):
    """A square of 88 px with radius 3; without a frame it says so."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(QSize(SIDE, SIDE))
        self._pixels: Picture | None = None
        self._pale = False
        self._without = mark("no image")
        offer_picture(self)
        theme.changed.connect(self.update)
        language.changed.connect(self.update)

    def show_picture(self, pixels: Picture | None, pale: bool = False) -> None:
        """Show another map, or that there is none; `pale` where it is of an earlier state."""
        if pixels is not self._pixels or pale != self._pale:
            self._pixels, self._pale = pixels, pale
            self.update()

    def say_why_not(self, text: str) -> None:
        """What stands there without a map; marked for translation."""
        if text != self._without:
            self._without = text
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        square = QRectF(self.rect())
        shape = QPainterPath()
        shape.addRoundedRect(square, 3, 3)
        painter.fillPath(shape, theme.color("sunken"))
        if self._pixels is None:
            painter.setFont(font(SMALL))
            painter.setPen(theme.color("muted"))
            painter.drawText(square, Qt.AlignmentFlag.AlignCenter, tr(self._without))
        else:
            painter.setOpacity(opacity(self._pale))
            paint_map(painter, square, self._pixels)
        painter.end()


def paint_map(painter: QPainter, square: QRectF, pixels: Picture) -> None:
    """Draw a map as large as the square allows, with its corners rounded."""
    height, width = pixels.shape
    scale = square.width() / max(height, width)
    place = QRectF(0, 0, width * scale, height * scale)
    place.moveCenter(square.center())
    shape = QPainterPath()
    shape.addRoundedRect(square, 3, 3)
    held = np.ascontiguousarray(pixels)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
    painter.drawImage(place, shared_image(held))
    painter.restore()
