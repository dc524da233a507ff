"""The charts of what the batch size does to a step: noise of the gradient, memory, time."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from analysis.training.process.findings import SizesSeen
from viewer.drawing.charts.bar_chart import BarChart, Bars, paint_bars
from viewer.drawing.charts.marks import mark_of
from viewer.drawing.painting.text import paint_text, shortened
from viewer.look.theme import theme
from viewer.text.translation import tr

HEAD, GAP, TEXT = 18, 12, 11
MB, MS = 1e-6, 1e3


def size_charts(seen: SizesSeen) -> tuple[tuple[str, BarChart], ...]:
    """(Title, chart) of the noise, with the first one's over √batch beside, memory and time."""
    groups = tuple(str(each.size) for each in seen.sizes)
    first = seen.sizes[0].noise
    fallen = tuple(None if first is None else first / each.size**0.5 for each in seen.sizes)

    def of(*bars: tuple[float | None, ...]) -> BarChart:
        return BarChart(groups, tuple(Bars(each, mark_of(at)) for at, each in enumerate(bars)))

    return (
        (tr("noise / gradient"), of(tuple(each.noise for each in seen.sizes), fallen)),
        (tr("memory of a step, MB"), of(tuple(MB * each.kept_bytes for each in seen.sizes))),
        (tr("time of a step, ms"), of(tuple(MS * each.seconds for each in seen.sizes))),
    )


def paint_sizes(painter: QPainter, seen: SizesSeen, rect: QRectF) -> None:
    """Draw them side by side into `rect`."""
    charts = size_charts(seen)
    wide = (rect.width() - GAP * (len(charts) - 1)) / len(charts)
    for at, (title, chart) in enumerate(charts):
        left = rect.left() + at * (wide + GAP)
        said = shortened(title, wide, TEXT, True)
        paint_text(painter, QPointF(left, rect.top() + 12), said, theme.color("muted"), TEXT, True)
        paint_bars(painter, chart, QRectF(left, rect.top() + HEAD, wide, rect.height() - HEAD))
