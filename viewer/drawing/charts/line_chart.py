"""Lines over steps or seconds, labelled at their ends, with horizontal grid lines only."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from viewer.drawing.charts.marks import TwinMark, line_pen
from viewer.drawing.charts.scale import Scale, covering
from viewer.drawing.painting.text import paint_text, shortened, text_width
from viewer.look.theme import theme
from viewer.text.number_format import MINUS, THIN

LEFT, RIGHT, TOP, FOOT = 40, 96, 12, 22
TEXT = 11
LINE = 14
"""Height of a label: two that would overlap are put apart by it."""


@dataclass(frozen=True)
class Line:
    """Points (x, y), and what is written at the last one; `pale` for what stands behind."""

    points: tuple[tuple[float, float], ...]
    mark: TwinMark
    label: str = ""
    pale: bool = False
    dots: bool = False
    """Whether every point is marked: what lies between two was not measured."""


@dataclass(frozen=True)
class LineChart:
    """Lines on common scales; `level` is a dotted line across, with its words.

    Of several words for it the first ones that fit are written.
    """

    lines: tuple[Line, ...]
    log: bool = False
    level: tuple[float, tuple[str, ...]] | None = None
    most_x: float | None = None
    """Where the x axis ends, if not at the last point."""
    across: str = ""
    """What the x axis counts, translated; at its right end."""
    least_y: float = 0.0
    """What the y axis spans at least, if it is not logarithmic: less is no difference to show."""


def paint_lines(painter: QPainter, chart: LineChart, rect: QRectF) -> None:
    """Draw the chart into `rect`."""
    plot = rect.adjusted(LEFT, TOP, -RIGHT, -FOOT)
    xs = [x for line in chart.lines for x, _ in line.points]
    ys = [y for line in chart.lines for _, y in line.points]
    if chart.level is not None:
        ys.append(chart.level[0])
    across = Scale(0.0, max([chart.most_x or 0.0, *xs, 1e-9]))
    up = covering(ys, chart.log, whole=False, least=chart.least_y)
    _paint_grid(painter, chart, plot, across, up)
    drawn = [[_at(plot, across, up, p) for p in _known(line)] for line in chart.lines]
    if chart.level is not None:
        _paint_level(painter, plot, up, *chart.level, drawn)
    for line, places in zip(chart.lines, drawn, strict=True):
        painter.setPen(line_pen(line.mark, pale=line.pale))
        painter.drawPolyline(QPolygonF(places))
        if line.dots:
            _paint_dots(painter, places, line.mark)
    _paint_ends(painter, chart, plot, across, up)


def _paint_dots(painter: QPainter, places: list[QPointF], mark: TwinMark) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(mark.line))
    for place in places:
        painter.drawEllipse(place, 3.5, 3.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _known(line: Line) -> list[tuple[float, float]]:
    return [(x, y) for x, y in line.points if math.isfinite(y)]


def _at(plot: QRectF, across: Scale, up: Scale, point: tuple[float, float]) -> QPointF:
    x, y = across.share(point[0]), up.share(point[1])
    return QPointF(plot.left() + x * plot.width(), plot.bottom() - y * plot.height())


def _paint_grid(
    painter: QPainter, chart: LineChart, plot: QRectF, across: Scale, up: Scale
) -> None:
    muted, right = theme.color("muted"), Qt.AlignmentFlag.AlignRight
    for tick in up.ticks(max(2, int(plot.height() // 34))):
        y = plot.bottom() - up.share(tick) * plot.height()
        painter.setPen(QPen(theme.color("grid"), 1))
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        paint_text(painter, QPointF(plot.left() - 8, y + 4), tick_text(tick), muted, TEXT,
                   align=right)  # fmt: skip
    middle = Qt.AlignmentFlag.AlignHCenter
    for tick in across.ticks(max(3, int(plot.width() // 64))):
        x = plot.left() + across.share(tick) * plot.width()
        paint_text(painter, QPointF(x, plot.bottom() + 16), tick_text(tick), muted, TEXT,
                   align=middle)  # fmt: skip
    paint_text(painter, QPointF(plot.right() + RIGHT, plot.bottom() + 16), chart.across, muted,
               TEXT, align=right)  # fmt: skip


def _paint_level(
    painter: QPainter, plot: QRectF, up: Scale, value: float, every: tuple[str, ...],
    drawn: list[list[QPointF]],
) -> None:  # fmt: skip
    y = plot.bottom() - up.share(value) * plot.height()
    painter.setPen(QPen(theme.color("ctl"), 1, Qt.PenStyle.DotLine))
    painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
    fitting = (each for each in every if text_width(each, TEXT) <= plot.width())
    words = next(fitting, shortened(every[-1], plot.width(), TEXT))
    paint_text(painter, _free(plot, y, text_width(words, TEXT), drawn), words,
               theme.color("muted"), TEXT)  # fmt: skip


def _free(plot: QRectF, y: float, wide: float, drawn: list[list[QPointF]]) -> QPointF:
    """Where words at a level of height `y` stand clear of the lines, or clear of most."""
    room = max(0.0, plot.width() - wide)
    found = []
    for share in (0.12, 0.5, 1.0, 0.0, 0.75, 0.3):
        for top in (y - LINE, y + 2):
            place = QRectF(plot.left() + share * room, top, wide, LINE)
            if place.top() >= plot.top() - TOP and place.bottom() <= plot.bottom():
                found.append((sum(_crosses(each, place) for each in drawn), place))
    _, best = min(found, key=lambda each: each[0], default=(0, QRectF(plot.left(), y, 0, 0)))
    return QPointF(best.left(), best.bottom() - 4)


def _crosses(points: list[QPointF], place: QRectF) -> int:
    """How much of a line whose points go to the right lies in a place; 0 if it passes by."""
    if not points:
        return 0
    x, y = (np.array([getattr(each, axis)() for each in points]) for axis in ("x", "y"))
    low, high = max(place.left(), x[0]), min(place.right(), x[-1])
    if low > high:
        return 0
    here = np.interp(np.linspace(low, high, 32), x, y)
    passes = here.min() <= place.bottom() + 1 and here.max() >= place.top() - 1
    inside = (here >= place.top() - 1) & (here <= place.bottom() + 1)
    return int(passes) + int(inside.sum())


def _paint_ends(
    painter: QPainter, chart: LineChart, plot: QRectF, across: Scale, up: Scale
) -> None:
    """A dot at the last point of each named line, and its label, none over another."""
    ends = []
    for line in chart.lines:
        known = _known(line)
        if line.label and known:
            ends.append((_at(plot, across, up, known[-1]), line))
    ends.sort(key=lambda each: each[0].y())
    heights = apart([end.y() + 4 for end, _ in ends], plot.top() + 4, plot.bottom() + 2)
    for (end, line), y in zip(ends, heights, strict=True):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(line.mark.line))
        painter.drawEllipse(end, 3.5, 3.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        words = shortened(line.label, RIGHT - 10, TEXT, True)
        paint_text(
            painter, QPointF(plot.right() + 8, y), words, theme.color(line.mark.text), TEXT, True
        )


def apart(heights: list[float], top: float, bottom: float) -> list[float]:
    """Rising heights, moved so that neighbours lie LINE apart, between the ends where they can."""
    placed: list[float] = []
    for height in heights:
        placed.append(max(height, placed[-1] + LINE) if placed else max(height, top))
    for at in reversed(range(len(placed))):
        most = bottom if at == len(placed) - 1 else placed[at + 1] - LINE
        placed[at] = min(placed[at], most)
    return placed


def tick_text(value: float) -> str:
    """A number at an axis: short, with powers of ten where it is small or large."""
    if value == 0:
        return "0"
    size = abs(value)
    if size < 1e-3 or size >= 1e6:
        power = math.floor(math.log10(size) + 1e-9)
        first = value / 10.0**power
        raised = str(power).translate(str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"))
        return f"10{raised}" if abs(first - 1) < 1e-6 else f"{first:g}·10{raised}"
    text = f"{value:,.0f}".replace(",", THIN) if size >= 1000 else f"{value:g}"
    return text.replace("-", MINUS)
