"""Records a window as vectors: text as text, every widget cut to what is seen of it."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QPoint
from PySide6.QtGui import QPainter, QPicture, QRegion
from PySide6.QtWidgets import QWidget

TABULAR, PROPORTIONAL = b"tnum\0\0\0\1", b"tnum\0\0\0\0"
"""A font's wish for figures of one width as Qt's stream writes it, and the wish for none."""
HEAD = len("QPIC") + 2
"""Bytes before those that the checksum is of; it is the last two."""


def recorded(window: QWidget) -> QPicture:
    """What the window and all in it paint now. Only the GUI's thread may call this.

    QWidget.render cuts children by a clip that a record does not keep; so each is recorded alone.
    """
    picture = QPicture()
    painter = QPainter(picture)
    _record(painter, window, window)
    painter.end()
    return picture


def _record(painter: QPainter, widget: QWidget, window: QWidget) -> None:
    seen = widget.visibleRegion()
    if not seen.isEmpty():
        corner = widget.mapTo(window, QPoint(0, 0))
        ground = QWidget.RenderFlag.DrawWindowBackground if widget is window else None
        painter.save()
        painter.setClipRegion(seen.translated(corner))
        widget.render(painter, corner, QRegion(), ground or QWidget.RenderFlag(0))
        painter.restore()
    for child in widget.children():
        if isinstance(child, QWidget) and child.isVisible() and not child.isWindow():
            _record(painter, child, window)


def with_searchable_figures(picture: QPicture) -> QPicture:
    """The record with figures that a PDF can be searched for: any thread may call this.

    Qt cannot say in a PDF what figures of one width mean, for fonts reach those by another glyph.
    """
    data = bytes(cast("bytes", picture.data()))[: picture.size()]
    body = data[HEAD:].replace(TABULAR, PROPORTIONAL)
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
