"""Draws a transposed convolution as stamps: each input cell adds the kernel times its value."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from viewer.drawing.arithmetic import cells, labelled_grids
from viewer.drawing.arithmetic.arrangement import arrange
from viewer.drawing.arithmetic.grid import Grid
from viewer.drawing.arithmetic.highlight import Highlight
from viewer.drawing.arithmetic.kernel_window import outline_window, paint_window
from viewer.drawing.arithmetic.picture import Picture
from viewer.drawing.arithmetic.scene import Scene, paddings, place_of, sides


class StampPicture(Picture):
    """Input, kernel and the output with the border that p crops off.

    By input cells the output holds the sums so far; by output cells its own stamps are framed.
    """

    def grids(self, scene: Scene, rect: QRectF) -> tuple[Grid, ...]:
        """Input, kernel, output."""
        case = scene.case
        before, after = paddings(case.padding), paddings(_cropped_after(scene))
        output = Grid("output", *sides(case.out_size), 1.0, top=before[0], left=before[1],
                      bottom=after[0], right=after[1])  # fmt: skip
        room = labelled_grids.title_room(labelled_grids.input_label(scene))
        inside = Grid("input", *sides(case.in_size), 1.0, title=room)
        kernel = Grid("kernel", *sides(case.kernel), 1.0)
        return arrange(rect, inside, kernel, output)

    def paint_base(self, painter: QPainter, scene: Scene, grids: tuple[Grid, ...]) -> None:
        """Everything but the sums."""
        inks = scene.inks
        inside, kernel, outside = grids
        labelled_grids.paint_input(painter, scene, inside)
        labelled_grids.title(painter, inside, inks.color("a_in"), labelled_grids.input_label(scene))
        labelled_grids.paint_kernel(painter, scene, kernel)
        labelled_grids.title(
            painter, kernel, inks.color("text"), labelled_grids.kernel_label(scene)
        )
        labelled_grids.paint_output(painter, scene, outside)
        labelled_grids.title(
            painter, outside, inks.color("a_out"), labelled_grids.output_label(scene)
        )
        labelled_grids.note(painter, outside, inks, labelled_grids.padding_label(scene))

    def paint_step(
        self,
        painter: QPainter,
        scene: Scene,
        grids: tuple[Grid, ...],
        step: float,
        lit: Highlight,
    ) -> None:
        """The stamp of an input cell with the sums so far, or the stamps on an output cell."""
        inside, kernel, outside = grids
        labelled_grids.light(painter, scene, inside, labelled_grids.places(lit.inputs))
        labelled_grids.light_kernel(painter, scene, kernel, labelled_grids.places(lit.kernels))
        stamping = scene.by == "input" and step >= 0
        if stamping:
            paint_window(painter, scene, outside, step)
        self._sums(painter, scene, outside, step, lit)
        if stamping:
            outline_window(painter, scene, outside, step)
        elif scene.by == "output":
            self._frames(painter, scene, outside, lit)

    def _sums(
        self, painter: QPainter, scene: Scene, grid: Grid, step: float, lit: Highlight
    ) -> None:
        """Numbers of the output: what is added up so far, bold where this step adds."""
        inks = scene.inks
        bright = cells.within(painter, grid, labelled_grids.places(lit.outputs))
        sums, count = scene.output_after(step), grid.rows * grid.columns
        if scene.by == "output" and step >= 0:
            count = math.floor(step + 0.5) + 1
        if labelled_grids.shades(grid):
            cells.shade(painter, grid, sums, *labelled_grids.shade_ends(inks, "a_out"), count)
        cells.fill(painter, grid, inks.color("a_out"), bright)
        if grid.cell < cells.NUMBERS_FROM:
            return
        seen = cells.all_seen(painter, grid)
        seen = [place for place in seen if place[0] * grid.columns + place[1] < count]

        def text(row: int, column: int) -> str:
            if scene.shown == "symbols":
                return labelled_grids.symbol(scene.letters[1], row, column, scene.case.rank)
            return cells.cell_text(sums[row, column], cells.characters(grid))

        dark = set(bright)
        plain = [place for place in seen if place not in dark]
        widest = (
            ""
            if scene.shown == "symbols"
            else cells.widest_of(scene.output_plane, cells.characters(grid))
        )
        cells.write(painter, grid, inks.color("text"), plain, text, widest=widest)
        cells.write(painter, grid, cells.LIT_TEXT, bright, text, True, widest)

    def _frames(self, painter: QPainter, scene: Scene, grid: Grid, lit: Highlight) -> None:
        """The outline of every stamp that writes the lit output cell."""
        case = scene.case
        (down, across), (above, before) = sides(case.stride), paddings(case.padding)
        for cell in lit.inputs:
            row, column = place_of(cell)
            block = grid.block(row * down - above, column * across - before, *sides(case.extent))
            cells.outline(painter, grid, scene.inks.color("a_win"), block, 1.0)


def _cropped_after(scene: Scene) -> tuple[int, ...]:
    """Cells of the last stamp past the output's end, per axis: p, less what output padding adds."""
    case = scene.case
    return tuple(
        max(0, s * (i - 1) + extent - p - o)
        for s, i, extent, p, o in zip(
            case.stride, case.in_size, case.extent, case.padding, case.out_size, strict=True
        )
    )
