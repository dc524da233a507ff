"""The feature map of what is inspected, as the engine last drew it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from analysis.inference.messages import Picture
from viewer.messages import language, tr
from viewer.theme import SMALL, font, theme

SIDE = 88
PALE = 0.45


class MapThumbnail(QWidget):
    """A square of 88 px with radius 3; without a frame it says so."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(QSize(SIDE, SIDE))
        self._pixels: Picture | None = None
        self._pale = False
        theme.changed.connect(self.update)
        language.changed.connect(self.update)

    def show_picture(self, pixels: Picture | None, pale: bool = False) -> None:
        """Show another map, or that there is none; `pale` where it is from before a fault."""
        if pixels is not self._pixels or pale != self._pale:
            self._pixels, self._pale = pixels, pale
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        square = QRectF(self.rect())
        shape = QPainterPath()
        shape.addRoundedRect(square, 3, 3)
        painter.fillPath(shape, theme.color("sunken"))
        if self._pixels is None:
            painter.setFont(font(SMALL))
            painter.setPen(theme.color("muted"))
            painter.drawText(square, Qt.AlignmentFlag.AlignCenter, tr("no image"))
        else:
            painter.setClipPath(shape)
            painter.setOpacity(PALE if self._pale else 1.0)
            painter.drawImage(_inside(square, self._pixels), _image(self._pixels))
        painter.end()


def _inside(square: QRectF, pixels: Picture) -> QRectF:
    """The largest rectangle of the picture's aspect, centred."""
    height, width = pixels.shape
    scale = SIDE / max(height, width)
    place = QRectF(0, 0, width * scale, height * scale)
    place.moveCenter(square.center())
    return place


def _image(pixels: Picture) -> QImage:
    height, width = pixels.shape
    kind = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(pixels.data, width, height, pixels.strides[0], kind)
