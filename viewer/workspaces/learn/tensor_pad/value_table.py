"""The elements of one slice as a table, each cell in the colour of its value."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from analysis.tensor_pad.result import TensorResult
from viewer.controls.arrow_keys import moved
from viewer.controls.context_menu import Entry, offer_menu
from viewer.drawing.painting.text import paint_text
from viewer.look.fonts import CAPTION
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.translation import language, mark, say
from viewer.workspaces.learn.tensor_pad.heat import cell_color, colors, letter_color
from viewer.workspaces.learn.tensor_pad.model import Index, PadModel
from viewer.workspaces.learn.tensor_pad.shape_words import cell_text

CELL = QSize(52, 22)
HEAD = QSize(34, 18)
"""The strips of indices: width of the left one, height of the upper one."""


class ValueTable(Guarded, QWidget):
    """Rows and columns are the last two axes; a vector is one row, a number one cell."""

    cellShown = Signal(object)
    """The QRect of a cell that something else points at and that is to be seen."""

    def __init__(self, model: PadModel) -> None:
        super().__init__()
        self._model = model
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        say(self, self.setAccessibleName, mark("Values of the tensor"))
        offer_menu(self, lambda _: (Entry(mark("Copy the values"), self.copy),))
        model.answered.connect(self._resize)
        model.sliceChanged.connect(self.update)
        model.pointedChanged.connect(self._pointed)
        theme.changed.connect(self.update)
        language.changed.connect(self.update)
        self._resize()

    # ------------------------------------------------------------------ what is where

    def _size(self) -> tuple[int, int]:
        """(rows, columns) of a slice."""
        tensor = self._model.tensor
        if tensor is None:
            return 0, 0
        shape = (1, 1, *tensor.shape)[-2:]
        return shape[0], shape[1]

    def _index(self, row: int, column: int) -> Index:
        """The whole index of a cell."""
        tensor = self._model.tensor
        axes = len(tensor.shape) if tensor is not None else 0
        return (*self._model.slice, row, column) if axes > 1 else (column,)[:axes]

    def _cell_of(self, index: Index | None) -> tuple[int, int] | None:
        """The cell of an index; None where another slice is shown."""
        if index is None or index[:-2] != self._model.slice:
            return None
        return (index[-2], index[-1]) if len(index) > 1 else (0, index[0] if index else 0)

    def cell(self, row: int, column: int) -> QRect:
        """Where a cell is painted."""
        at = QPointF(
            HEAD.width() + column * CELL.width(), HEAD.height() + row * CELL.height()
        ).toPoint()
        return QRect(at, CELL)

    def cell_at(self, at: QPointF) -> tuple[int, int] | None:
        """The cell at a point."""
        rows, columns = self._size()
        row = (round(at.y()) - HEAD.height()) // CELL.height()
        column = (round(at.x()) - HEAD.width()) // CELL.width()
        return (row, column) if 0 <= row < rows and 0 <= column < columns else None

    def _resize(self) -> None:
        rows, columns = self._size()
        wide = HEAD.width() + columns * CELL.width() + 2
        self.setMinimumSize(wide, HEAD.height() + rows * CELL.height() + 2)
        self.update()

    def _pointed(self) -> None:
        cell = self._cell_of(self._model.pointed)
        if cell is not None and not self.underMouse():
            self.cellShown.emit(self.cell(*cell))
        self.update()

    # ------------------------------------------------------------------ mouse and keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        self._model.point_at(self._index(*cell) if cell is not None else None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        if not self.hasFocus():
            self._model.point_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        cell = moved(event.key(), self._cell_of(self._model.pointed), self._size())
        if cell is None:
            super().keyPressEvent(event)
        else:
            self._model.point_at(self._index(*cell))

    def copy(self) -> None:
        """Put the slice on the clipboard, tabs between the columns."""
        from PySide6.QtGui import QGuiApplication

        tensor = self._model.tensor
        if tensor is None:
            return
        plane = tensor.values[self._model.slice].reshape(self._size())
        rows = ("\t".join(str(value) for value in row) for row in plane.tolist())
        QGuiApplication.clipboard().setText("\n".join(rows))

    # ------------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        tensor = self._model.tensor
        if tensor is None:
            return
        painter = QPainter(self)
        rows, columns = self._size()
        seen = event.rect()
        first_row = max(0, (seen.top() - HEAD.height()) // CELL.height())
        first_column = max(0, (seen.left() - HEAD.width()) // CELL.width())
        last_row = min(rows, (seen.bottom() - HEAD.height()) // CELL.height() + 1)
        last_column = min(columns, (seen.right() - HEAD.width()) // CELL.width() + 1)
        self._paint_heads(painter, (first_row, last_row), (first_column, last_column))
        self._paint_cells(painter, tensor, (first_row, last_row), (first_column, last_column))
        cell = self._cell_of(self._model.pointed)
        if cell is not None:
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRect(self.cell(*cell))
        painter.end()

    def _paint_heads(
        self, painter: QPainter, rows: tuple[int, int], columns: tuple[int, int]
    ) -> None:
        muted = theme.color("muted")
        right, middle = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter
        for row in range(*rows):
            cell = self.cell(row, 0)
            at = QPointF(HEAD.width() - 6, cell.center().y() + 4)
            paint_text(painter, at, str(row), muted, CAPTION, False, right)
        for column in range(*columns):
            cell = self.cell(0, column)
            at = QPointF(cell.center().x(), HEAD.height() - 5)
            paint_text(painter, at, str(column), muted, CAPTION, False, middle)

    def _paint_cells(
        self,
        painter: QPainter,
        tensor: TensorResult,
        rows: tuple[int, int],
        columns: tuple[int, int],
    ) -> None:
        plane = tensor.values[self._model.slice].reshape(self._size())
        ramp = colors(tensor)
        for row in range(*rows):
            for column in range(*columns):
                value = plane[row, column]
                ground = cell_color(float(value), tensor, ramp)
                cell = QRectF(self.cell(row, column)).adjusted(0, 0, -1, -1)
                painter.fillRect(cell, ground)
                at = QPointF(cell.center().x(), cell.center().y() + 4)
                words = cell_text(value, tensor.dtype)
                middle = Qt.AlignmentFlag.AlignHCenter
                paint_text(painter, at, words, letter_color(ground), CAPTION, False, middle)
