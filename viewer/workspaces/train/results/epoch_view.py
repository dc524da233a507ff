"""Epoch, batch and iteration: the words and the picture that fills while it trains."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from viewer.controls import labelled
from viewer.drawing.charts.epoch_picture import Epoch
from viewer.override_guard import Guarded
from viewer.text.escaping import name_text
from viewer.text.number_format import grouped
from viewer.text.translation import mark, say, tr
from viewer.text.twin_names import twin_name
from viewer.workspaces.train.charts.chart_view import ChartView
from viewer.workspaces.train.charts.of_sizes import paint_sizes
from viewer.workspaces.train.lab.lab import Lab
from viewer.workspaces.train.results.epochs import Epochs, epochs_of, height_of, paint_epochs


class EpochView(Guarded, QWidget):
    """Shows how far the training is through its pictures."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        self._epochs: Epochs = ()
        self._asked = 0
        """The run that was asked for its batch sizes last."""
        self.words = labelled("plain", "")
        self.words.setWordWrap(True)
        self.formula = labelled("caption", "")
        self.formula.setWordWrap(True)
        self.picture = ChartView(mark("Epoch, batch, iteration"), self._paint, 64)
        self.measure = QPushButton()
        self.measure.setObjectName("train.sizes")
        say(self, self.measure.setText, mark("Measure noise and memory by batch size"))
        self.measure.clicked.connect(self._ask)
        self.sizes = ChartView(mark("Noise and memory by batch size"), self._paint_sizes, 130)
        self.said = labelled("caption", "")
        self.said.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (
            self.words, self.picture, self.formula, self.measure, self.sizes, self.said
        ):  # fmt: skip
            column.addWidget(widget)

    @property
    def is_known(self) -> bool:
        """Whether the pictures are read: it is known how many there are."""
        return bool(self._epochs)

    def show_log(self) -> None:
        """Say and show it as it is now."""
        before, self._epochs = self._epochs, epochs_of(self._lab.log)
        self.words.setText("\n".join(_far(*each) for each in self._epochs))
        self.formula.setText(_formula(self._epochs))
        if before != self._epochs:
            self._fit_picture()
            self.picture.update()
        self.show_sizes()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_picture()

    def _fit_picture(self) -> None:
        """Make the picture as high as its cells stand."""
        self.picture.setFixedHeight(height_of(self._epochs, self.width()))

    def show_sizes(self) -> None:
        """Show what was measured last of the batch size."""
        seen = self._lab.log.sizes
        may = self._asked != self._lab.log.run or seen is not None
        self.measure.setEnabled(may and not self._lab.log.is_gone)
        self.said.setText("" if seen is None else tr(
            "{twin} at step {n}. Noise: how far gradients of {draws} or more batches of that size "
            "lie apart, over the length of the mean one; hollow: that of one picture / √batch. "
            "Memory: what the forward pass keeps for the way back.",
            twin=name_text(twin_name(seen.twin)), n=grouped(seen.step),
            draws=min(each.draws for each in seen.sizes),
        ))  # fmt: skip
        for widget in (self.said, self.sizes):
            widget.setVisible(seen is not None)
        if seen is not self._drawn:
            self._drawn = seen
            self.sizes.update()

    _drawn: object = None
    """The sizes that are drawn."""

    def _ask(self) -> None:
        log = self._lab.log
        if log.twins:
            log.sizes, self._asked = None, log.run
            self._lab.ask.sizes(log.twins[0].name)
            self.show_sizes()

    def _paint_sizes(self, painter: QPainter, rect: QRectF) -> None:
        seen = self._lab.log.sizes
        if seen is not None:
            paint_sizes(painter, seen, rect)

    def _paint(self, painter: QPainter, rect: QRectF) -> None:
        paint_epochs(painter, self._epochs, rect)


def _far(letters: str, epoch: Epoch) -> str:
    """How far it is through its pictures."""
    said = tr(
        "epoch {epoch} · iteration {i}/{iterations} · {drawn} of {pictures} pictures",
        epoch=grouped(epoch.number), i=epoch.iteration, iterations=epoch.iterations,
        drawn=epoch.drawn, pictures=epoch.pictures,
    )  # fmt: skip
    return f"{letters}  {said}" if letters else said


def _formula(epochs: Epochs) -> str:
    """How many iterations an epoch has, for each batch size."""
    counted = tr("; ").join(
        f"⌈{each.pictures} / {each.batch}⌉ = {each.iterations}" for _, each in epochs
    )
    return tr(
        "iterations = {counted}. Pictures are drawn at random: an epoch is as many draws as there "
        "are pictures.", counted=counted,
    ) if epochs else ""  # fmt: skip
