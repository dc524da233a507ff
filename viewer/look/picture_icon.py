"""An icon whose picture changes with every frame, none of which Qt keeps."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QImage, QPainter, QPixmap

from viewer.override_guard import Guarded


class PictureIcon(Guarded, QIconEngine):
    """Paints the `image` that it holds then.

    Of an icon made of a pixmap Qt keeps each size that was painted in its cache, 10 MB of them.
    """

    copies: ClassVar[list[QIconEngine]] = []
    """Qt owns a copy, but PySide6 deletes it with its last Python reference."""

    def __init__(self) -> None:
        super().__init__()
        self.image = QImage()

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(rect), self.image)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, picture.rect(), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        copy = PictureIcon()
        copy.image = self.image
        self.copies.append(copy)
        return copy
