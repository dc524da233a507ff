"""Draws a transposed convolution as a direct one: zeros between cells, the kernel flipped."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from viewer.drawing.arithmetic import cells, labelled_grids
from viewer.drawing.arithmetic.arrangement import arrange
from viewer.drawing.arithmetic.display import Spot
from viewer.drawing.arithmetic.flat_picture import paint_done
from viewer.drawing.arithmetic.grid import Grid
from viewer.drawing.arithmetic.highlight import Highlight
from viewer.drawing.arithmetic.kernel_window import outline_window, paint_window
from viewer.drawing.arithmetic.picture import Picture
from viewer.drawing.arithmetic.scene import Scene, cell_from, paddings, place_of, sides
from viewer.text.translation import tr


class ZeroInsertionPicture(Picture):
    """The stretched, padded input, over which the flipped kernel goes with stride 1."""

    def grids(self, scene: Scene, rect: QRectF) -> tuple[Grid, ...]:
        """The stretched input, the flipped kernel, the output."""
        case = scene.case
        room = labelled_grids.title_room(_stretched_label(scene))
        return arrange(
            rect,
            Grid("input", *sides(scene.zeros.direct.in_size), 1.0, title=room),
            Grid("kernel", *sides(case.kernel), 1.0),
            Grid("output", *sides(case.out_size), 1.0),
        )

    def paint_base(self, painter: QPainter, scene: Scene, grids: tuple[Grid, ...]) -> None:
        """Input cells in their tint among empty cells of zeros; kernel; empty output."""
        inks = scene.inks
        inside, kernel, outside = grids
        paint_stretched(painter, scene, inside)
        labelled_grids.title(painter, inside, inks.color("a_in"), _stretched_label(scene))
        labelled_grids.note(painter, inside, inks, labelled_grids.zeros_label(scene))
        labelled_grids.paint_kernel(painter, scene, kernel, flipped=True)
        labelled_grids.title(
            painter, kernel, inks.color("text"), labelled_grids.kernel_label(scene, flipped=True)
        )
        labelled_grids.paint_output(painter, scene, outside)
        labelled_grids.title(
            painter, outside, inks.color("a_out"), labelled_grids.output_label(scene)
        )

    def paint_step(
        self,
        painter: QPainter,
        scene: Scene,
        grids: tuple[Grid, ...],
        step: float,
        lit: Highlight,
    ) -> None:
        """The window, what it reads, and the output up to here."""
        inside, kernel, outside = grids
        moving = scene.by == "output" and step >= 0
        if moving:
            paint_window(painter, scene, inside, step)
        light_stretched(painter, scene, inside, lit)
        if moving:
            outline_window(painter, scene, inside, step)
        flipped = [
            (kernel.rows - 1 - row, kernel.columns - 1 - column)
            for row, column in labelled_grids.places(lit.kernels)
        ]
        labelled_grids.light_kernel(painter, scene, kernel, flipped, flipped=True)
        paint_done(painter, scene, outside, step)
        labelled_grids.light(painter, scene, outside, labelled_grids.places(lit.outputs), step)

    def spot(self, scene: Scene, grid: Grid, place: tuple[int, int]) -> Spot | None:
        """The real input and kernel cells; a zero is none."""
        rank = scene.case.rank
        if grid.part == "input":
            return stretched_spot(scene, place)
        if grid.part == "kernel":
            place = (grid.rows - 1 - place[0], grid.columns - 1 - place[1])
        return Spot(grid.part, cell_from(place, rank))


def _stretched_label(scene: Scene) -> str:
    return tr("input with zeros {size}", size=labelled_grids.size_text(scene.zeros.direct.in_size))


def stretched_spot(scene: Scene, place: tuple[int, int]) -> Spot | None:
    """The input cell that stands at (row, column) of the stretched input."""
    rank = scene.case.rank
    origin = scene.origins[cell_from(place, rank)]
    return Spot("input", tuple(int(at) for at in origin)) if origin[0] >= 0 else None


def paint_stretched(
    painter: QPainter,
    scene: Scene,
    grid: Grid,
    tint: str = "a_inbg",
    line: str = "a_in",
    with_zeros: bool = True,
) -> None:
    """The stretched input: zeros and padding dashed, input cells tinted, with their numbers."""
    inks = scene.inks
    frame = Grid("input", 0, 0, grid.cell, grid.place, bottom=grid.rows, right=grid.columns)
    cells.dashed(painter, frame, inks.color("edge"))
    if labelled_grids.shades(grid):
        _shade_stretched(painter, scene, grid)
        return
    rows, columns = sides(scene.case.in_size)
    every = (
        stretched_place(scene, (row, column)) for row in range(rows) for column in range(columns)
    )
    real = [place for place in cells.within(painter, grid, every) if _is_in(grid, place)]
    if grid.cell >= cells.LINES_FROM:
        cells.fill(painter, grid, inks.color(line), real, edged=True)
        cells.fill(painter, grid, inks.color(tint), real)
    else:
        cells.fill(painter, grid, inks.color("a_in"), real, edged=True)
    colour = cells.LIT_TEXT if tint == "a_in" else inks.color("text")
    write_stretched(painter, scene, grid, real, colour, bold=False)
    if with_zeros and scene.shown == "numbers" and grid.cell >= cells.NUMBERS_FROM:
        known = set(real)
        zeros = [place for place in cells.all_seen(painter, grid) if place not in known]
        cells.write(painter, grid, inks.color("muted"), zeros, lambda _r, _c: "0")


def _shade_stretched(painter: QPainter, scene: Scene, grid: Grid) -> None:
    """Many small cells as one picture: shades of the values, nothing where zeros are."""
    values = np.full((grid.rows, grid.columns), np.nan)
    (down, across), (above, before) = sides(scene.case.stride), paddings(scene.zeros.before)
    plane = scene.input_plane.astype(np.float64)
    rows = np.arange(plane.shape[0]) * down + above
    columns = np.arange(plane.shape[1]) * across + before
    shown_rows = (rows >= 0) & (rows < grid.rows)
    shown_columns = (columns >= 0) & (columns < grid.columns)
    target = np.ix_(rows[shown_rows], columns[shown_columns])
    values[target] = plane[np.ix_(shown_rows, shown_columns)]
    dark, light = labelled_grids.shade_ends(scene.inks, "a_in")
    cells.shade(painter, grid, values, dark, light, grid.rows * grid.columns)


def light_stretched(painter: QPainter, scene: Scene, grid: Grid, lit: Highlight) -> None:
    """Input cells in use, where they stand in the stretched input."""
    places = [stretched_place(scene, place_of(cell)) for cell in lit.inputs]
    seen = cells.within(painter, grid, [place for place in places if _is_in(grid, place)])
    cells.fill(painter, grid, scene.inks.color("a_in"), seen)
    write_stretched(painter, scene, grid, seen, cells.LIT_TEXT, bold=True)


def stretched_place(scene: Scene, place: tuple[int, int]) -> tuple[int, int]:
    """Where the input cell at (row, column) stands in the stretched, padded input."""
    (down, across), (above, before) = sides(scene.case.stride), paddings(scene.zeros.before)
    return place[0] * down + above, place[1] * across + before


def _is_in(grid: Grid, place: tuple[int, int]) -> bool:
    return 0 <= place[0] < grid.rows and 0 <= place[1] < grid.columns


def write_stretched(
    painter: QPainter,
    scene: Scene,
    grid: Grid,
    places: list[tuple[int, int]],
    colour: QColor,
    bold: bool,
) -> None:
    """The numbers of input cells, where they stand in the stretched input."""
    if grid.cell < cells.NUMBERS_FROM:
        return
    values, rank = scene.input_plane, scene.case.rank

    def text(row: int, column: int) -> str:
        spot = stretched_spot(scene, (row, column))
        if spot is None:
            return ""
        place = place_of(spot.cell)
        if scene.shown == "symbols":
            return labelled_grids.symbol(scene.letters[0], *place, rank)
        return cells.cell_text(values[place], cells.characters(grid))

    widest = "" if scene.shown == "symbols" else cells.widest_of(values, cells.characters(grid))
    cells.write(painter, grid, colour, places, text, bold, widest)
