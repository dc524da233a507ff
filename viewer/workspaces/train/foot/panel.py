"""The bottom panel of Train: gradients and updates by layer, over time, and the transport."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from analysis.inference.colors.maps import map_ramp
from viewer.controls import PanelTitle, TitleTabs, labelled, line
from viewer.drawing.charts.bar_chart import paint_bars
from viewer.drawing.charts.heat_chart import KEY, common_scale, paint_heat, paint_key
from viewer.drawing.charts.marks import letter_of
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.number_format import grouped
from viewer.text.translation import language, mark, tr
from viewer.workspaces.train.charts.chart_view import ChartView
from viewer.workspaces.train.charts.of_log import gradient_bars, heat_maps, side_by_side
from viewer.workspaces.train.foot.inside_step import InsideStep
from viewer.workspaces.train.foot.transport import HEIGHT, Transport
from viewer.workspaces.train.lab.lab import Lab

TABS = (
    ("bars", mark("Gradients")),
    ("heat", mark("Over time")),
    ("updates", mark("Update / weight")),
    ("inside", mark("Inside a step")),
)
COLORS = "viridis"
FOLD = 64
"""Pixels of the strip that its margins and the button that folds the panel take."""


class FootPanel(Guarded, QWidget):
    """Train's bottom panel: one of three charts or a step from inside, above the transport."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._lab = lab
        self.tabs = TitleTabs([title for _, title in TABS])
        self.tabs.currentChanged.connect(lambda at: lab.set_view(foot=TABS[at][0]))
        self.said = labelled("small", "")
        self.title = PanelTitle(self.tabs, self.said)
        self.chart = ChartView(mark("Gradients"), self._paint, 80, self._nothing)
        self.inside = InsideStep(lab)
        self.transport = Transport(lab)
        self._folded = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.title)
        column.addWidget(self.chart, 1)
        column.addWidget(self.inside, 1)
        column.addWidget(line())
        column.addWidget(self.transport)
        lab.changed.connect(self.show_log)
        lab.stateChanged.connect(self.show_log)
        lab.session.viewChanged.connect(lambda *_: self.show_log())
        language.changed.connect(self.show_log)
        self.show_log()

    def show_log(self) -> None:
        """Show the newest gradients."""
        keys = [key for key, _ in TABS]
        at = keys.index(self._lab.view.foot)
        if self.tabs.current() != at:
            self.tabs.buttons[at].setChecked(True)
        self._show_part()
        self.inside.show_log()
        self.said.setText(self._words())
        self._fit()
        log, view = self._lab.log, self._lab.view
        drawn = (
            log.run,
            log.state,
            log.prepared is None,
            len(log.record.columns),
            view.foot,
            view.only,
        )
        if drawn != self._drawn:
            self._drawn = drawn
            self.chart.update()

    _drawn: tuple[object, ...] = ()
    """What the chart was drawn from: it is drawn again where that has changed."""

    def show_folded(self, folded: bool) -> int:
        """Leave only the title and the transport; the height in px that the latter keeps."""
        self._folded = folded
        self._show_part()
        return HEIGHT + 1

    def _show_part(self) -> None:
        inside = self._lab.view.foot == "inside"
        self.chart.setVisible(not inside and not self._folded)
        self.inside.setVisible(inside and not self._folded)

    def _fit(self) -> None:
        """The words go where they would cut the tabs; the strip says them on hover then."""
        room = self.width() - self.tabs.sizeHint().width() - FOLD
        fits = self.said.sizeHint().width() <= room
        self.said.setVisible(fits)
        self.title.setToolTip("" if fits else self.said.text())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _words(self) -> str:
        log = self._lab.log
        if not log.record.columns:
            return ""
        step = grouped(log.record.columns[-1].step)
        match self._lab.view.foot:
            case "bars":
                return self._of_some(tr("norm at step {n}, log scale, as measured", n=step))
            case "heat":
                return tr("norm of each layer's gradient by step, log colours")
            case "inside":
                return tr("green: output · hollow: gradient · blue: update, log scale")
            case _:
                return tr("‖change‖ / ‖weights‖ at step {n}; about 10⁻³ is usual", n=step)

    def _of_some(self, said: str) -> str:
        """With the letters of the networks, where not all have bars."""
        log = self._lab.log
        places = side_by_side(log, self._lab.view.only)
        if len(places) == len(log.shown):
            return said
        letters = tr(", ").join(letter_of(at) for at in places)
        return tr("{letters}: {said}", letters=letters, said=said)

    def _nothing(self) -> str:
        if self._lab.log.record.columns:
            return ""
        return tr("Norms of the gradients stand here, layer by layer, once steps are taken.")

    def _paint(self, painter: QPainter, rect: QRectF) -> None:
        log, foot = self._lab.log, self._lab.view.foot
        if foot != "heat":
            what = "gradients" if foot == "bars" else "updates"
            paint_bars(painter, gradient_bars(log, what, self._lab.view.only), rect)
            return
        maps = heat_maps(log, "gradients")
        scale, ramp = common_scale(maps), map_ramp(COLORS, theme.mode)
        wide = (rect.width() - KEY) / max(1, len(maps))
        for at, heat in enumerate(maps):
            part = QRectF(rect.left() + at * wide, rect.top(), wide, rect.height())
            paint_heat(painter, heat, part, scale, ramp)
        key = QRectF(rect.right() - KEY + 4, rect.top(), KEY - 4, rect.height())
        paint_key(painter, key, scale, ramp)
