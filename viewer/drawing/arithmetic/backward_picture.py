"""Draws the backward pass: ∂y goes back to ∂x through the same taps, and to each weight."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from analysis.arithmetic import Values
from viewer.drawing.arithmetic import cells, labelled_grids
from viewer.drawing.arithmetic.arrangement import arrange
from viewer.drawing.arithmetic.grid import Grid
from viewer.drawing.arithmetic.highlight import Highlight
from viewer.drawing.arithmetic.picture import Picture
from viewer.drawing.arithmetic.scene import Scene, plane, sides


class BackwardPicture(Picture):
    """∂x at the left, where x stands in the forward pass; ∂w; ∂y at the right.

    Steps are cells of ∂x. A scene with `grad_output` is needed.
    """

    def grids(self, scene: Scene, rect: QRectF) -> tuple[Grid, ...]:
        """∂x, ∂w (not of a pooling), ∂y."""
        case = scene.case
        kernel = Grid("kernel", *sides(case.kernel), 1.0) if case.kind != "pool" else None
        inside = Grid("input", *sides(case.in_size), 1.0)
        return arrange(rect, inside, kernel, Grid("output", *sides(case.out_size), 1.0))

    def paint_base(self, painter: QPainter, scene: Scene, grids: tuple[Grid, ...]) -> None:
        """∂y and ∂w with their numbers, ∂x empty."""
        inks, case = scene.inks, scene.case
        inside, *between, outside = grids
        for grid, tint, ink, letter, size in (
            (inside, "a_inbg", "a_in", "∂x", case.in_size),
            (outside, "a_outbg", "a_out", "∂y", case.out_size),
        ):
            cells.fill_block(painter, grid, inks.color(tint), grid.inner)
            cells.lines(painter, grid, inks.color(ink))
            labelled_grids.title(
                painter, grid, inks.color(ink), f"{letter} {labelled_grids.size_text(size)}"
            )
        for kernel in between:
            weights = labelled_grids.weight_places(scene, kernel, flipped=False)
            for place in cells.all_seen(painter, kernel):
                cells.fill(painter, kernel, cells.weight_colour(inks, weights(*place)), [place])
            cells.lines(painter, kernel, inks.color("edge"))
            labelled_grids.title(
                painter, kernel, inks.color("text"), f"∂w {labelled_grids.size_text(case.kernel)}"
            )
            self._write(painter, scene, kernel, cells.all_seen(painter, kernel))
        self._write(painter, scene, outside, cells.all_seen(painter, outside))

    def paint_step(
        self,
        painter: QPainter,
        scene: Scene,
        grids: tuple[Grid, ...],
        step: float,
        lit: Highlight,
    ) -> None:
        """∂x up to here; the cells of ∂y that it is made of."""
        inks = scene.inks
        inside, *between, outside = grids
        last = math.floor(step + 0.5) if step >= 0 else inside.rows * inside.columns
        seen = cells.all_seen(painter, inside)
        done = [place for place in seen if place[0] * inside.columns + place[1] <= last]
        self._write(painter, scene, inside, done)
        for grid, chosen, ink in (
            (inside, lit.inputs, "a_in"),
            (outside, lit.outputs, "a_out"),
        ):
            bright = cells.within(painter, grid, labelled_grids.places(chosen))
            cells.fill(painter, grid, inks.color(ink), bright)
            self._write(painter, scene, grid, bright, bold=True)
        for kernel in between:
            weights = labelled_grids.weight_places(scene, kernel, flipped=False)
            bright = labelled_grids.places(lit.kernels)
            for place in bright:
                colour = cells.weight_colour(inks, weights(*place), lit=True)
                cells.fill(painter, kernel, colour, [place])
            self._write(painter, scene, kernel, bright, bold=True)

    def _write(
        self,
        painter: QPainter,
        scene: Scene,
        grid: Grid,
        places: list[tuple[int, int]],
        bold: bool = False,
    ) -> None:
        values = gradient_plane(scene, grid.part)
        if values is None:
            return

        def text(row: int, column: int) -> str:
            return cells.cell_text(values[row, column], cells.characters(grid))

        colour = cells.LIT_TEXT if bold else scene.inks.color("text")
        cells.write(
            painter,
            grid,
            colour,
            places,
            text,
            bold,
            cells.widest_of(values, cells.characters(grid)),
        )


def gradient_plane(scene: Scene, part: str) -> Values | None:
    """(rows, columns) of the gradient of a part, between the shown channels."""
    assert scene.grad_output is not None, "only a backward pass has gradients"
    if part == "output":
        return plane(scene.grad_output[scene.out_channel])
    if part == "input":
        return plane(scene.gradients.input[scene.in_channel])
    place = scene.kernel_place
    kernel = scene.gradients.kernel
    return None if kernel is None or place is None else plane(kernel[place])
