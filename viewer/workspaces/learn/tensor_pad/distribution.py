"""The histogram of a tensor's elements, with mean, deviation and the element pointed at."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from analysis.tensor_pad.result import BINS, Summary
from viewer.controls.context_menu import offer_picture
from viewer.drawing.painting.text import paint_text
from viewer.look.fonts import CAPTION
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.number_format import power_of_ten
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.learn.tensor_pad.model import PadModel
from viewer.workspaces.learn.tensor_pad.shape_words import cell_text

FOOT, HEAD = 16, 16


class Distribution(Guarded, QWidget):
    """Bars as high as their counts; the words over them are the engine's numbers."""

    def __init__(self, model: PadModel) -> None:
        super().__init__()
        self._model = model
        self.setMinimumSize(120, HEAD + 40 + FOOT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        offer_picture(self)
        say(self, self.setAccessibleName, mark("Histogram of the elements"))
        for signal in (model.answered, model.pointedChanged, theme.changed, language.changed):
            signal.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(200, 110)

    def words(self) -> str:
        """Mean and deviation, and how many elements are no finite numbers."""
        tensor = self._model.tensor
        if tensor is None:
            return ""
        found = tensor.summary
        said = []
        if not math.isnan(found.mean):
            mean, std = _text(found.mean), _text(found.std)
            said.append(tr("mean {mean}, deviation {std}", mean=mean, std=std))
        if found.strange:
            said.append(tr("{n} elements are no finite numbers", n=found.strange))
        return " · ".join(said)

    def paintEvent(self, event: QPaintEvent) -> None:
        tensor = self._model.tensor
        if tensor is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        muted = theme.color("muted")
        paint_text(painter, QPointF(0, 11), self.words(), muted, CAPTION)
        foot, found = float(self.height() - FOOT), tensor.summary
        painter.setPen(QPen(theme.color("border"), 1))
        painter.drawLine(QPointF(0, foot + 0.5), QPointF(self.width(), foot + 0.5))
        if found.counts.any():
            self._paint_bars(painter, found, foot)
            self._paint_marks(painter, found, foot)
        painter.end()

    def _paint_bars(self, painter: QPainter, found: Summary, foot: float) -> None:
        most, width = int(found.counts.max()), self.width() / BINS
        for at, count in enumerate(found.counts.tolist()):
            high = count / most * (foot - HEAD - 2)
            bar = QRectF(at * width, foot - high, max(1.0, width - 1), high)
            painter.fillRect(bar, theme.color("edge"))

    def _paint_marks(self, painter: QPainter, found: Summary, foot: float) -> None:
        tensor, pointed = self._model.tensor, self._model.pointed
        low, high = found.low, found.high

        def x(value: float) -> float:
            if high <= low:
                return self.width() * (BINS // 2 + 0.5) / BINS
            return (value / 2 - low / 2) / (high / 2 - low / 2) * self.width()

        if low < 0 < high:
            painter.setPen(QPen(theme.color("ctl"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x(0), HEAD), QPointF(x(0), foot))
        if pointed is not None and tensor is not None:
            value = float(tensor.values[pointed])
            if math.isfinite(value):
                painter.setPen(QPen(theme.color("accent"), 2))
                painter.drawLine(QPointF(x(value), HEAD), QPointF(x(value), foot))
        under, muted = self.height() - 4.0, theme.color("muted")
        right, middle = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter
        if low == high:
            at = QPointF(self.width() / 2, under)
            paint_text(painter, at, _text(low), muted, CAPTION, False, middle)
            return
        paint_text(painter, QPointF(0, under), _text(low), muted, CAPTION)
        paint_text(painter, QPointF(self.width(), under), _text(high), muted, CAPTION, False, right)
        if low < 0 < high and 40 < x(0) < self.width() - 40:
            paint_text(painter, QPointF(x(0), under), "0", muted, CAPTION, False, middle)


def _text(value: float) -> str:
    said = cell_text(value, "float64")
    return power_of_ten(value, 1) if "e" in said else said
