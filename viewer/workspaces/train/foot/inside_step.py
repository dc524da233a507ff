"""One step from inside: outputs, the loss, gradients as they arrive backward, the update.

The step is taken as a whole and noted moment by moment; going through them changes nothing.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from analysis.training.process.step_seen import MomentSeen, StepSeen
from viewer.controls import labelled
from viewer.drawing.charts.bar_chart import BarChart, Bars, paint_bars, scale_of
from viewer.drawing.charts.marks import mark_of
from viewer.drawing.painting.fitting import fitted
from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.text.escaping import name_text
from viewer.text.number_format import grouped, significant
from viewer.text.translation import mark, say, tr
from viewer.workspaces.train.charts.chart_view import ChartView
from viewer.workspaces.train.charts.pixels import packed
from viewer.workspaces.train.lab.lab import Lab

PHASES = ("forward", "backward", "update")
PICTURE = 150.0


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
        say(self, self.take.setText, mark("Take one step and look inside"))
        self.take.clicked.connect(lab.watch_step)
        self.back = self._tool("chevron-left", mark("The moment before"), -1)
        self.on = self._tool("chevron-right", mark("The next moment"), 1)
        self.said = labelled("plain", "")
        self.said.setWordWrap(True)
        self.chart = ChartView(mark("One step from inside"), self._paint, 80, self._nothing)
        row = QHBoxLayout()
        row.setContentsMargins(12, 6, 12, 0)
        row.setSpacing(6)
        for widget in (self.take, self.back, self.on):
            row.addWidget(widget)
        row.addWidget(self.said, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.chart, 1)
        lab.insideCame.connect(self._came)

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

    def _came(self) -> None:
        """A step was taken: it is shown from its first moment on."""
        self.at = 0
        self.show_log()
        self._select()

    def go(self, by: int) -> None:
        """Show a later or an earlier moment."""
        self.at = min(max(self.at + by, 0), max(0, len(self.moments) - 1))
        self.show_log()
        self._select()

    def _select(self) -> None:
        """Select the moment's layer on the canvas, where its network is the one there."""
        lab = self._lab
        own = lab.log.own and lab.log.structure == lab.session.document.graph.structure_hash
        if own and self.moments and (layer := self.moments[self.at].layer):
            lab.session.set_view(selection=layer)

    def show_log(self) -> None:
        """Show the moment as it is now."""
        self._of = self._lab.log.inside
        self.take.setEnabled(self._lab.log.state != "preparing")
        self.back.setEnabled(self.at > 0)
        self.on.setEnabled(self.at + 1 < len(self.moments))
        self.said.setText(self._words())
        self.chart.update()

    def _words(self) -> str:
        if self._of is None or not self.moments:
            return ""
        moment = self.moments[self.at]
        values = {
            "twin": name_text(self._of.twin), "n": grouped(self._of.step), "at": self.at + 1,
            "all": len(self.moments), "layer": name_text(moment.layer),
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
        return tr("A step is taken and noted inside: outputs, loss, gradients, update.")

    def charts(self) -> tuple[BarChart, BarChart]:
        """Bars of what has happened up to the moment that is shown, and those of the whole step."""
        layers = tuple(dict.fromkeys(each.layer for each in self.moments if each.layer))

        def bars(moments: tuple[MomentSeen, ...]) -> BarChart:
            known: dict[tuple[str, str], float] = {
                (each.phase, each.layer): each.value for each in moments
            }
            return BarChart(layers, tuple(
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
