"""Draws the sliding window: the cells of the input (or of the output) that the kernel covers."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from viewer.drawing.arithmetic import cells
from viewer.drawing.arithmetic.grid import Grid
from viewer.drawing.arithmetic.scene import Scene, paddings, place_of, sides

FILL = 0.06


def window_corner(scene: Scene, step: float) -> tuple[float, float]:
    """(row, column) of the window's first cell; between two steps of a row it is between them."""
    index = math.floor(step)
    here = _corner(scene, index)
    part = step - index
    if part == 0 or index + 1 >= scene.steps:
        return here
    there = _corner(scene, index + 1)
    if there[0] != here[0]:  # a new row begins: the window jumps
        return there if part >= 0.5 else here
    return here[0], here[1] + part * (there[1] - here[1])


def _corner(scene: Scene, index: int) -> tuple[float, float]:
    case = scene.case
    row, column = place_of(scene.cell_of(index))
    if case.kind == "transposed" and scene.by == "output":
        return row, column  # of the stretched and padded input, which stride 1 goes over
    (down, across), (above, before) = sides(case.stride), paddings(case.padding)
    return row * down - above, column * across - before


def window_block(scene: Scene, grid: Grid, step: float) -> QRectF:
    """The window at a step, in px from the grid's corner."""
    row, column = window_corner(scene, step)
    return grid.block(row, column, *sides(scene.case.extent))


def tap_blocks(scene: Scene, grid: Grid, step: float) -> list[QRectF]:
    """All that the dilated kernel lies on, padding too, in px from the grid's corner."""
    if max(scene.case.dilation) == 1:
        return [window_block(scene, grid, step)]
    row, column = window_corner(scene, step)
    (rows, columns), (down, across) = sides(scene.case.kernel), sides(scene.case.dilation)
    return [
        grid.block(row + r * down, column + c * across) for r in range(rows) for c in range(columns)
    ]


def paint_window(painter: QPainter, scene: Scene, grid: Grid, step: float) -> None:
    """The window's tint, under the lit cells."""
    tint = scene.inks.color("a_win", FILL)
    for block in tap_blocks(scene, grid, step):
        cells.fill_block(painter, grid, tint, block)


def outline_window(painter: QPainter, scene: Scene, grid: Grid, step: float) -> None:
    """The window's outline, over the lit cells."""
    cells.outline(painter, grid, scene.inks.color("a_win"), window_block(scene, grid, step))
