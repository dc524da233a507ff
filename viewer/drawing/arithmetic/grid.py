"""The geometry of a grid of cells: where each cell lies, and which cell lies at a point."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QTransform

from viewer.drawing.arithmetic.display import Part


@dataclass(frozen=True)
class Grid:
    """Cells `cell` px wide and `height` px high (0: square).

    `place` maps px from the corner of cell (0, 0) to the picture.

    `top`, `left`, `bottom` and `right` count cells outside the grid proper: padding, or what is
    cropped off. Their rows and columns are below 0 or past the end.
    """

    part: Part
    rows: int
    columns: int
    cell: float
    place: QTransform = field(default_factory=QTransform)
    top: int = 0
    left: int = 0
    bottom: int = 0
    right: int = 0
    height: float = 0.0
    title: float = 0.0
    """Px that the text over it takes."""

    @property
    def tall(self) -> float:
        """The height of a cell in px."""
        return self.height or self.cell

    @property
    def inner(self) -> QRectF:
        """The grid proper, in px from its own corner."""
        return self.block(0, 0, self.rows, self.columns)

    @property
    def outer(self) -> QRectF:
        """The same with what lies outside the grid proper."""
        return self.block(
            -self.top,
            -self.left,
            self.rows + self.top + self.bottom,
            self.columns + self.left + self.right,
        )

    @property
    def bounds(self) -> QRectF:
        """The rectangle that it covers of the picture."""
        return self.place.mapRect(self.outer)

    def block(self, row: float, column: float, rows: float = 1, columns: float = 1) -> QRectF:
        """Cells from (row, column) on, in px from the grid's own corner."""
        wide, tall = self.cell, self.tall
        return QRectF(column * wide, row * tall, columns * wide, rows * tall)

    def on_picture(self, row: float, column: float) -> QPointF:
        """A corner between cells, on the picture: (0.5, 0.5) is the middle of the first cell."""
        return self.place.map(QPointF(column * self.cell, row * self.tall))

    def at(self, point: QPointF) -> tuple[int, int] | None:
        """The (row, column) of the grid proper at a point of the picture."""
        back, possible = self.place.inverted()
        if not possible or self.cell <= 0:
            return None
        local = back.map(point)
        row, column = math.floor(local.y() / self.tall), math.floor(local.x() / self.cell)
        inside = 0 <= row < self.rows and 0 <= column < self.columns
        return (row, column) if inside else None

    def seen(self, clip: QRectF | None) -> tuple[range, range]:
        """Rows and columns, outside ones too, of which something may be seen within `clip`."""
        rows = range(-self.top, self.rows + self.bottom)
        columns = range(-self.left, self.columns + self.right)
        back, possible = self.place.inverted()
        if clip is None or clip.isEmpty() or not possible:
            return rows, columns
        local = back.mapRect(clip)
        return (
            _within(rows, local.top() / self.tall, local.bottom() / self.tall),
            _within(columns, local.left() / self.cell, local.right() / self.cell),
        )


def _within(whole: range, low: float, high: float) -> range:
    return range(max(whole.start, math.floor(low)), min(whole.stop, math.ceil(high)))
