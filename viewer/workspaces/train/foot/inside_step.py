"""One step from inside: outputs, the loss, gradients as they arrive backward, the update.

The training waits after each of these parts; within one, its moments are gone through.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from analysis.inference.protocol.runs import Picture
from analysis.training.process.step_seen import MomentSeen, StepSeen
from viewer.controls import labelled
from viewer.drawing.charts.bar_chart import BarChart, Bars, paint_bars, scale_of
from viewer.drawing.charts.marks import mark_of
from viewer.drawing.painting.fitting import fitted
from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.session.step_maps import StepMaps
from viewer.text.block_names import full_name
from viewer.text.escaping import name_text
from viewer.text.number_format import grouped, significant
from viewer.text.translation import mark, say, tr
from viewer.text.twin_names import twin_name
from viewer.workspaces.train.charts.chart_view import ChartView
from viewer.workspaces.train.charts.pixels import argb, packed
from viewer.workspaces.train.lab.lab import Lab

PHASES = ("forward", "backward", "update")
WORKSPACE = "train"
NEXT = {
    "forward": mark("Next part: the loss"),
    "loss": mark("Next part: backward"),
    "backward": mark("Next part: the update"),
}
PICTURED = {"loss": "forward", "update": "backward"}
"""Whose pictures the canvas shows in the parts that have none."""
PICTURE = 150.0
LOW = 36
"""Height of the chart in a low window, px: there the buttons and the words need theirs."""


class InsideStep(Guarded, QWidget):
    """Goes through the moments of a step; the layer of each is selected on the canvas."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        self._of: StepSeen | None = None
        self.at = 0
        """The moment that is shown, of `moments`."""
        self.take = QPushButton()
        self.take.setObjectName("train.inside")
        self.take.clicked.connect(self._take)
        self.run_on = QPushButton()
        self.run_on.setObjectName("train.inside.run_on")
        say(self, self.run_on.setText, mark("Go on"))
        self.run_on.clicked.connect(lambda *_: lab.toggle())
        self.back = self._tool("chevron-left", mark("The moment before"), -1)
        self.on = self._tool("chevron-right", mark("The next moment"), 1)
        self.said = labelled("plain", "")
        self.said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.chart = ChartView(mark("One step from inside"), self._paint, LOW, self._nothing)
        row = QHBoxLayout()
        row.setContentsMargins(12, 4, 12, 0)
        row.setSpacing(6)
        for widget in (self.take, self.run_on, self.back, self.on):
            row.addWidget(widget)
        row.addStretch(1)
        below = QHBoxLayout()
        below.setContentsMargins(12, 0, 12, 0)
        below.addWidget(self.said, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addLayout(below)
        column.addWidget(self.chart, 1)
        lab.insideCame.connect(self._came)
        lab.stateChanged.connect(self._show_on_canvas)
        lab.session.viewChanged.connect(self._show_on_canvas)

    def _tool(self, name: str, text: str, by: int) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(name, "text"))
        button.setFixedSize(28, 28)
        button.setAutoRepeat(True)
        say(button, button.setToolTip, text)
        say(button, button.setAccessibleName, text)
        button.clicked.connect(lambda *_: self.go(by))
        return button

    @property
    def moments(self) -> tuple[MomentSeen, ...]:
        """Of the step that is shown."""
        return self._of.moments if self._of is not None else ()

    def _take(self) -> None:
        """Begin a step, or take the next part of the one that waits."""
        if self._lab.log.waits_inside:
            self._lab.next_part()
        else:
            self._lab.watch_step()

    def _came(self) -> None:
        """Another part was taken: it is shown from its first moment on."""
        inside = self._lab.log.inside
        moments = inside.moments if inside is not None else ()
        phases = [each.phase for each in moments]
        self.at = phases.index(inside.stands) if inside and inside.stands in phases else 0
        self.show_log()
        self._select()

    def go(self, by: int) -> None:
        """Show a later or an earlier moment; beyond the last one lies the next part."""
        if self.at + by >= len(self.moments) and self._lab.log.waits_inside:
            self._lab.next_part()
            return
        self.at = min(max(self.at + by, 0), max(0, len(self.moments) - 1))
        self.show_log()
        self._select()

    @property
    def _on_canvas(self) -> bool:
        """Whether the network that is looked into is the one on the canvas."""
        return self._lab.log.structure == self._lab.session.document.graph.structure_hash

    def _select(self) -> None:
        """Select the moment's layer on the canvas, and show there what it has come to."""
        if self._on_canvas and self.moments and (layer := self.moments[self.at].layer):
            self._lab.session.set_view(selection=layer)
        self._show_on_canvas()

    def _show_on_canvas(self, *_: object) -> None:
        """Outputs or gradients up to this moment stand in the blocks while the step is looked at.

        They go where the training goes on, or something else is looked at.
        """
        session, log, inside = self._lab.session, self._lab.log, self._lab.log.inside
        looked = self._lab.view.foot == "inside" and session.view.workspace == WORKSPACE
        looked = looked and log.state in ("paused", "done") and self._on_canvas
        maps = StepMaps()
        if looked and inside is not None and inside.step >= log.step and self.moments:
            maps = StepMaps(log.structure, log.run, inside.step, self.at + 1, self._pictured)
        if maps != session.live.part(StepMaps):
            maps = replace(maps, pictures=self._pictures(maps.phase))
            session.set_live(parts=session.live.parts.having(maps))

    @property
    def _pictured(self) -> str:
        """Whether outputs (`forward`) or gradients (`backward`) are pictured."""
        phase = self.moments[self.at].phase
        return PICTURED.get(phase, phase)

    def _pictures(self, phase: str) -> dict[str, Picture]:
        return {
            each.layer: argb(each.pixels)
            for each in self.moments[: self.at + 1]
            if each.phase == phase and each.pixels is not None
        }

    def show_log(self) -> None:
        """Show the moment as it is now."""
        self._of = self._lab.log.inside
        log = self._lab.log
        waits = log.waits_inside and log.inside is not None
        first = mark("Take one step and look inside")
        self.take.setText(tr(NEXT[log.inside.stands] if waits and log.inside else first))
        self.take.setEnabled(log.state != "preparing")
        self.run_on.setVisible(waits)
        self.back.setEnabled(self.at > 0)
        self.on.setEnabled(waits or self.at + 1 < len(self.moments))
        self.said.setText(self._words())
        self.said.setToolTip(self.said.text())
        self.chart.update()

    def _words(self) -> str:
        if self._of is None or not self.moments:
            return ""
        moment = self.moments[self.at]
        values = {
            "twin": name_text(twin_name(self._of.twin)), "n": grouped(self._of.step),
            "at": self.at + 1, "all": len(self.moments), "layer": full_name(moment.layer),
            "value": significant(moment.value),
        }  # fmt: skip
        match moment.phase:
            case "forward":
                said = tr("forward: the output of {layer} has RMS {value}", **values)
            case "loss":
                said = tr("the loss is {value}: from here it goes backward", **values)
            case "backward":
                said = tr("backward: ∂loss / ∂output of {layer} has RMS {value}", **values)
            case _:
                said = tr("update: the weights of {layer} change by {value} of their length",
                          **values)  # fmt: skip
        return tr("{twin}, step {n}, {at}/{all}", **values) + " · " + said

    def _nothing(self) -> str:
        if self.moments:
            return ""
        return tr("A step waits after its outputs, the loss, the gradients and the update.")

    def charts(self) -> tuple[BarChart, BarChart]:
        """Bars of what has happened up to the moment that is shown, and those of the whole step."""
        layers = tuple(dict.fromkeys(each.layer for each in self.moments if each.layer))

        def bars(moments: tuple[MomentSeen, ...]) -> BarChart:
            known: dict[tuple[str, str], float] = {
                (each.phase, each.layer): each.value for each in moments
            }
            return BarChart(tuple(map(full_name, layers)), tuple(
                Bars(tuple(known.get((phase, layer)) for layer in layers), mark_of(at))
                for at, phase in enumerate(PHASES)
            ))  # fmt: skip

        return bars(self.moments[: self.at + 1]), bars(self.moments)

    def _paint(self, painter: QPainter, rect: QRectF) -> None:
        shown, whole = self.charts()
        side = min(PICTURE, rect.height() - 8)
        plot = rect.adjusted(0, 0, -side - 16, 0)
        paint_bars(painter, shown, plot, scale_of(whole))
        pixels = self.moments[self.at].pixels
        if pixels is not None:
            image = packed(pixels)
            place = QRectF(rect.right() - side - 8, rect.top() + 4, side, side)
            painter.drawImage(fitted(image, place), image)
