"""Epoch, batch and iteration: the words and the picture that fills while it trains."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from viewer.controls import labelled
from viewer.drawing.charts.epoch_picture import Epoch, paint_epoch
from viewer.override_guard import Guarded
from viewer.text.number_format import grouped
from viewer.text.translation import mark, tr
from viewer.workspaces.train.charts.chart_view import ChartView
from viewer.workspaces.train.lab.lab import Lab


class EpochView(Guarded, QWidget):
    """Shows how far the training is through its pictures."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        self.words = labelled("plain", "")
        self.words.setWordWrap(True)
        self.formula = labelled("caption", "")
        self.formula.setWordWrap(True)
        self.picture = ChartView(mark("Epoch, batch, iteration"), self._paint, 64)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self.words, self.picture, self.formula):
            column.addWidget(widget)

    @property
    def epoch(self) -> Epoch | None:
        """Of the training, with the recipe's batch; None before its pictures are read."""
        log = self._lab.log
        if log.prepared is None:
            return None
        return Epoch(len(log.prepared.training), log.recipe.batch, log.step)

    def show_log(self) -> None:
        """Say and show it as it is now."""
        epoch = self.epoch
        self.words.setText("" if epoch is None else tr(
            "epoch {epoch} · iteration {i}/{iterations} · {drawn} of {pictures} pictures",
            epoch=grouped(epoch.number), i=epoch.iteration, iterations=epoch.iterations,
            drawn=epoch.drawn, pictures=epoch.pictures,
        ))  # fmt: skip
        self.formula.setText("" if epoch is None else tr(
            "iterations = ⌈{pictures} / {batch}⌉ = {iterations}. Pictures are drawn at random: an "
            "epoch is as many draws as there are pictures.",
            pictures=epoch.pictures, batch=epoch.batch, iterations=epoch.iterations,
        ))  # fmt: skip
        for widget in (self.words, self.formula, self.picture):
            widget.setVisible(epoch is not None)
        self.picture.update()

    def _paint(self, painter: QPainter, rect: QRectF) -> None:
        epoch = self.epoch
        if epoch is not None:
            paint_epoch(painter, epoch, rect)
