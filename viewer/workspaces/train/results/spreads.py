"""Histograms of a layer's weights and of its output, those of all twins on one axis."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from viewer.controls import labelled
from viewer.drawing.charts.marks import letter_of
from viewer.drawing.charts.spread_chart import paint_spreads
from viewer.override_guard import Guarded
from viewer.text.block_names import full_name
from viewer.text.number_format import percent
from viewer.text.translation import mark, say, tr
from viewer.workspaces.train.charts.chart_view import ChartView
from viewer.workspaces.train.charts.of_log import histograms, layers_of
from viewer.workspaces.train.lab.lab import Lab

KINDS = (("weights", mark("Weights")), ("outputs", mark("Output on a held-out picture")))


class SpreadsView(Guarded, QWidget):
    """Two histograms; `layer` is the box that chooses the layer, for the panel's title."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        self.layer = QComboBox()
        self.layer.setObjectName("train.layer")
        self.layer.setMinimumWidth(140)
        say(self, self.layer.setAccessibleName, mark("Layer"))
        self.layer.activated.connect(lambda _: lab.set_view(layer=self.layer.currentData()))
        self.views: dict[str, ChartView] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        self.zeros = labelled("caption", "")
        self.zeros.setWordWrap(True)
        for kind, title in KINDS:
            view = ChartView(title, partial(self._paint, kind), 84)
            self.views[kind] = view
            column = QVBoxLayout()
            column.setSpacing(4)
            heading = labelled("section", "")
            say(self, heading.setText, title)
            column.addWidget(heading)
            column.addWidget(view)
            column.addWidget(self.zeros if kind == "outputs" else labelled("caption", " "))
            row.addLayout(column)

    def show_log(self) -> None:
        """Show the newest spreads of the layer that is chosen."""
        layers = list(layers_of(self._lab.log))
        names = list(map(full_name, layers))
        if [self.layer.itemText(at) for at in range(self.layer.count())] != names:
            self.layer.clear()
            for name, layer in zip(names, layers, strict=True):
                self.layer.addItem(name, layer)
        self.layer.setEnabled(bool(layers))
        chosen = self.chosen
        self.layer.setCurrentIndex(layers.index(chosen) if chosen else -1)
        self.zeros.setText(self._zeros(chosen))
        for view in self.views.values():
            view.update()

    @property
    def chosen(self) -> str:
        """The layer that is shown; empty where there is none."""
        layers = layers_of(self._lab.log)
        asked = self._lab.view.layer
        return asked if asked in layers else layers[0] if layers else ""

    def _zeros(self, layer: str) -> str:
        log = self._lab.log
        if log.spreads is None:
            return ""
        found = [
            _unbroken(f"{letter_of(at)} {percent(log.spreads.outputs[twin.name][layer].zeros)}")
            for at, twin in enumerate(log.shown)
            if layer in log.spreads.outputs.get(twin.name, {})
        ]
        return tr("exactly 0: {shares}", shares=tr(", ").join(found)) if found else ""

    def _paint(self, kind: str, painter: QPainter, rect: QRectF) -> None:
        paint_spreads(painter, histograms(self._lab.log, self.chosen, kind), rect)


def _unbroken(words: str) -> str:
    """A number and its sign on one line."""
    return words.replace(" ", "\N{NO-BREAK SPACE}")
