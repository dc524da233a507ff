"""Remembers rectangles in a grid of cells, to find room for labels quickly."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRectF

CELL, MOST_CELLS = 160.0, 1000
"""Px of a cell; a rectangle over more than so many cells is looked at every time."""


class Occupied:
    """The rectangles that something is drawn in."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[QRectF]] = {}
        self._large: list[QRectF] = []

    def add(self, rect: QRectF) -> None:
        """Take a rectangle."""
        if _is_large(rect):
            self._large.append(rect)
            return
        for cell in _cells(rect):
            self._cells.setdefault(cell, []).append(rect)

    def is_free(self, rect: QRectF) -> bool:
        """Whether none of the rectangles meets this one."""
        if any(other.intersects(rect) for other in self._large):
            return False
        if _is_large(rect):
            return not any(
                each.intersects(rect) for found in self._cells.values() for each in found
            )
        return not any(
            other.intersects(rect) for cell in _cells(rect) for other in self._cells.get(cell, ())
        )


def _is_large(rect: QRectF) -> bool:
    return (rect.width() / CELL + 1) * (rect.height() / CELL + 1) > MOST_CELLS


def _cells(rect: QRectF) -> Iterator[tuple[int, int]]:
    for x in range(int(rect.left() // CELL), int(rect.right() // CELL) + 1):
        for y in range(int(rect.top() // CELL), int(rect.bottom() // CELL) + 1):
            yield x, y
