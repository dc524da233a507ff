"""A map of values, layer by layer against the steps of a training, in the colours of a ramp."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from analysis.inference.colors.ramps import Ramp
from viewer.drawing.charts.line_chart import tick_text
from viewer.drawing.charts.scale import Scale, covering
from viewer.drawing.painting.array_image import image_of_values
from viewer.drawing.painting.text import paint_text, shortened
from viewer.look.theme import theme

LEFT, TOP, FOOT, KEY = 96, 20, 18, 64
TEXT = 11


@dataclass(frozen=True)
class HeatMap:
    """Positive values (rows, columns): rows are layers, columns steps in rising order."""

    title: str
    rows: tuple[str, ...]
    steps: tuple[int, ...]
    values: NDArray[np.float32]


def common_scale(maps: tuple[HeatMap, ...]) -> Scale:
    """One logarithmic scale for several maps, so that their colours can be compared."""
    found = [float(value) for each in maps for value in each.values.ravel()]
    return covering(found, log=True)


def paint_heat(painter: QPainter, heat: HeatMap, rect: QRectF, scale: Scale, ramp: Ramp) -> None:
    """Draw one map into `rect`: logarithms, layers from the input down, steps to the right."""
    plot = rect.adjusted(LEFT, TOP, -8, -FOOT)
    muted = theme.color("muted")
    paint_text(painter, QPointF(plot.left(), rect.top() + 13), heat.title, theme.color("text"),
               TEXT, True)  # fmt: skip
    if not heat.steps or not heat.rows:
        return
    floor, top = math.log10(scale.low), math.log10(scale.high)
    logs = np.log10(np.maximum(heat.values, scale.low)).astype(np.float32)
    picture = image_of_values(logs, floor, top, ramp)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(plot, picture)
    room = plot.height() / len(heat.rows)
    every = max(1, math.ceil(13 / max(room, 0.1)))
    right = Qt.AlignmentFlag.AlignRight
    for at in range(0, len(heat.rows), every):
        y = plot.top() + (at + 0.5) * room + 4
        name = shortened(heat.rows[at], LEFT - 12, TEXT)
        paint_text(painter, QPointF(plot.left() - 6, y), name, muted, TEXT, align=right)
    foot = plot.bottom() + 14
    paint_text(painter, QPointF(plot.left(), foot), tick_text(heat.steps[0]), muted, TEXT)
    paint_text(painter, QPointF(plot.right(), foot), tick_text(heat.steps[-1]), muted, TEXT,
               align=right)  # fmt: skip


def paint_key(painter: QPainter, rect: QRectF, scale: Scale, ramp: Ramp) -> None:
    """What the colours mean: the ramp from the least to the largest value, upright."""
    column = np.linspace(1, 0, 64, dtype=np.float32)[:, None]
    bar = QRectF(rect.left(), rect.top() + TOP, 10, rect.height() - TOP - FOOT)
    painter.drawImage(bar, image_of_values(column, 0.0, 1.0, ramp))
    muted = theme.color("muted")
    paint_text(painter, QPointF(bar.right() + 4, bar.top() + 8), tick_text(scale.high), muted, TEXT)
    paint_text(painter, QPointF(bar.right() + 4, bar.bottom()), tick_text(scale.low), muted, TEXT)
