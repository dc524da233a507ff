"""Remembers rectangles in a grid of cells, to find room for labels quickly."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRectF

CELL = 160.0


class Occupied:
    """The rectangles that something is drawn in."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[QRectF]] = {}

    def add(self, rect: QRectF) -> None:
        """Take a rectangle."""
        for cell in _cells(rect):
            self._cells.setdefault(cell, []).append(rect)

    def is_free(self, rect: QRectF) -> bool:
        """Whether none of the rectangles meets this one."""
        return not any(
            other.intersects(rect) for cell in _cells(rect) for other in self._cells.get(cell, ())
        )


def _cells(rect: QRectF) -> Iterator[tuple[int, int]]:
    for x in range(int(rect.left() // CELL), int(rect.right() // CELL) + 1):
        for y in range(int(rect.top() // CELL), int(rect.bottom() // CELL) + 1):
            yield x, y
