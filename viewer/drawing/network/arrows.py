"""Paints the arrows in which wires end."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPolygonF

ARROW = 5.0


def _direction(path: QPainterPath) -> float:
    """Angle in radians in which the wire arrives."""
    end, count = path.currentPosition(), path.elementCount()
    ahead = (path.elementAt(i) for i in range(count - 2, -1, -1))
    away = ((end.y() - p.y, end.x() - p.x) for p in ahead)
    return math.atan2(*next((each for each in away if max(map(abs, each)) > 0.5), (0.0, 1.0)))


def filled_arrow(
    painter: QPainter, colour: QColor, path: QPainterPath, half: float, length: float
) -> None:
    """A triangle at the end of the path, `half` as wide as it is high."""
    painter.save()
    painter.translate(path.currentPosition())
    painter.rotate(math.degrees(_direction(path)))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([QPointF(0, 0), QPointF(-length, -half), QPointF(-length, half)]))
    painter.restore()


def open_arrow(path: QPainterPath, before: float = 0.0) -> QPolygonF:
    """Two strokes at the end of the path, or so far before it."""
    end, angle = path.currentPosition(), _direction(path)
    cos, sin = math.cos(angle), math.sin(angle)
    strokes = ((-ARROW, -0.8 * ARROW), (0.0, 0.0), (-ARROW, 0.8 * ARROW))
    placed = ((along - before, across) for along, across in strokes)
    return QPolygonF([end + QPointF(x * cos - y * sin, x * sin + y * cos) for x, y in placed])
