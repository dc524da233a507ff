"""Hatches a rectangle with diagonal lines, which every file format can hold."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

STEP = 6.0


def hatch_lines(area: QRectF, step: float = STEP) -> list[QLineF]:
    """Lines at 45° inside `area`; they go on across neighbouring areas."""
    lines = []
    along = ceil((area.left() - area.bottom()) / step) * step
    while along < area.right() - area.top():
        first = max(area.left(), area.top() + along)
        last = min(area.right(), area.bottom() + along)
        if last > first:
            lines.append(QLineF(first, first - along, last, last - along))
        along += step
    return lines


def paint_hatch(painter: QPainter, area: QRectF, colour: QColor) -> None:
    """Draw them, 1 px wide."""
    painter.setPen(QPen(colour, 1.0))
    painter.drawLines(hatch_lines(area))
