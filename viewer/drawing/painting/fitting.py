"""Where a picture lies in a place: as large as fits, its sides kept in relation."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage


def fitted(
    image: QImage, place: QRectF, align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignCenter
) -> QRectF:
    """Its rectangle in the middle of the place, or at its upper left with AlignLeft."""
    scale = min(place.width() / max(1, image.width()), place.height() / max(1, image.height()))
    width, height = image.width() * scale, image.height() * scale
    if align & Qt.AlignmentFlag.AlignLeft:
        return QRectF(place.left(), place.top(), width, height)
    left, top = place.center().x() - width / 2, place.center().y() - height / 2
    return QRectF(left, top, width, height)
