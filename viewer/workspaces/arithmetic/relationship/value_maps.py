"""Small grids of the Relationship panel: a cell pointed at lights up everywhere, a click pins."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from analysis.arithmetic import Values
from viewer.drawing.arithmetic.count_pictures import CountPicture
from viewer.drawing.arithmetic.display import Part, Spot
from viewer.drawing.arithmetic.grid import Grid
from viewer.drawing.arithmetic.scene import cell_from
from viewer.drawing.arithmetic.value_grid import paint_plane
from viewer.override_guard import Guarded
from viewer.workspaces.arithmetic.model import edits
from viewer.workspaces.arithmetic.model.scene_model import SceneModel

FEW_COLUMNS_CELL, LEAST_NUMBERED = 24, 17
"""Px of a cell where there is room, and of the smallest that holds a count."""


class CellMap(Guarded, QWidget):
    """A grid of the model's cells; as large as it was told to be."""

    def __init__(self, model: SceneModel) -> None:
        super().__init__()
        self._model = model
        self._size = QSize(1, 1)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        model.moved.connect(self.update)

    @abstractmethod
    def grid(self) -> Grid:
        """Where the cells lie."""

    @abstractmethod
    def spot(self, place: tuple[int, int]) -> Spot | None:
        """The model's cell at (row, column); None where it is none of them."""

    def sizeHint(self) -> QSize:
        return self._size

    def minimumSizeHint(self) -> QSize:
        return self._size

    def _resize_to(self, width: float, height: float) -> None:
        self._size = QSize(round(width), round(height))
        self.setFixedSize(self._size)
        self.update()

    # ---------------------------------------------------------------------------- pointer

    def middle_of(self, row: int, column: int) -> QPointF:
        """The middle of a cell in the widget."""
        return self.grid().on_picture(row + 0.5, column + 0.5)

    def _at(self, event: QMouseEvent) -> Spot | None:
        place = self.grid().at(event.position())
        return self.spot(place) if place is not None else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light what is connected with the cell."""
        found = self._at(event)
        shape = Qt.CursorShape.PointingHandCursor if found else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        self._point(found)

    def leaveEvent(self, event: QEvent) -> None:
        """No cell is pointed at any more."""
        self._point(None)
        super().leaveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Pin the cell, or release the pinned one."""
        found = self._at(event)
        if event.button() != Qt.MouseButton.LeftButton or found is None:
            return
        again = found == self._model.view.pinned
        edits.set_view(self._model.session, pinned=None if again else found)

    def _point(self, spot: Spot | None) -> None:
        if self._model.live.hover != spot:
            edits.set_live(self._model.session, hover=spot)


class CountMap(CellMap):
    """Counts of the model's scene."""

    def __init__(self, model: SceneModel, picture: CountPicture) -> None:
        super().__init__(model)
        self.picture = picture

    def counts(self) -> NDArray[np.int64]:
        """(rows, columns) of what it shows."""
        return self.picture.counts(self._model.scene)

    def fit(self, room: int) -> None:
        """Take as much of `room` px across as the cells are worth."""
        rows, columns = self.counts().shape
        side = min(FEW_COLUMNS_CELL, (room - 1) // columns) or (room - 1) / columns
        if rows * side > 2 * room:
            side = 2 * room / rows
        self._resize_to(columns * side + 1, rows * side + 1)

    def grid(self) -> Grid:
        """The map alone."""
        return self.picture.grids(self._model.scene, QRectF(self.rect()))[0]

    def spot(self, place: tuple[int, int]) -> Spot | None:
        """The cell that is counted."""
        return self.picture.spot(self._model.scene, self.grid(), place)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        model = self._model
        self.picture.paint(painter, QRectF(self.rect()), model.scene, None, model.highlight())
        painter.end()


@dataclass(frozen=True, eq=False)
class PlaneShown:
    """(rows, columns) of values, which of them are the `same` as others, whose cells they are."""

    values: Values
    same: NDArray[np.bool_]
    part: Part
    cell: tuple[int, int]
    """(width, height) in px."""


class ValueMap(CellMap):
    """Values with the shape of the model's input or output."""

    def __init__(self, model: SceneModel) -> None:
        super().__init__(model)
        self.shown: PlaneShown | None = None

    def show_plane(self, shown: PlaneShown) -> None:
        """Show these."""
        self.shown = shown
        rows, columns = shown.values.shape
        self._resize_to(columns * shown.cell[0] + 2, rows * shown.cell[1] + 2)

    def grid(self) -> Grid:
        """The plane alone."""
        if self.shown is None:
            return Grid("input", 0, 0, 1.0)
        rows, columns = self.shown.values.shape
        wide, tall = self.shown.cell
        return Grid(self.shown.part, rows, columns, wide, height=tall)

    def spot(self, place: tuple[int, int]) -> Spot | None:
        """The cell in the same place of the model's scene."""
        assert self.shown is not None
        return Spot(self.shown.part, cell_from(place, self._model.scene.case.rank))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.shown is None:
            return
        painter = QPainter(self)
        painter.setClipRect(event.rect())
        inks, lit = self._model.scene.inks, self._model.highlight()
        paint_plane(painter, inks, self.grid(), self.shown.values, self.shown.same, lit)
        painter.end()
