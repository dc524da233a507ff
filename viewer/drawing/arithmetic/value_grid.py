"""Draws the values of one plane as a small grid of their own."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPainter

from analysis.arithmetic import Values
from viewer.drawing.arithmetic import cells, labelled_grids
from viewer.drawing.arithmetic.grid import Grid
from viewer.drawing.arithmetic.highlight import Highlight
from viewer.drawing.painting.text import text_width
from viewer.look.palette import Inks

WIDEST, TALLEST = 30, 24
"""Of a cell, in px."""
SMALLEST = 9
"""Pixels of the smallest numbers."""


def cell_size(values: tuple[Values, ...], room: float) -> tuple[int, int] | None:
    """(width, height) of the cells of planes alike in shape that hold their numbers.

    None where the numbers do not fit into `room` px across.
    """
    columns = values[0].shape[1]
    widest = max((cells.widest_of(each) for each in values), key=len)
    least = max(cells.NUMBERS_FROM, text_width(widest, SMALLEST, True) + 3)
    width = min(WIDEST, math.floor((room - 1) / columns))
    return (width, min(width, TALLEST)) if width >= least else None


def paint_plane(
    painter: QPainter,
    inks: Inks,
    grid: Grid,
    values: Values,
    same: NDArray[np.bool_],
    lit: Highlight,
) -> None:
    """Paint `values`, (rows, columns), on their side's tint; frame those marked in `same`."""
    inside = grid.part == "input"
    tint, ink = ("a_inbg", "a_in") if inside else ("a_outbg", "a_out")
    widest = cells.widest_of(values, cells.characters(grid))

    def text(row: int, column: int) -> str:
        return cells.cell_text(values[row, column], cells.characters(grid))

    cells.fill_block(painter, grid, inks.color(tint), grid.inner)
    cells.lines(painter, grid, inks.color(ink))
    seen = cells.all_seen(painter, grid)
    cells.write(painter, grid, inks.color("text"), seen, text, widest=widest)
    bright = cells.within(
        painter, grid, labelled_grids.places(lit.inputs if inside else lit.outputs)
    )
    cells.fill(painter, grid, inks.color(ink), bright)
    cells.write(painter, grid, cells.LIT_TEXT, bright, text, bold=True, widest=widest)
    for place in seen:
        if same[place]:
            cells.outline(painter, grid, inks.color("ok"), grid.block(*place))
