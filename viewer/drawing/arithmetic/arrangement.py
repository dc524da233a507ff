"""Where grids stand in a picture: input left, output right, as large as whole pixels allow."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QTransform

from viewer.drawing.arithmetic.grid import Grid

LARGEST_CELL = 40
TITLE, NOTE = 22, 20
"""Room for the text over and under each grid."""
GAP = 28
LEAST_WIDTH = 92
"""Of a grid with its title."""


def arrange(rect: QRectF, left: Grid, kernel: Grid | None, right: Grid) -> tuple[Grid, ...]:
    """Left, kernel, right in one row; or the kernel under the others where cells get larger."""
    rows = [[left, right], [kernel]] if kernel is not None else [[left, right]]
    single = [[left, kernel, right]] if kernel is not None else rows
    best = max((single, rows), key=lambda choice: _cell(rect, choice))
    side = _cell(rect, best)
    height = sum(_height(row, side) for row in best)
    y = rect.top() + max(0.0, (rect.height() - height) / 2)
    placed: list[Grid] = []
    for row in best:
        widths = [_width(grid, side) for grid in row]
        x = rect.left() + max(0.0, (rect.width() - sum(widths) - GAP * (len(row) - 1)) / 2)
        depth = max(_rows(grid) for grid in row) * side
        for grid, width in zip(row, widths, strict=True):
            down = (depth - _rows(grid) * side) / 2 if len(row) == 3 else 0.0
            placed.append(_put(grid, side, x, y + TITLE + down))
            x += width + GAP
        y += _height(row, side)
    if kernel is None:
        return tuple(placed)
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


def _cell(rect: QRectF, rows: Sequence[Sequence[Grid | None]]) -> float:
    found = float(LARGEST_CELL)
    grids = [[grid for grid in row if grid is not None] for row in rows]
    for row in grids:
        found = min(found, _side_of_row(row, rect.width() - GAP * (len(row) - 1) - 4))
    depth = sum(max(_rows(grid) for grid in row) for row in grids)
    found = min(found, (rect.height() - len(grids) * (TITLE + NOTE)) / depth)
    return _whole(found)


def _side_of_row(row: Sequence[Grid], room: float) -> float:
    """The side at which a row fills `room`: grids narrower than their titles keep those' width."""
    wide = sorted(row, key=_columns, reverse=True)
    return min(
        (room - LEAST_WIDTH * (len(wide) - n)) / sum(_columns(grid) for grid in wide[:n])
        for n in range(1, len(wide) + 1)
    )


def _whole(side: float) -> float:
    return float(math.floor(side)) if side >= 1 else max(side, 0.01)


def _width(grid: Grid | None, side: float) -> float:
    return 0.0 if grid is None else max(LEAST_WIDTH, _columns(grid) * side + 1)


def _height(row: Sequence[Grid | None], side: float) -> float:
    return TITLE + NOTE + max(_rows(grid) for grid in row if grid is not None) * side


def _rows(grid: Grid | None) -> int:
    return 0 if grid is None else grid.rows + grid.top + grid.bottom


def _columns(grid: Grid | None) -> int:
    return 0 if grid is None else grid.columns + grid.left + grid.right


def _put(grid: Grid | None, side: float, x: float, y: float) -> Grid:
    assert grid is not None
    place = QTransform.fromTranslate(round(x) + grid.left * side, round(y) + grid.top * side)
    return replace(grid, cell=side, place=place)
