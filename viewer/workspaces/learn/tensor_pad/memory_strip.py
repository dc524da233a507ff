"""The memory of a tensor, cell after cell, with the steps that its strides take."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from analysis.tensor_pad.result import TensorResult
from viewer.controls.context_menu import offer_picture
from viewer.drawing.painting.text import paint_text, text_width
from viewer.look.fonts import CAPTION
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.learn.tensor_pad.heat import cell_color, colors, letter_color
from viewer.workspaces.learn.tensor_pad.model import Index, PadModel
from viewer.workspaces.learn.tensor_pad.shape_words import cell_text

CELL = QSize(48, 20)
ABOVE, PLACE = 24, 13
"""Heights in px: of the arcs over a row of cells, of the places written under it."""
ROW = ABOVE + CELL.height() + PLACE
MARGIN = 4


class MemoryStrip(Guarded, QWidget):
    """Cells wrap into rows. From the element pointed at, an arc goes one step along each axis.

    What the tensor does not reach is hatched. Where nothing is pointed at, the first element is.
    """

    cellShown = Signal(object)
    """The QRect of a cell that something else points at and that is to be seen."""

    def __init__(self, model: PadModel) -> None:
        super().__init__()
        self._model = model
        self.setMouseTracking(True)
        say(self, self.setAccessibleName, mark("Memory of the tensor"))
        offer_picture(self)
        for signal in (theme.changed, language.changed):
            signal.connect(self.update)
        model.pointedChanged.connect(self._pointed)
        model.answered.connect(self._resize)

    @property
    def columns(self) -> int:
        """Cells in a row."""
        return max(1, (self.width() - 2 * MARGIN) // CELL.width())

    def cell(self, place: int) -> QRect:
        """Where a cell of the memory is painted."""
        row, column = divmod(place, self.columns)
        left, top = MARGIN + column * CELL.width(), row * ROW + ABOVE
        return QRect(left, top, CELL.width(), CELL.height())

    def place_at(self, at: QPointF) -> int | None:
        """The place in memory at a point."""
        tensor = self._model.tensor
        row, down = divmod(round(at.y()), ROW)
        column = (round(at.x()) - MARGIN) // CELL.width()
        place = row * self.columns + column
        inside = tensor is not None and 0 <= column < self.columns and down >= ABOVE
        return place if inside and tensor and 0 <= place < len(tensor.memory) else None

    def _pointed(self) -> None:
        tensor, index = self._model.tensor, self._model.pointed
        if tensor is not None and index is not None and not self.underMouse():
            self.cellShown.emit(self.cell(tensor.place(index)))
        self.update()

    def _resize(self) -> None:
        tensor = self._model.tensor
        cells = len(tensor.memory) if tensor is not None else 0
        self.setMinimumHeight(-(-cells // self.columns) * ROW + MARGIN)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._resize()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place, tensor = self.place_at(event.position()), self._model.tensor
        if tensor is not None:
            self._model.point_at(tensor.indices(place) if place is not None else None)

    def leaveEvent(self, event: QEvent) -> None:
        self._model.point_at(None)

    # ------------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        tensor = self._model.tensor
        if tensor is None or not len(tensor.memory):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        first = max(0, event.rect().top() // ROW) * self.columns
        last = min(len(tensor.memory), (event.rect().bottom() // ROW + 1) * self.columns)
        ramp = colors(tensor)
        for place in range(first, last):
            self._paint_cell(painter, tensor, place, ramp)
        if tensor.summary_size:
            index = self._model.pointed or (0,) * len(tensor.shape)
            self._paint_steps(painter, tensor, index)
        painter.end()

    def _paint_cell(
        self, painter: QPainter, tensor: TensorResult, place: int, ramp: NDArray[np.uint32]
    ) -> None:
        cell = QRectF(self.cell(place)).adjusted(0, 0, -1, 0)
        value, middle = tensor.memory[place], Qt.AlignmentFlag.AlignHCenter
        reached = tensor.indices(place) is not None
        letters = theme.color("muted")
        if reached:
            ground = cell_color(float(value), tensor, ramp)
            painter.fillRect(cell, ground)
            letters = letter_color(ground)
        else:
            painter.fillRect(cell, theme.color("sunken"))
            painter.setPen(QPen(theme.color("border"), 1))
            for across in range(-CELL.height(), CELL.width(), 6):
                painter.save()
                painter.setClipRect(cell, Qt.ClipOperation.IntersectClip)
                foot = QPointF(cell.left() + across, cell.bottom())
                painter.drawLine(foot, QPointF(foot.x() + CELL.height(), cell.top()))
                painter.restore()
        at = QPointF(cell.center().x(), cell.center().y() + 4)
        paint_text(painter, at, cell_text(value, tensor.dtype), letters, CAPTION, False, middle)
        under = QPointF(cell.center().x(), cell.bottom() + 10)
        paint_text(painter, under, str(place), theme.color("muted"), 9, False, middle)

    def _paint_steps(self, painter: QPainter, tensor: TensorResult, index: Index) -> None:
        """A ring about the element, and for each axis an arc to its neighbour along it."""
        here = self.cell(tensor.place(index))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        axes = [a for a, size in enumerate(tensor.shape) if index[a] + 1 < size]
        taken: list[QRectF] = []
        for axis in sorted(axes, key=lambda a: -tensor.strides[a]):
            there = self.cell(tensor.place(index) + tensor.strides[axis])
            words = tr("axis {axis}: +{stride}", axis=axis, stride=tensor.strides[axis])
            taken.append(self._paint_step(painter, here, there, words, taken))
        painter.setPen(QPen(theme.color("accent"), 2))
        painter.drawRect(here.adjusted(0, 0, -1, 0))

    def _paint_step(
        self, painter: QPainter, here: QRect, there: QRect, words: str, taken: Sequence[QRectF]
    ) -> QRectF:
        """An arc, or an arrow from another row, and its words beside the words that are there."""
        pen = QPen(theme.color("accent"), 1.5)
        painter.setPen(pen)
        begin = QPointF(here.center().x() + 1, here.top())
        end = QPointF(there.center().x() - 2, there.top())
        if here.top() == there.top() and here != there:
            path = QPainterPath(begin)
            high = here.top() - min(ABOVE - 8, 8 + (end.x() - begin.x()) / 12)
            path.cubicTo(QPointF(begin.x(), high), QPointF(end.x(), high), end)
            painter.drawPath(path)
            middle = (begin.x() + end.x()) / 2
        else:
            middle = there.center().x()
        painter.drawLine(end, end + QPointF(-4, -4))
        painter.drawLine(end, end + QPointF(3, -4))
        painter.drawRect(QRectF(there).adjusted(1, 1, -2, -1))
        room = text_width(words, CAPTION)
        left = min(max(MARGIN, middle - room / 2), self.width() - room - MARGIN)
        ground = beside(QRectF(left - 2, there.top() - ABOVE + 1, room + 4, 13), taken)
        left = ground.left() + 2
        painter.fillRect(ground, theme.color("surface"))
        at = QPointF(left, there.top() - ABOVE + 11)
        paint_text(painter, at, words, theme.color("accent"), CAPTION)
        return ground


def beside(ground: QRectF, taken: Sequence[QRectF]) -> QRectF:
    """Where words stand that would lie on others: left of them where there is room, else right."""
    for other in taken:
        if ground.intersects(other):
            left = other.left() - ground.width()
            ground = QRectF(ground)
            ground.moveLeft(left if left >= MARGIN - 2 else other.right())
    return ground
