"""Paints a window part by part, every widget cut to what is seen of it; as vectors text is text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from PySide6.QtCore import QCoreApplication, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QMoveEvent, QPainter, QPicture, QRegion, QResizeEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget
from shiboken6 import isValid

TABULAR, AS_TYPED = b"tnum\0\0\0\1", b"calt\0\0\0\0"
"""A font's wish for figures of one width as Qt's stream writes it, and in its place the wish that
no sign be drawn by what stands beside it, as × between figures is."""
CLIPS_ITSELF, FINE = (QComboBox, QLineEdit), 3
"""Qt cuts the words of these to their boxes, and in a record this cut takes the place of ours;
where they stand half out of sight they are pixels, so many for one px."""
HEAD = len("QPIC") + 2
"""Bytes before those that the checksum is of; it is the last two."""


def paint_in_parts(painter: QPainter, window: QWidget) -> Iterator[None]:
    """Paint the window and all in it; what is iterated over is each widget, when it is painted.

    Only the GUI's thread may iterate. QWidget.render cuts children by a clip that a record does
    not keep; so each is painted alone.
    """
    yield from _paint(painter, window, window)


def settle_in_parts(widget: QWidget) -> Iterator[None]:
    """Send each widget in a window, hidden ones as well, the news of its place that still waits.

    QWidget.render would send it to all of them at once: thousands of events the first time.
    """
    if widget.testAttribute(Qt.WidgetAttribute.WA_PendingMoveEvent):
        QCoreApplication.sendEvent(widget, QMoveEvent(widget.pos(), widget.pos()))
        widget.setAttribute(Qt.WidgetAttribute.WA_PendingMoveEvent, False)
    if widget.testAttribute(Qt.WidgetAttribute.WA_PendingResizeEvent):
        QCoreApplication.sendEvent(widget, QResizeEvent(widget.size(), QSize()))
        widget.setAttribute(Qt.WidgetAttribute.WA_PendingResizeEvent, False)
    yield
    for child in widget.children():
        if isinstance(child, QWidget) and isValid(child):  # the lists of choices, too
            yield from settle_in_parts(child)


def _paint(painter: QPainter, widget: QWidget, window: QWidget) -> Iterator[None]:
    seen = widget.visibleRegion()
    if not widget.mask().isEmpty():  # a frame about what has the keyboard is cut to its edge
        seen = seen.intersected(widget.mask())
    if not seen.isEmpty():
        corner = widget.mapTo(window, QPoint(0, 0))
        ground = QWidget.RenderFlag.DrawWindowBackground if widget is window else None
        painter.save()
        painter.setClipRegion(seen.translated(corner))
        if isinstance(widget, CLIPS_ITSELF) and seen.boundingRect() != widget.rect():
            painter.drawImage(QRect(corner, widget.size()), _pixels(widget))
        else:
            widget.render(painter, corner, QRegion(), ground or QWidget.RenderFlag(0))
        painter.restore()
        yield
    for child in widget.children():
        if not isinstance(child, QWidget) or not isValid(child):  # gone meanwhile
            continue
        if child.isVisible() and not child.isWindow():
            yield from _paint(painter, child, window)


def _pixels(widget: QWidget) -> QImage:
    """A widget alone, on nothing."""
    image = QImage(widget.size() * FINE, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(FINE)
    image.fill(Qt.GlobalColor.transparent)
    widget.render(image, QPoint(0, 0), QRegion(), QWidget.RenderFlag(0))
    return image


def with_searchable_figures(picture: QPicture) -> QPicture:
    """The record with figures and signs that a PDF can be searched for: any thread may call this.

    Qt cannot say in a PDF what figures of one width mean, nor ×, − and ≈ beside figures, for fonts
    reach those by other glyphs than that of the sign.
    """
    data = bytes(cast("bytes", picture.data()))[: picture.size()]
    body = data[HEAD:].replace(TABULAR, AS_TYPED)
    changed = QPicture()
    changed.setData(data[: HEAD - 2] + _checksum(body).to_bytes(2, "big") + body)
    changed.setBoundingRect(picture.boundingRect())
    return changed


def _checksum(data: bytes) -> int:
    """CRC-16 of ISO 3309, which QPicture asks for."""
    found = 0xFFFF
    for byte in data:
        found = (found >> 8) ^ _REMAINDERS[(found ^ byte) & 0xFF]
    return found ^ 0xFFFF


def _remainder(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ (0x8408 if byte & 1 else 0)
    return byte


_REMAINDERS = tuple(_remainder(byte) for byte in range(256))
