"""Dense layers as circles and lines: dropped units are crossed out and joined to nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from viewer.drawing.painting.text import paint_text, shortened
from viewer.look.theme import theme

MOST = 16
"""So many units of a layer are drawn; that there are more is written under them."""
HEAD, FOOT, TEXT = 18.0, 18.0, 11
LARGEST = 5.5


@dataclass(frozen=True)
class Column:
    """A layer: how many units it has, and which of them are at work."""

    name: str
    units: int
    kept: tuple[bool, ...]

    @property
    def drawn(self) -> tuple[bool, ...]:
        """Those of the first units."""
        return self.kept[:MOST]


def paint_units(painter: QPainter, columns: Sequence[Column], rect: QRectF) -> None:
    """Draw the layers from left to right; lines join units that are at work."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    room = rect.adjusted(0, HEAD, 0, -FOOT)
    rows = max((len(column.drawn) for column in columns), default=1)
    radius = min(LARGEST, room.height() / (rows * 2.6))
    wide = room.width() / max(1, len(columns))
    places = [
        _places(column, QRectF(room.left() + at * wide, room.top(), wide, room.height()))
        for at, column in enumerate(columns)
    ]
    for at in range(len(columns) - 1):
        _paint_wires(painter, columns[at], columns[at + 1], places[at], places[at + 1])
    for column, units in zip(columns, places, strict=True):
        for place, kept in zip(units, column.drawn, strict=True):
            _paint_unit(painter, place, radius, kept)
        middle = QPointF(units[0].x(), rect.top() + 11)
        centred = Qt.AlignmentFlag.AlignHCenter
        paint_text(painter, middle, shortened(column.name, wide - 8, TEXT, True),
                   theme.color("text"), TEXT, True, align=centred)  # fmt: skip
        at_work = sum(column.kept)
        said = f"{at_work}/{column.units}" if at_work < column.units else str(column.units)
        paint_text(painter, QPointF(units[0].x(), rect.bottom() - 4), said,
                   theme.color("muted"), TEXT, align=centred)  # fmt: skip


def _places(column: Column, room: QRectF) -> list[QPointF]:
    count = len(column.drawn)
    step = room.height() / max(1, count)
    return [QPointF(room.center().x(), room.top() + (i + 0.5) * step) for i in range(count)]


def _paint_wires(
    painter: QPainter, left: Column, right: Column, starts: list[QPointF], ends: list[QPointF]
) -> None:
    painter.setPen(QPen(theme.color("edge", 0.35), 0.75))
    for start, from_ in zip(starts, left.drawn, strict=True):
        for end, to in zip(ends, right.drawn, strict=True):
            if from_ and to:
                painter.drawLine(start, end)


def _paint_unit(painter: QPainter, place: QPointF, radius: float, kept: bool) -> None:
    painter.setPen(QPen(theme.color("dense" if kept else "ctl"), 1.25))
    painter.setBrush(theme.color("dense" if kept else "surface"))
    painter.drawEllipse(place, radius, radius)
    if not kept:
        across = QPointF(radius * 0.7, radius * 0.7)
        painter.drawLine(place - across, place + across)
        painter.drawLine(place + QPointF(across.x(), -across.y()),
                         place + QPointF(-across.x(), across.y()))  # fmt: skip
