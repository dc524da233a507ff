"""Points in a plane, coloured by class; each class's name stands at its mean, or near it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from viewer.drawing.painting.text import paint_text, shortened, text_width
from viewer.look.theme import theme

TOKENS = ("conv", "skip", "fieldedge", "skipneg", "pool", "attn", "resample", "norm", "act", "join")
"""A colour for each class; the eleventh begins again. Names tell classes apart, not colour."""
TEXT, NAME, HEAD, LINE = 11, 13, 20, 15


@dataclass(frozen=True)
class Scatter:
    """Points (n, 2) with the name of each one's class, and a title."""

    title: str
    points: NDArray[np.float32]
    classes: tuple[str, ...]


def class_colour(index: int) -> QColor:
    """The colour of a class by its place."""
    return theme.color(TOKENS[index % len(TOKENS)])


def places(scatter: Scatter, rect: QRectF) -> NDArray[np.float64]:
    """Where the points lie in `rect`: (n, 2) x and y, one scale for both axes."""
    if not len(scatter.points):
        return np.zeros((0, 2))
    low, high = scatter.points.min(0), scatter.points.max(0)
    middle, across = (low + high) / 2, np.maximum(high - low, 1e-9)
    scale = min(rect.width() / across[0], rect.height() / across[1])
    centred = (scatter.points - middle) * scale
    x, y = rect.center().x(), rect.center().y()
    return np.stack([x + centred[:, 0], y - centred[:, 1]], axis=1)


def plot_of(rect: QRectF) -> QRectF:
    """The part of `rect` that its points are drawn in, below the title."""
    return rect.adjusted(8, HEAD + 8, -8, -8)


def paint_scatter(painter: QPainter, scatter: Scatter, rect: QRectF) -> None:
    """Draw the points into `rect`, and the classes' names over them."""
    title = shortened(scatter.title, rect.width(), TEXT, True)
    at = QPointF(rect.left(), rect.top() + 13)
    paint_text(painter, at, title, theme.color("text"), TEXT, True)
    plot = plot_of(rect)
    painter.setPen(QPen(theme.color("grid"), 1))
    painter.drawRect(plot.adjusted(-6, -6, 6, 6))
    where = places(scatter, plot)
    names = sorted(set(scatter.classes))
    of_class = np.array([names.index(each) for each in scatter.classes])
    painter.setPen(Qt.PenStyle.NoPen)
    for index in range(len(names)):
        painter.setBrush(class_colour(index))
        for x, y in where[of_class == index]:
            painter.drawEllipse(QPointF(x, y), 2.2, 2.2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if len(names) < 2:
        return
    means = [QPointF(*where[of_class == index].mean(0)) for index in range(len(names))]
    widths = [text_width(name, NAME, True) for name in names]
    for name, room in zip(names, name_rooms(means, widths, plot), strict=True):
        paint_text(painter, QPointF(room.center().x(), room.bottom() - 4), name,
                   theme.color("text"), NAME, True, Qt.AlignmentFlag.AlignHCenter)  # fmt: skip


def name_rooms(means: Sequence[QPointF], widths: Sequence[float], plot: QRectF) -> list[QRectF]:
    """Where names so wide stand: each as near its mean as the names before it and `plot` allow."""
    rooms: list[QRectF] = []
    for mean, width in zip(means, widths, strict=True):
        own = QRectF(mean.x() - width / 2, mean.y() - LINE / 2, width, LINE)
        tried = (own.translated(by) for by in _OFFSETS)
        free = (room for room in tried if plot.contains(room)
                and not any(room.intersects(each) for each in rooms))  # fmt: skip
        rooms.append(next(free, own))
    return rooms


_OFFSETS = [QPointF(0, 0)] + [
    QPointF(far * math.cos(turn * math.pi / 8), far * math.sin(turn * math.pi / 8))
    for far in (8, 16, 24, 32, 44)
    for turn in range(16)
]
