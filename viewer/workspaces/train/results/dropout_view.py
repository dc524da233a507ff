"""One drop pattern of a step as the thinner network that it is, and the whole one of inference."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from analysis.training.record import DropPattern
from viewer.controls import Segmented, labelled
from viewer.drawing.charts.drop_picture import MOST, Column, paint_units
from viewer.override_guard import Guarded
from viewer.text.block_names import block_name, full_name
from viewer.text.escaping import name_text
from viewer.text.number_format import decimal, grouped
from viewer.text.translation import mark, tr
from viewer.text.twin_names import twin_name
from viewer.workspaces.train.charts.chart_view import ChartView
from viewer.workspaces.train.lab.lab import Lab

STEP, INFERENCE = "step", "inference"


class DropoutView(Guarded, QWidget):
    """Shown where a twin drops units of dense layers; `when` is the switch, for a title."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        options: list[tuple[object, str]] = [
            (STEP, mark("At this step")), (INFERENCE, mark("At inference")),
        ]  # fmt: skip
        self.when = Segmented(options, 12)
        self.when.set_value(STEP)
        self.when.valueChanged.connect(lambda _: self.show_log())
        self.picture = ChartView(mark("Dropped units"), self._paint, 220)
        self.words = labelled("caption", "")
        self.words.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.picture)
        column.addWidget(self.words)

    @property
    def shown(self) -> tuple[str, DropPattern] | None:
        """The first twin with a pattern, and the pattern."""
        log = self._lab.log
        return next(
            (
                (twin.name, log.patterns[twin.name])
                for twin in log.twins
                if twin.name in log.patterns
            ),
            None,
        )

    def show_log(self) -> None:
        """Show the newest pattern."""
        shown = self.shown
        self.words.setText("" if shown is None else self._said(*shown) + _cut(shown[1]))
        self.picture.update()

    def _said(self, name: str, pattern: DropPattern) -> str:
        rate = next(layer.rate for layer in pattern.layers if layer.rate)
        left, all_ = pattern.weights
        if self.when.value() == STEP:
            return tr(
                "{name}, step {step}, first picture of the batch: {left} of {all} weights between "
                "units are at work, a thinner network. Every picture of every step has another. "
                "What is kept is multiplied by 1/(1 − {rate}) = {scale}.",
                name=name_text(twin_name(name)), step=grouped(pattern.step), left=grouped(left),
                all=grouped(all_), rate=f"{rate:g}", scale=decimal(1 / (1 - rate), 2),
            )  # fmt: skip
        return tr(
            "At inference all {all} weights are at work. The paper multiplies them by 1 − {rate} = "
            "{share} then; here training has multiplied what was kept by {scale} instead, so that "
            "each unit's mean input is the same and no weight is scaled.",
            all=grouped(all_), rate=f"{rate:g}", share=decimal(1 - rate, 2),
            scale=decimal(1 / (1 - rate), 2),
        )  # fmt: skip

    def _paint(self, painter: QPainter, rect: QRectF) -> None:
        shown = self.shown
        if shown is None:
            return
        whole = self.when.value() == INFERENCE
        layers = shown[1].layers
        columns = [
            Column(name, layer.units, (True,) * layer.units if whole else layer.at_work)
            for name, layer in zip(_names([each.name for each in layers]), layers, strict=True)
        ]
        paint_units(painter, columns, rect)


def _names(layers: list[str]) -> list[str]:
    """What the layers are called: as their blocks on the canvas, where each has its own."""
    blocks = [block_name(each.partition(".")[0]) for each in layers]
    return blocks if len(set(blocks)) == len(blocks) else [full_name(each) for each in layers]


def _cut(pattern: DropPattern) -> str:
    """That a layer is not drawn whole, where one is not."""
    if all(layer.units <= MOST for layer in pattern.layers):
        return ""
    return " " + tr("Of each layer the first {n} units are drawn.", n=MOST)
