"""The right panel of Train: curves, held-out pictures, histograms, and how far the epoch is."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from viewer.controls import ErrorStrip, PanelTitle, Segmented, labelled, vertical_scroll
from viewer.controls.error_strip import Repairs
from viewer.drawing.charts.line_chart import paint_lines
from viewer.override_guard import Guarded
from viewer.text.fault_sentences import fault_sentence
from viewer.text.number_format import grouped
from viewer.text.translation import language, mark, tr
from viewer.workspaces.train.charts.chart_view import ChartView
from viewer.workspaces.train.charts.of_log import curves
from viewer.workspaces.train.lab.lab import Lab
from viewer.workspaces.train.lab.waiting_words import waiting_words
from viewer.workspaces.train.results.augmentation import AugmentationView
from viewer.workspaces.train.results.codes.explorer import CodeExplorer
from viewer.workspaces.train.results.codes.overview import CodesView
from viewer.workspaces.train.results.depth_view import DepthView
from viewer.workspaces.train.results.dropout_view import DropoutView
from viewer.workspaces.train.results.epoch_view import EpochView
from viewer.workspaces.train.results.objective_view import ObjectiveView
from viewer.workspaces.train.results.older import older_sentence
from viewer.workspaces.train.results.previews import PreviewGrid
from viewer.workspaces.train.results.spreads import SpreadsView
from viewer.workspaces.train.results.twin_switch import TwinSwitch
from viewer.workspaces.train.results.worth_view import WorthView


class ResultsPanel(Guarded, QWidget):
    """Shows what came of the training; it changes as the log does."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._lab = lab
        self.curve = Segmented([("score", mark("Score")), ("loss", mark("Loss"))], 12)
        self.curve.valueChanged.connect(lambda value: lab.set_view(curve=value))
        self.across = Segmented([("seconds", mark("By time")), ("steps", mark("By step"))], 12)
        self.across.valueChanged.connect(lambda value: lab.set_view(across=value))
        self.fault = ErrorStrip()
        self.older = labelled("caption", "")
        self.older.setWordWrap(True)
        self.chart = ChartView(mark("Scores and losses"), self._paint_curves, 190, self._nothing)
        self.said = labelled("caption", "")
        self.said.setWordWrap(True)
        self.pictures = PreviewGrid(lambda: waiting_words(lab))
        self.at = labelled("small", "")
        self.only = TwinSwitch()
        for asks in (self.only.valueChanged, self.pictures.chosen):
            asks.connect(lambda value: lab.set_view(only=value))
        self.worth = WorthView(lab)
        self.codes = CodesView(lab)
        self.spreads = SpreadsView(lab)
        self.epoch = EpochView(lab)
        self.augmentation = AugmentationView(lab)
        self.objective = ObjectiveView(lab)
        self.by_depth = DepthView(lab)
        self.dropout = DropoutView(lab)
        self.explorer = CodeExplorer(lab)
        self.explorer_title = PanelTitle(mark("Look into a code"), self.explorer.twin)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(PanelTitle(mark("Held-out pictures"), self.curve))
        column.addWidget(vertical_scroll(self._content()), 1)
        lab.changed.connect(self.show_log)
        lab.pictured.connect(self.show_pictures)
        lab.stateChanged.connect(self.show_all)
        lab.lostFound.connect(self._show_fault)
        lab.session.viewChanged.connect(self._view_changed)
        language.changed.connect(self.show_all)
        self.show_all()

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        top = QVBoxLayout()
        top.setContentsMargins(12, 8, 12, 12)
        top.setSpacing(6)
        for widget in (self.fault, self.older, self.chart):
            top.addWidget(widget)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.said, 1)
        foot.addWidget(self.across)
        top.addLayout(foot)
        column.addLayout(top)
        self.by_depth_title = PanelTitle(mark("Score by depth"))
        self.by_depth_room = _added(column, self.by_depth_title, self.by_depth)
        column.addWidget(PanelTitle(mark("Side by side"), self.at, self.only))
        column.addLayout(_padded(self.pictures))
        self.worth_title = PanelTitle(mark("What each skip is worth"))
        self.worth_room = _added(column, self.worth_title, self.worth)
        self.objective_title = PanelTitle(mark("The objective"))
        self.objective_room = _added(column, self.objective_title, self.objective)
        self.dropout_title = PanelTitle(mark("Dropout"), self.dropout.when)
        self.dropout_room = _added(column, self.dropout_title, self.dropout)
        self.codes_title = PanelTitle(mark("Codes of held-out pictures"))
        self.codes_room = _added(column, self.codes_title, self.codes)
        column.addWidget(self.explorer_title)
        column.addLayout(_padded(self.explorer))
        self.epoch_title = PanelTitle(mark("Epoch, batch, iteration"))
        self.epoch_room = _added(column, self.epoch_title, self.epoch)
        self.augmentation_title = PanelTitle(mark("Augmentation"))
        self.augmentation_room = _added(column, self.augmentation_title, self.augmentation)
        self.spreads_title = PanelTitle(mark("Weights and outputs"), self.spreads.layer)
        self.spreads_room = _added(column, self.spreads_title, self.spreads)
        column.addStretch(1)
        return content

    def show_all(self) -> None:
        """Show the log as it is now."""
        self._show_fault()
        self.show_log()
        self.show_pictures()

    def show_log(self) -> None:
        """Show the newest scores and losses."""
        view = self._lab.view
        self.curve.set_value(view.curve)
        self.across.set_value(view.across)
        self.said.setText(self._legend())
        self.older.setText(older_sentence(self._lab.log, self._lab.recipe))
        self.older.setVisible(bool(self.older.text()))
        drawn = self._drawn_now()
        if drawn != self._drawn:
            self._drawn = drawn
            self.chart.update()
        self._show_previews()
        self.across.setVisible(self._lab.log.state is not None)
        self.epoch.show_log()
        for widget in (self.epoch_title, self.epoch_room):
            widget.setVisible(self.epoch.is_known)
        for widget in (self.by_depth_title, self.by_depth_room):
            widget.setVisible(self.by_depth.has_sweep)
        self.by_depth.show_log()
        for widget in (self.dropout_title, self.dropout_room):
            widget.setVisible(self.dropout.shown is not None)
        self.dropout.show_log()
        self.augmentation.show_log()
        self.worth.show_log()
        for widget in (self.worth_title, self.worth_room):
            widget.setVisible(self.worth.has_skips)
        self.objective.show_log()
        for widget in (self.objective_title, self.objective_room):
            widget.setVisible(self.objective.has_objective)
        self.explorer.show_log()
        for widget in (self.explorer_title, self.explorer):
            widget.setVisible(bool(self.explorer.coded))

    _drawn: tuple[object, ...] = ()

    def _drawn_now(self) -> tuple[object, ...]:
        """What the curves are drawn from: they are drawn again where that has changed."""
        log, view = self._lab.log, self._lab.view
        losses = sum(map(len, log.record.losses.values())) if view.curve == "loss" else 0
        return (log.run, log.state, log.prepared is None, self._lab.loaded is None, view.curve,
                view.across, len(log.record.measured), losses)  # fmt: skip

    def _view_changed(self, *_: object) -> None:
        self.show_log()

    def show_pictures(self) -> None:
        """Show the newest pictures and histograms."""
        log = self._lab.log
        self._show_previews()
        shown = log.previews
        self.at.setText("" if shown is None else tr("at step {n}", n=grouped(shown.step)))
        for widget in (self.codes_title, self.codes_room):
            widget.setVisible(self.codes.has_codes)
        for widget in (self.augmentation_title, self.augmentation_room):
            widget.setVisible(self.augmentation.is_known)
        for widget in (self.spreads_title, self.spreads_room):
            widget.setVisible(log.spreads is not None)
        self.worth.show_log()
        self.codes.show_log()
        self.epoch.show_sizes()
        self.spreads.show_log()

    def _show_previews(self) -> None:
        log, only = self._lab.log, self._lab.view.only
        self.only.show_twins(len(log.shown), only)
        self.pictures.show_log(log, only)

    def _legend(self) -> str:
        log = self._lab.log
        if not log.twins:
            return ""
        if self._lab.view.curve == "score":
            unit = tr("IoU") if log.segments else tr("PSNR, dB")
            at = tr(" at σ {sigma}", sigma=log.first_sigma) if log.recipe.task == "denoise" else ""
            return tr(
                "{unit}{at} of {n} held-out pictures; pale: of training pictures.",
                unit=unit, at=at, n=len(log.prepared.held_out) if log.prepared else 0,
            )  # fmt: skip
        return tr("Loss on held-out pictures; pale: of the training batches. Logarithmic.")

    def _paint_curves(self, painter: QPainter, rect: QRectF) -> None:
        view = self._lab.view
        paint_lines(painter, curves(self._lab.log, view.curve, view.across), rect)

    def _nothing(self) -> str:
        log = self._lab.log
        if log.record.measured:
            return ""
        if log.state == "preparing":
            return waiting_words(self._lab)
        return tr("Start trains the networks of the recipe on the same pictures, side by side.")

    def _show_fault(self) -> None:
        lab, fault = self._lab, self._lab.log.fault
        if lab.lost is not None and not lab.log.is_busy:
            sentence = tr("A training was cut off. It can go on from its last checkpoint.")
            self.fault.show_error(sentence, (
                (tr("Continue"), lab.continue_lost), (tr("Forget it"), lab.forget_lost),
            ))  # fmt: skip
            return
        if fault is None:
            self.fault.show_error("")
            return
        buttons: Repairs = ()
        if fault.code == "train-diverged" and isinstance(rate := fault.numbers[3], float):
            buttons = ((tr("Start again at {rate}", rate=f"{rate:g}"),
                        partial(lab.try_lower_rate, rate)),)  # fmt: skip
        self.fault.show_error(fault_sentence(fault), buttons)


def _added(column: QVBoxLayout, title: QWidget, widget: QWidget) -> QWidget:
    """Add a title and a room with the widget, which are shown and hidden together; the room."""
    room = QWidget()
    room.setLayout(_padded(widget))
    for each in (title, room):
        column.addWidget(each)
    return room


def _padded(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(12, 8, 12, 12)
    row.addWidget(widget)
    return row
