"""Remembers rectangles in a grid of cells, to find room for labels quickly."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRectF

CELL, MOST_CELLS = 160.0, 1000
"""Px of a cell; a rectangle over more than so many cells is looked at every time."""


class Occupied:
    """The rectangles that something is drawn in, each with the number of its owner if it has one.

    `cell` is the side of a cell in px; small ones are quicker where many thin things stand close.
    """

    def __init__(self, cell: float = CELL) -> None:
        self._cell = cell
        self._cells: dict[tuple[int, int], list[tuple[QRectF, int | None]]] = {}
        self._large: list[tuple[QRectF, int | None]] = []

    def add(self, rect: QRectF, owner: int | None = None) -> None:
        """Take a rectangle."""
        if self._is_large(rect):
            self._large.append((rect, owner))
            return
        for cell in self._cells_of(rect):
            self._cells.setdefault(cell, []).append((rect, owner))

    def is_free(self, rect: QRectF, owner: int | None = None) -> bool:
        """Whether none of the rectangles meets this one; those of its own owner may."""
        return not any(
            other.intersects(rect) and (whose is None or whose != owner)
            for other, whose in self._near(rect)
        )

    def _near(self, rect: QRectF) -> Iterator[tuple[QRectF, int | None]]:
        yield from self._large
        if self._is_large(rect):
            for found in self._cells.values():
                yield from found
        else:
            for cell in self._cells_of(rect):
                yield from self._cells.get(cell, ())

    def _is_large(self, rect: QRectF) -> bool:
        return (rect.width() / self._cell + 1) * (rect.height() / self._cell + 1) > MOST_CELLS

    def _cells_of(self, rect: QRectF) -> Iterator[tuple[int, int]]:
        cell = self._cell
        for x in range(int(rect.left() // cell), int(rect.right() // cell) + 1):
            for y in range(int(rect.top() // cell), int(rect.bottom() // cell) + 1):
                yield x, y
