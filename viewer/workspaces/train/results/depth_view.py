"""The sweep over depth: the newest score by depth, a line for each variant, and what it says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from analysis.training.sweep import Gap, Sweep, Variant, sweep_of
from viewer.controls import labelled
from viewer.drawing.charts.line_chart import Line, LineChart, paint_lines
from viewer.drawing.charts.marks import letter_of, mark_of
from viewer.override_guard import Guarded
from viewer.text.blueprint_names import CHOICES
from viewer.text.number_format import decimal, grouped
from viewer.text.translation import mark, tr
from viewer.workspaces.train.charts.chart_view import ChartView
from viewer.workspaces.train.charts.of_log import least_span
from viewer.workspaces.train.lab.lab import Lab
from viewer.workspaces.train.recipe import names

MOST = 8
"""So many variants have a line of their own."""
WORD_JOINER = "\N{WORD JOINER}"
CLEAR = 1.0
"""dB that gaps must differ by before they are called different."""


class DepthView(Guarded, QWidget):
    """Shown where the twins are networks of several depths."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        self._sweep: Sweep | None = None
        self.chart = ChartView(mark("Score by depth"), self._paint, 190, self._nothing)
        self.legend = labelled("caption", "")
        self.note = labelled("small", "")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for label in (self.legend, self.note):
            label.setWordWrap(True)
        for widget in (self.chart, self.legend, self.note):
            column.addWidget(widget)

    @property
    def has_sweep(self) -> bool:
        """Whether the training, or the recipe before the first one, is a sweep over depth."""
        log = self._lab.log
        recipe = self._lab.recipe if log.state is None else log.recipe
        self._sweep = sweep_of(recipe)
        return self._sweep is not None

    def show_log(self) -> None:
        """Show the newest scores of the sweep."""
        sweep = self._sweep
        if sweep is None:
            return
        entries = (
            f"{letter_of(sweep.place_of(variant))} {self._words(sweep, variant)}"
            for variant in sweep.variants[:MOST]
        )
        # Lines end between variants, not within one.
        self.legend.setText("   ".join(map(_on_one_line, entries)))
        self.note.setText(self._note(sweep))
        self.note.setVisible(bool(self.note.text()))
        log = self._lab.log
        drawn = sweep, log.run, len(log.record.measured)
        if drawn != self._drawn:
            self._drawn = drawn
            self.chart.update()

    _drawn: tuple[object, ...] = ()
    """What the chart was drawn from: it is drawn again where that has changed."""

    def _words(self, sweep: Sweep, variant: Variant) -> str:
        skips = tr("without skips") if variant.twin.skip == "none" else tr("with skips")
        parts = [skips, tr(names.INITIALISATIONS[sweep.start_of(variant)])]
        if sweep.norm_of(variant) != "none":
            parts.append(_norm_text(sweep.norm_of(variant)))
        return tr(", ").join(parts)

    def _nothing(self) -> str:
        if self._lab.log.record.measured:
            return ""
        return tr("The score at each depth stands here once the networks are measured.")

    def _paint(self, painter: QPainter, rect: QRectF) -> None:
        sweep, score = self._sweep, self._lab.log.last_score
        if sweep is None:
            return
        lines = []
        for variant in sweep.variants[:MOST]:
            at = sweep.place_of(variant)
            known = [(depth, score(variant.names[depth])) for depth in sorted(variant.names)]
            points = tuple((float(depth), value) for depth, value in known if value is not None)
            said = f"{letter_of(at)} {decimal(points[-1][1])}" if points else ""
            lines.append(Line(points, mark_of(at), said, dots=True))
        chart = LineChart(
            tuple(lines), most_x=float(sweep.depths[-1]), across=tr("layers"),
            least_y=least_span(self._lab.log),
        )  # fmt: skip
        paint_lines(painter, chart, rect)

    def _note(self, sweep: Sweep) -> str:
        """What was measured at the largest depth; no more is said than the numbers do."""
        log, deepest = self._lab.log, sweep.depths[-1]
        gaps = sweep.gaps(deepest, log.last_score)
        if not gaps or not log.record.measured or not log.record.measured[-1].step:
            return ""
        unit = tr("IoU") if log.segments else "dB"
        listed = tr("; ").join(self._gap(gap, unit) for gap in gaps)
        said = tr(
            "Measured after {steps} steps at {depth} layers, skips add {gaps}.",
            steps=grouped(log.record.measured[-1].step), depth=deepest, gaps=listed,
        )  # fmt: skip
        if log.segments:
            return said
        told = _verdict(gaps) if len(gaps) > 1 else self._by_depth(sweep)
        one = tr("All with one seed: another one moves each score.")
        return f"{said} {told} {one}"

    def _by_depth(self, sweep: Sweep) -> str:
        """What more layers did to each variant; where they start and are normed is one thing."""
        score, least, most = self._lab.log.last_score, sweep.depths[0], sweep.depths[-1]
        told = []
        for variant in sweep.variants[:MOST]:
            ends = [
                score(variant.names[depth]) for depth in (least, most) if depth in variant.names
            ]
            if len(ends) == 2 and ends[0] is not None and ends[1] is not None:
                change = ends[1] - ends[0]
                value = f"+{decimal(change)}" if change > 0 else decimal(change)
                told.append(tr("{value} dB {variant}", value=value,
                               variant=self._words(sweep, variant)))  # fmt: skip
        if not told:
            return ""
        return tr("From {least} to {most} layers: {changes}.", least=least, most=most,
                  changes=tr("; ").join(told))  # fmt: skip

    @staticmethod
    def _gap(gap: Gap, unit: str) -> str:
        start = tr(names.INITIALISATIONS[gap.start])
        how = start if gap.norm == "none" else tr(", ").join((start, _norm_text(gap.norm)))
        return tr("{gap} {unit} ({how})", gap=decimal(gap.value), unit=unit, how=how)


def _on_one_line(text: str) -> str:
    """The same with no place where a line may end: Chinese has one at every character."""
    joined = re.sub("(?<=[^\\x00-\\xff])(?=.)|(?<=.)(?=[^\\x00-\\xff])", WORD_JOINER, text)
    return joined.replace(" ", "\N{NO-BREAK SPACE}")


def _norm_text(norm: str) -> str:
    return tr("{norm} norm", norm=tr(CHOICES.get(norm, norm)))


def _verdict(gaps: Sequence[Gap]) -> str:
    """Whether what skips add hangs on how weights start and on norms, as far as was measured."""
    values = [gap.value for gap in gaps]
    apart = max(values) - min(values)
    if apart >= CLEAR:
        return tr(
            "Initialisation and normalisation alone move what skips add by {apart} dB here.",
            apart=decimal(apart),
        )  # fmt: skip
    return tr("Initialisation and normalisation change little of that here.")
