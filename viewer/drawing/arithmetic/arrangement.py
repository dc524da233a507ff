"""Arranges grids in a picture: input left, output right, cells as large as whole pixels allow."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QTransform

from viewer.drawing.arithmetic.grid import Grid

LARGEST_CELL, LEAST_KERNEL_CELL = 56, 20
TITLE, NOTE = 22, 20
"""Room for the text over and under each grid."""
GAP = 28
READABLE = 16.0
"""Px of a cell that still holds a number."""
LEAST_WIDTH = 92
"""Of a grid with its title."""

Rows = list[list[Grid]]


def arrange(rect: QRectF, left: Grid, kernel: Grid | None, right: Grid) -> tuple[Grid, ...]:
    """Left, kernel, right in one row; or the kernel under the others where cells get larger."""
    placed = _arrange(rect, left, kernel, right)
    sides = [grid for grid in placed if grid.part != "kernel"]
    large = max(map(_columns, sides)) * READABLE > rect.width() / 2
    if large or min(grid.cell for grid in sides) >= READABLE:
        return placed
    # Rather a title over the next grid's than no grid.
    bare = [replace(grid, title=0.0) for grid in (left, right)]
    return max(placed, _arrange(rect, bare[0], kernel, bare[1]), key=lambda each: each[0].cell)


def _arrange(rect: QRectF, left: Grid, kernel: Grid | None, right: Grid) -> tuple[Grid, ...]:
    single: Rows = [[left, right]] if kernel is None else [[left, kernel, right]]
    double: Rows = [[left, right]] if kernel is None else [[left, right], [kernel]]
    best = max((single, double), key=lambda choice: _cell(rect, choice))
    side = _cell(rect, best)
    height = sum(_height(row, side) for row in best)
    y = rect.top() + max(0.0, (rect.height() - height) / 2)
    placed: list[Grid] = []
    for row in best:
        widths = [_width(grid, side) for grid in row]
        x = rect.left() + max(0.0, (rect.width() - sum(widths) - GAP * (len(row) - 1)) / 2)
        for grid, width in zip(row, widths, strict=True):
            own = _side(grid, side)
            down = (_depth(row, side) - _rows(grid) * own) / 2 if len(row) == 3 else 0.0
            placed.append(_put(grid, own, x, y + TITLE + down))
            x += width + GAP
        y += _height(row, side)
    order = {"input": 0, "kernel": 1, "output": 2}
    return tuple(sorted(placed, key=lambda grid: order[grid.part]))


def fit(rect: QRectF, grid: Grid, largest: int = LARGEST_CELL) -> Grid:
    """One grid in the middle of `rect`."""
    side = min(
        largest,
        (rect.width() - 2) / _columns(grid),
        (rect.height() - TITLE - NOTE) / _rows(grid),
    )
    side = _whole(side)
    x = rect.left() + max(0.0, (rect.width() - max(LEAST_WIDTH, _columns(grid) * side)) / 2)
    y = rect.top() + max(0.0, (rect.height() - TITLE - NOTE - _rows(grid) * side) / 2)
    return _put(grid, side, x, y + TITLE)


def _cell(rect: QRectF, rows: Rows) -> float:
    """The largest cell at which the rows fit: whole pixels, below one pixel what there is."""
    fitting, too_large = 0, LARGEST_CELL + 1
    while too_large - fitting > 1:  # what fits with large cells fits with smaller ones
        side = (fitting + too_large) // 2
        if _fits(rect, rows, side):
            fitting = side
        else:
            too_large = side
    if fitting:
        return float(fitting)
    columns = max(sum(map(_columns, row)) for row in rows)
    depth = sum(max(map(_rows, row)) for row in rows)
    return max(0.01, min(1.0, rect.width() / columns / 2, rect.height() / depth / 2))


def _fits(rect: QRectF, rows: Rows, side: float) -> bool:
    across = max(sum(_width(grid, side) for grid in row) + GAP * (len(row) - 1) for row in rows)
    down = sum(_height(row, side) for row in rows)
    return across + 4 <= rect.width() and down <= rect.height()


def _whole(side: float) -> float:
    return float(math.floor(side)) if side >= 1 else max(side, 0.01)


def _side(grid: Grid, side: float) -> float:
    """A kernel stays readable beside a large input."""
    return max(side, LEAST_KERNEL_CELL) if grid.part == "kernel" else side


def _width(grid: Grid, side: float) -> float:
    return max(LEAST_WIDTH, grid.title, _columns(grid) * _side(grid, side) + 1)


def _depth(row: Sequence[Grid], side: float) -> float:
    return max(_rows(grid) * _side(grid, side) for grid in row)


def _height(row: Sequence[Grid], side: float) -> float:
    return TITLE + NOTE + _depth(row, side)


def _rows(grid: Grid) -> int:
    return grid.rows + grid.top + grid.bottom


def _columns(grid: Grid) -> int:
    return grid.columns + grid.left + grid.right


def _put(grid: Grid, side: float, x: float, y: float) -> Grid:
    place = QTransform.fromTranslate(round(x) + grid.left * side, round(y) + grid.top * side)
    return replace(grid, cell=side, place=place)
