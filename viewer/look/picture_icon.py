"""An icon whose picture changes with every frame, none of which Qt keeps."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QIcon, QIconEngine, QImage, QPainter

from viewer.override_guard import IconEngine


class PictureIcon(IconEngine):
    """Paints the `image` that it holds then.

    Of an icon made of a pixmap Qt keeps each size that was painted in its cache, 10 MB of them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.image = QImage()

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(rect), self.image)

    def copied(self) -> QIconEngine:
        copy = PictureIcon()
        copy.image = self.image
        return copy
