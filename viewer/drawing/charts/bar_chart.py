"""Bars by layer on a logarithmic scale, those of several networks side by side."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from viewer.drawing.charts.line_chart import tick_text
from viewer.drawing.charts.marks import TwinMark
from viewer.drawing.charts.scale import Scale, covering
from viewer.drawing.painting.text import paint_text, text_width
from viewer.look.theme import theme

LEFT, TOP, FOOT = 48, 10, 22
TEXT = 11
WIDEST = 20.0


@dataclass(frozen=True)
class Bars:
    """One network's bars: a value for each group, None where it has no such layer."""

    values: tuple[float | None, ...]
    mark: TwinMark


@dataclass(frozen=True)
class BarChart:
    """Groups with their names, and the bars of each network in them."""

    groups: tuple[str, ...]
    bars: tuple[Bars, ...]


def scale_of(chart: BarChart) -> Scale:
    """The scale that holds all bars."""
    known = [value for each in chart.bars for value in each.values if value is not None]
    return covering(known, log=True)


def paint_bars(
    painter: QPainter, chart: BarChart, rect: QRectF, scale: Scale | None = None
) -> None:
    """Draw the chart into `rect`, on its own scale or a given one; a value of 0 has no bar."""
    plot = rect.adjusted(LEFT, TOP, -8, -FOOT)
    up = scale or scale_of(chart)
    for tick in up.ticks(max(2, int(plot.height() // 22))):
        y = plot.bottom() - up.share(tick) * plot.height()
        painter.setPen(QPen(theme.color("grid"), 1))
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        paint_text(painter, QPointF(plot.left() - 8, y + 4), tick_text(tick),
                   theme.color("muted"), TEXT, align=Qt.AlignmentFlag.AlignRight)  # fmt: skip
    if not chart.groups:
        return
    for at, name in enumerate(chart.groups):
        _paint_group(painter, chart, plot, up, at)
        _paint_name(painter, chart, plot, at, name)


def bar_rects(chart: BarChart, plot: QRectF, up: Scale, group: int) -> list[QRectF | None]:
    """Where the bars of a group stand; None for a value that is 0 or not there."""
    room = plot.width() / len(chart.groups)
    count = max(1, len(chart.bars))
    wide = min(WIDEST, max(1.0, (room - min(6.0, room * 0.3)) / count))
    left = plot.left() + group * room + (room - wide * count) / 2
    found: list[QRectF | None] = []
    for at, bars in enumerate(chart.bars):
        value = bars.values[group]
        if not value:
            found.append(None)
            continue
        height = max(1.0, up.share(value) * plot.height())
        found.append(QRectF(left + at * wide, plot.bottom() - height, wide, height))
    return found


def _paint_group(painter: QPainter, chart: BarChart, plot: QRectF, up: Scale, group: int) -> None:
    for bars, rect in zip(chart.bars, bar_rects(chart, plot, up, group), strict=True):
        if rect is None:
            continue
        gap = 1.0 if rect.width() > 4 else 0.0
        inner = rect.adjusted(0, 0, -gap, 0)
        if bars.mark.filled:
            painter.fillRect(inner, theme.color(bars.mark.line))
        else:
            painter.fillRect(inner, theme.color(bars.mark.tint))
            painter.setPen(QPen(theme.color(bars.mark.line), 1.25 if rect.width() > 4 else 0.75))
            painter.drawRect(inner.adjusted(0.5, 0.5, -0.5, 0))


def _paint_name(painter: QPainter, chart: BarChart, plot: QRectF, at: int, name: str) -> None:
    """The group's name, as many of them as there is room for."""
    room = plot.width() / len(chart.groups)
    widest = max(text_width(each, TEXT) for each in chart.groups) + 8
    every = max(1, -(-int(widest) // max(1, int(room))))
    if at % every:
        return
    middle = QPointF(plot.left() + (at + 0.5) * room, plot.bottom() + 16)
    align = Qt.AlignmentFlag.AlignHCenter
    paint_text(painter, middle, name, theme.color("muted"), TEXT, align=align)
