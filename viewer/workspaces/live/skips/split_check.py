"""The foot of the skips' rows: biases, sum, and whether the parts rebuild the output."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from analysis.faults import Fault
from analysis.inference.protocol.measures import Measured
from viewer.controls import labelled
from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.text.fault_sentences import fault_sentence
from viewer.text.measure_checks import check, worth_line
from viewer.text.measure_format import MeasureFormat
from viewer.text.translation import mark, say

ICON = QSize(18, 18)


class SplitCheck(Guarded, QWidget):
    """Biases and sum of a measure that splits the output, and how exact any measure is."""

    def __init__(self) -> None:
        super().__init__()
        self.bias, self.sum = labelled("small"), labelled("strong")
        self.check_icon = QLabel()
        self.check = labelled("ok")
        self.check.setWordWrap(True)
        self.kept = labelled("caption")
        self.kept.setWordWrap(True)
        self.totals = self._make_totals()
        self.words = (self.bias, self.sum, self.check, self.kept)
        """What is said of a picture, perhaps of an earlier one."""
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 0)
        column.setSpacing(4)
        column.addWidget(self.totals)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.check_icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.check, 1)
        column.addLayout(row)
        column.addWidget(self.kept)

    def _make_totals(self) -> QWidget:
        widget = QWidget()
        column = QVBoxLayout(widget)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for text, value in ((mark("biases"), self.bias), (mark("sum"), self.sum)):
            row = QHBoxLayout()
            name = labelled("small" if value is self.bias else "strong")
            say(self, name.setText, text)
            row.addWidget(name)
            row.addStretch(1)
            row.addWidget(value)
            column.addLayout(row)
        return widget

    def show_measured(
        self, measured: Measured | None, splits: bool, fault: Fault | None = None
    ) -> None:
        """The answer, None while there is none; `splits` is that of the chosen measure.

        `fault` is why there is no answer and will be none.
        """
        self.totals.setVisible(splits)
        written = MeasureFormat(measured) if measured is not None else None
        bias = measured.bias if measured is not None else None
        self.bias.setText(written.number(bias.value) if written and bias else "–")
        values = [part.value for part in measured.parts] if measured is not None else []
        self.sum.setText(written.number(sum(values)) if written else "–")
        self._show_check(measured)
        if fault is not None:
            self._say("warning", "warn", fault_sentence(fault))

    def _show_check(self, measured: Measured | None) -> None:
        found = check(measured) if measured is not None else None
        for widget in (self.check, self.check_icon):
            widget.setVisible(found is not None)
        if measured is None:
            notes = []
        else:
            held = measured.why if measured.exact else None
            notes = [worth_line(measured), fault_sentence(held) if held is not None else ""]
        said = " ".join(filter(None, notes))
        self.kept.setVisible(bool(said))
        self.kept.setText(said)
        if found is not None:
            holds, text = found
            self._say("check" if holds else "warning", "ok" if holds else "warn", text)

    def _say(self, sign: str, token: str, text: str) -> None:
        self.check_icon.setPixmap(icon(sign, token).pixmap(ICON))
        self.check.setProperty("role", "ok" if token == "ok" else "warning")
        self.check.style().unpolish(self.check)
        self.check.style().polish(self.check)
        self.check.setText(text)
        for widget in (self.check, self.check_icon):
            widget.show()
