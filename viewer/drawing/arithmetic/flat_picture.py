"""Draws the flat picture: input left, output right, the kernel between them, with numbers."""

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
from viewer.drawing.arithmetic.scene import Scene, paddings, sides


class FlatPicture(Picture):
    """A convolution or pooling as its window goes over the padded input."""

    def grids(self, scene: Scene, rect: QRectF) -> tuple[Grid, ...]:
        """Input, kernel (a convolution's), output."""
        case = scene.case
        kernel = None
        if case.kind != "pool":
            kernel = Grid("kernel", *sides(case.kernel), 1.0)
        room = labelled_grids.title_room(labelled_grids.output_label(scene))
        output = Grid("output", *sides(case.out_size), 1.0, title=room)
        return arrange(rect, padded_input(scene), kernel, output)

    def paint_base(self, painter: QPainter, scene: Scene, grids: tuple[Grid, ...]) -> None:
        """Everything but numbers of the output."""
        inks = scene.inks
        inside, *between, outside = grids
        labelled_grids.paint_input(painter, scene, inside)
        labelled_grids.title(painter, inside, inks.color("a_in"), labelled_grids.input_label(scene))
        labelled_grids.note(painter, inside, inks, labelled_grids.padding_label(scene))
        for kernel in between:
            labelled_grids.paint_kernel(painter, scene, kernel)
            labelled_grids.title(
                painter, kernel, inks.color("text"), labelled_grids.kernel_label(scene)
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
        inside, *between, outside = grids
        moving = scene.by == "output" and step >= 0
        if moving:
            paint_window(painter, scene, inside, step)
        labelled_grids.light(painter, scene, inside, labelled_grids.places(lit.inputs))
        if moving:
            outline_window(painter, scene, inside, step)
            self._outline_largest(painter, scene, inside, lit)
        for kernel in between:
            labelled_grids.light_kernel(painter, scene, kernel, labelled_grids.places(lit.kernels))
        paint_done(painter, scene, outside, step)
        labelled_grids.light(painter, scene, outside, labelled_grids.places(lit.outputs))

    def _outline_largest(self, painter: QPainter, scene: Scene, grid: Grid, lit: Highlight) -> None:
        """Of a maximum the first cell that is the largest: the one that goes through."""
        if scene.case.kind != "pool" or scene.case.mode != "max" or not lit.inputs:
            return
        values = scene.input_plane
        largest = max(sorted(labelled_grids.places(lit.inputs)), key=lambda place: values[place])
        cells.outline(painter, grid, scene.inks.color("a_win"), grid.block(*largest))


def paint_done(painter: QPainter, scene: Scene, grid: Grid, step: float) -> None:
    """The output's numbers, up to the current step where steps are output cells."""
    count = grid.rows * grid.columns
    if scene.by == "output" and step >= 0:
        count = math.floor(step + 0.5) + 1
    if labelled_grids.shades(grid):
        labelled_grids.shade(painter, scene, grid, count)
        return
    seen = cells.all_seen(painter, grid)
    done = [place for place in seen if place[0] * grid.columns + place[1] < count]
    labelled_grids.numbers(painter, scene, grid, done, step=step)


def padded_input(scene: Scene) -> Grid:
    """The input with its padding, and with what the last window of ceil_mode covers beyond it."""
    case = scene.case
    before = paddings(case.padding)
    after = []
    for axis, (o, i) in enumerate(zip(case.out_size, case.in_size, strict=True)):
        reach = (o - 1) * case.stride[axis] - case.padding[axis] + case.extent[axis] - i
        after.append(max(case.padding[axis], reach))
    below = paddings(tuple(after))
    room = labelled_grids.title_room(labelled_grids.input_label(scene))
    return Grid("input", *sides(case.in_size), 1.0, top=before[0], left=before[1],
                bottom=below[0], right=below[1], title=room)  # fmt: skip
