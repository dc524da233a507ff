"""Histograms of several networks on one axis."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from viewer.drawing.charts.line_chart import tick_text
from viewer.drawing.charts.marks import TwinMark, line_pen
from viewer.drawing.painting.text import paint_text
from viewer.look.theme import theme

TOP, FOOT = 4, 18
TEXT = 11


@dataclass(frozen=True)
class Histogram:
    """Counts in equal bins from `low` to `high`."""

    counts: tuple[int, ...]
    low: float
    high: float
    mark: TwinMark


def paint_spreads(painter: QPainter, shown: tuple[Histogram, ...], rect: QRectF) -> None:
    """Draw outlines whose height is the root of each count's share, so that few values show too."""
    plot = rect.adjusted(2, TOP, -2, -FOOT)
    painter.setPen(QPen(theme.color("border"), 1))
    painter.drawLine(QPointF(plot.left(), plot.bottom()), QPointF(plot.right(), plot.bottom()))
    if not shown:
        return
    low, high = min(each.low for each in shown), max(each.high for each in shown)
    across = high - low or 1.0

    def x(value: float) -> float:
        return plot.left() + (value - low) / across * plot.width()

    for each in shown:
        _paint_one(painter, each, plot, x(each.low), x(each.high))
    if low < 0 < high:
        painter.setPen(QPen(theme.color("ctl"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x(0), plot.top()), QPointF(x(0), plot.bottom()))
    muted, foot = theme.color("muted"), plot.bottom() + 14
    paint_text(painter, QPointF(plot.left(), foot), tick_text(_short(low)), muted, TEXT)
    paint_text(painter, QPointF(plot.right(), foot), tick_text(_short(high)), muted, TEXT,
               align=Qt.AlignmentFlag.AlignRight)  # fmt: skip
    if low < 0 < high and 28 < x(0) - plot.left() < plot.width() - 28:
        paint_text(painter, QPointF(x(0), foot), "0", muted, TEXT,
                   align=Qt.AlignmentFlag.AlignHCenter)  # fmt: skip


def _paint_one(painter: QPainter, each: Histogram, plot: QRectF, left: float, right: float) -> None:
    total = sum(each.counts)
    if not total:
        return
    most = max(each.counts)
    wide = max(right - left, 1.0) / len(each.counts)
    points = [QPointF(left, plot.bottom())]
    for at, count in enumerate(each.counts):
        y = plot.bottom() - (count / most) ** 0.5 * plot.height()
        points += [QPointF(left + at * wide, y), QPointF(left + (at + 1) * wide, y)]
    points.append(QPointF(left + len(each.counts) * wide, plot.bottom()))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(each.mark.line, 0.18 if each.mark.filled else 0.0))
    painter.drawPolygon(QPolygonF(points))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(line_pen(each.mark, 1.5))
    painter.drawPolyline(QPolygonF(points))


def _short(value: float) -> float:
    return float(f"{value:.2g}")
