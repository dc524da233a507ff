"""What the codes of auto-encoders are good for: their scatter, a classifier on them, their size."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from analysis.training.process.findings import CodeSeen
from viewer.controls import labelled
from viewer.override_guard import Guarded
from viewer.text.number_format import decimal, percent
from viewer.text.translation import mark, tr
from viewer.workspaces.train.charts.chart_view import ChartView
from viewer.workspaces.train.charts.of_codes import coded_twins, paint_codes
from viewer.workspaces.train.lab.lab import Lab


class CodesView(Guarded, QWidget):
    """Shown once an auto-encoder is trained; nothing before, and of no other network."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        self.chart = ChartView(mark("Codes of held-out pictures"), self._paint, 200)
        self.axes = labelled("caption", "")
        self.axes.setWordWrap(True)
        self.words = labelled("small", "")
        self.words.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.chart)
        column.addWidget(self.axes)
        column.addWidget(self.words)

    @property
    def has_codes(self) -> bool:
        """Whether there is something to show."""
        return self._lab.log.codes is not None

    def show_log(self) -> None:
        """Show the codes that the log has."""
        lines = [self._line(name, code) for name, code in coded_twins(self._lab.log)]
        self.words.setText("\n".join(lines))
        self.axes.setText(tr(
            "Drawn along the two directions in which codes vary most; beside a name, the part of "
            "their variance along these two. Near 0: below a tenth of the largest number."
        ))  # fmt: skip
        self.chart.update()

    def _line(self, name: str, code: CodeSeen) -> str:
        said = tr(
            "{name}: {length} numbers, {share} of them near 0; {psnr} dB, {bytes} bytes instead "
            "of {raw}",
            name=name, length=code.length, share=percent(code.near_zero), psnr=decimal(code.psnr),
            bytes=decimal(code.code_bytes, 0), raw=decimal(code.raw_bytes, 0),
        )  # fmt: skip
        if code.jpeg_bytes is not None:
            said += tr(" ({jpeg} as JPEG of that PSNR)", jpeg=decimal(code.jpeg_bytes, 0))
        if code.accuracy is not None:
            said += tr(
                "; a linear classifier is right on {codes} of the codes, {pixels} of the pixels",
                codes=percent(code.accuracy[0]), pixels=percent(code.accuracy[1]),
            )  # fmt: skip
        return said

    def _paint(self, painter: QPainter, rect: QRectF) -> None:
        paint_codes(painter, rect, self._lab.log)
