"""Covers a wire with small rectangles, so that labels can be kept off it."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

PIECES = 12
"""Small rectangles that cover a cubic piece of a wire."""


def covered(path: QPainterPath, around: float = 1.0) -> list[QRectF]:
    """Rectangles along a path of lines and cubics, each so many px wider on all sides."""
    elements = [path.elementAt(i) for i in range(path.elementCount())]
    points = [QPointF(each.x, each.y) for each in elements]
    places = points[:1]
    i = 1
    while i < len(points):
        if elements[i].isCurveTo():
            curve = QPainterPath(points[i - 1])
            curve.cubicTo(*points[i : i + 3])
            places += [curve.pointAtPercent(step / PIECES) for step in range(1, PIECES + 1)]
            i += 3
        else:
            places.append(points[i])
            i += 1
    margin = (-around, -around, around, around)
    return [QRectF(one, two).normalized().adjusted(*margin) for one, two in pairwise(places)]
