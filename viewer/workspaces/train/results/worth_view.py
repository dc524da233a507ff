"""What each skip of the trained networks is worth: Shapley values on the held-out pictures."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from analysis.training.process.findings import SkipsSeen, TwinWorth
from viewer.controls import labelled
from viewer.drawing.charts.marks import TwinMark, letter_of, mark_of
from viewer.drawing.painting.text import paint_text
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.block_names import block_name
from viewer.text.number_format import decimal, grouped
from viewer.text.translation import mark, say, tr
from viewer.workspaces.train.charts.chart_view import ChartView
from viewer.workspaces.train.lab.lab import Lab

ROW, BAR, TEXT = 22, 12, 12
NAME, VALUE = 84, 56
"""Pixels that names and values stand in, left and right of the bars."""


class WorthView(Guarded, QWidget):
    """A bar for each skip of each network that has some, and a button that measures them now."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        self._asked = 0
        """The run that was asked last."""
        self.measure = QPushButton()
        self.measure.setObjectName("train.worth")
        say(self, self.measure.setText, mark("Measure what each skip is worth"))
        self.measure.clicked.connect(self._ask)
        self.chart = ChartView(mark("What each skip is worth"), self._paint, ROW)
        self.said = labelled("caption", "")
        self.said.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self.measure, self.chart, self.said):
            column.addWidget(widget)

    @property
    def has_skips(self) -> bool:
        """Whether some network of the training has skips that can be measured."""
        return any(twin.weighable for twin in self._lab.log.twins)

    def show_log(self) -> None:
        """Show what was measured last."""
        seen = self._lab.log.worth
        may = seen is not None or self._asked != self._lab.log.run
        self.measure.setEnabled(may and not self._lab.log.is_gone)
        for widget in (self.chart, self.said):
            widget.setVisible(seen is not None)
        if seen is None:
            return
        self.chart.setFixedHeight(ROW * max(1, len(self._rows(seen))))
        self.said.setText(self._words(seen))
        self.chart.update()

    def _words(self, seen: SkipsSeen) -> str:
        unit = tr("IoU") if self._lab.log.segments else "dB"
        digits = 3 if self._lab.log.segments else 1
        ends = tr("; ").join(
            tr("{letter}: {none} {unit} with all skips closed, {all} with all open",
               letter=letter_of(at), none=decimal(found.none, digits), unit=unit,
               all=decimal(found.all, digits))
            for at, found in self._known(seen)
        )  # fmt: skip
        return tr(
            "Shapley values at step {n}, in {unit}: what a skip adds, on average over all orders "
            "of opening them. {ends}.", n=grouped(seen.step), unit=unit, ends=ends,
        )  # fmt: skip

    def _known(self, seen: SkipsSeen) -> list[tuple[int, TwinWorth]]:
        twins = self._lab.log.shown
        return [(at, seen.twins[t.name]) for at, t in enumerate(twins) if t.name in seen.twins]

    def _rows(self, seen: SkipsSeen) -> list[tuple[str, float, TwinMark]]:
        """(Name, value, mark) of each bar, network after network."""
        return [
            (f"{letter_of(at)}  {block_name(name)}", value, mark_of(at))
            for at, found in self._known(seen)
            for name, value in found.values.items()
        ]

    def _ask(self) -> None:
        self._lab.log.worth, self._asked = None, self._lab.log.run
        self._lab.ask.worth()
        self.show_log()

    def _paint(self, painter: QPainter, rect: QRectF) -> None:
        seen = self._lab.log.worth
        if seen is None:
            return
        rows = self._rows(seen)
        values = [value for _, value, _ in rows]
        low, high = min(0.0, *values), max(0.0, *values)
        plot = rect.adjusted(NAME, 0, -VALUE, 0)
        scale = plot.width() / ((high - low) or 1.0)
        zero = plot.left() - low * scale
        for at, (name, value, how) in enumerate(rows):
            middle = rect.top() + (at + 0.5) * ROW
            words = QPointF(rect.left(), middle + 4)
            paint_text(painter, words, name, theme.color(how.text), TEXT)
            bar = QRectF(QPointF(zero, middle - BAR / 2), QPointF(zero + value * scale,
                         middle + BAR / 2)).normalized()  # fmt: skip
            painter.fillRect(bar, theme.color(how.line))
            digits = 3 if self._lab.log.segments else 1
            end = QPointF(rect.right(), middle + 4)
            paint_text(painter, end, decimal(value, digits), theme.color("text"), TEXT, True,
                       align=Qt.AlignmentFlag.AlignRight)  # fmt: skip
        painter.setPen(QPen(theme.color("ctl"), 1))
        painter.drawLine(QPointF(zero, rect.top()), QPointF(zero, rect.bottom()))
