"""The histogram of one channel's values, with zero, the range drawn and the value pointed at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.controls.context_menu import offer_picture
from viewer.drawing.painting.text import lettering
from viewer.look.fonts import CAPTION
from viewer.look.pale import opacity
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.number_format import decimal
from viewer.text.translation import language, say

BINS = 48
FOOT = 16


def histogram(values: NDArray[np.float32]) -> tuple[NDArray[np.int64], float, float]:
    """Counts in equal bins between the smallest and the largest finite value, and those two."""
    known = values[np.isfinite(values)]
    if not known.size:
        return np.zeros(BINS, np.int64), 0.0, 0.0
    low, high = float(known.min()), float(known.max())
    if low == high:
        counts = np.zeros(BINS, np.int64)
        counts[BINS // 2] = known.size
        return counts, low, high
    # In float32 there is no room for the bins between two neighbouring numbers.
    found, _ = np.histogram(known.astype(np.float64), BINS, (low, high))
    return found.astype(np.int64), low, high


class Histogram(Guarded, QWidget):
    """Bars whose height is the root of their count, so that few large values show beside many 0."""

    def __init__(self) -> None:
        super().__init__()
        self._counts: NDArray[np.int64] = np.zeros(BINS, np.int64)
        self._low = self._high = 0.0
        self._at: float | None = None
        self._old = False
        self.setMinimumHeight(56 + FOOT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        offer_picture(self)
        say(self, self.setAccessibleName, "Histogram of the channel")
        say(self, self.setToolTip, "How often each value occurs; heights are square roots")
        theme.changed.connect(self.update)
        language.changed.connect(self.update)

    def show_values(self, values: NDArray[np.float32] | None) -> None:
        """Count these values, whatever their shape."""
        empty = np.zeros(0, np.float32)
        self._counts, self._low, self._high = histogram(empty if values is None else values)
        self.update()

    def show_age(self, old: bool) -> None:
        """Bars are pale while they are of an earlier picture."""
        if old != self._old:
            self._old = old
            self.update()

    def point_at(self, value: float | None) -> None:
        """Mark a value."""
        if value != self._at:
            self._at = value
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 90)

    def _x(self, value: float) -> float:
        across = self._high - self._low
        return (value - self._low) / across * self.width() if across > 0 else self.width() / 2

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        foot = self.height() - FOOT
        painter.setPen(QPen(theme.color("border"), 1))
        painter.drawLine(QPointF(0, foot + 0.5), QPointF(self.width(), foot + 0.5))
        if not self._counts.any():
            painter.end()
            return
        painter.setOpacity(opacity(self._old))
        heights = np.sqrt(self._counts / self._counts.max()) * (foot - 2)
        width = self.width() / BINS
        for index, height in enumerate(heights.tolist()):
            bar = QRectF(index * width, foot - height, max(1.0, width - 1), height)
            painter.fillRect(bar, theme.color("edge"))
        if self._low < 0 < self._high:
            painter.setPen(QPen(theme.color("ctl"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(self._x(0), 0), QPointF(self._x(0), foot))
        if self._at is not None and np.isfinite(self._at):
            painter.setPen(QPen(theme.color("fieldedge"), 2))
            painter.drawLine(QPointF(self._x(self._at), 0), QPointF(self._x(self._at), foot))
        self._paint_ends(painter, foot)
        painter.end()

    def _paint_ends(self, painter: QPainter, foot: int) -> None:
        painter.setFont(lettering(CAPTION, False))
        painter.setPen(theme.color("muted"))
        strip = QRectF(0, foot + 1, self.width(), FOOT - 1)
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        painter.drawText(strip, left, decimal(self._low, 2))
        painter.drawText(strip, right, decimal(self._high, 2))
        if self._low < 0 < self._high and 40 < self._x(0) < self.width() - 40:
            middle = QRectF(self._x(0) - 20, foot + 1, 40, FOOT - 1)
            painter.drawText(middle, Qt.AlignmentFlag.AlignHCenter, "0")
