"""Draws two slanted plates as in the guide: input below, output above.

After the figures of Dumoulin and Visin, "A guide to convolution arithmetic for deep learning":
the input blue, the output cyan, the moving window shaded on both, padding dashed. A transposed
convolution is drawn as there: as a direct one over its stretched and padded input.
"""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QTransform

from viewer.drawing.arithmetic import cells, labelled_grids
from viewer.drawing.arithmetic.display import Spot
from viewer.drawing.arithmetic.flat_picture import padded_input
from viewer.drawing.arithmetic.grid import Grid
from viewer.drawing.arithmetic.highlight import Highlight
from viewer.drawing.arithmetic.kernel_window import outline_window, tap_blocks, window_corner
from viewer.drawing.arithmetic.picture import Picture
from viewer.drawing.arithmetic.scene import Scene, cell_from, place_of, sides
from viewer.drawing.arithmetic.zero_insertion_picture import (
    paint_stretched,
    stretched_place,
    stretched_spot,
    write_stretched,
)
from viewer.text.translation import tr

ACROSS, UP = 0.86, 0.36
"""How far one cell goes to the right and up (or down) on the slanted plate."""
LIFT = 1.6
"""Cells of air between the plates."""
SHADE = 0.4
LARGEST_CELL = 46
TITLE = 24


class PlatesPicture(Picture):
    """Two slanted plates, the output above and to the right of the input, rays between them."""

    def grids(self, scene: Scene, rect: QRectF) -> tuple[Grid, ...]:
        """Output, then input: what lies above is found first."""
        inside, outside = _plates(scene)
        low, high = _extent(inside), _extent(outside)
        shift = _shift(low, high)
        span = QRectF(low).united(high.translated(shift))
        side = min(
            LARGEST_CELL,
            (rect.width() - 2) / span.width(),
            (rect.height() - 3 * TITLE) / span.height(),
        )
        side = max(side, 0.01)
        corner = QPointF(
            rect.left() + (rect.width() - span.width() * side) / 2 - span.left() * side,
            rect.top() + TITLE + (rect.height() - 3 * TITLE - span.height() * side) / 2
            - span.top() * side,
        )  # fmt: skip
        return (
            _placed(outside, side, corner + shift * side),
            _placed(inside, side, corner),
        )

    def paint_base(self, painter: QPainter, scene: Scene, grids: tuple[Grid, ...]) -> None:
        """Both plates, with numbers on the input, and their labels."""
        inks = scene.inks
        outside, inside = grids
        line = inks.color("a_win")
        if scene.case.kind == "transposed":
            paint_stretched(painter, scene, inside, "a_in", "a_win", with_zeros=False)
        else:
            cells.dashed(painter, inside, inks.color("edge"))
            cells.fill_block(painter, inside, inks.color("a_in"), inside.inner)
            if labelled_grids.shades(inside):
                labelled_grids.shade(painter, scene, inside, inside.rows * inside.columns)
            else:
                cells.lines(painter, inside, line)
            seen = cells.all_seen(painter, inside)
            labelled_grids.numbers(painter, scene, inside, seen, cells.LIT_TEXT)
        cells.fill_block(painter, outside, inks.color("a_out"), outside.inner)
        cells.lines(painter, outside, line)
        self._labels(painter, scene, outside, inside)

    def paint_step(
        self,
        painter: QPainter,
        scene: Scene,
        grids: tuple[Grid, ...],
        step: float,
        lit: Highlight,
    ) -> None:
        """The window shaded on the input, its cell on the output, and rays between the corners."""
        inks = scene.inks
        outside, inside = grids
        shade = inks.color("a_win", SHADE)
        if scene.by == "output" and step >= 0:
            for block in tap_blocks(scene, inside, step):
                cells.fill_block(painter, inside, shade, block)
            self._bright_numbers(painter, scene, inside, self._inputs(scene, lit))
            self._rays(painter, scene, outside, inside, step)
            outline_window(painter, scene, inside, step)
        else:
            for place in self._inputs(scene, lit):
                cells.fill_block(painter, inside, shade, inside.block(*place))
            self._bright_numbers(painter, scene, inside, self._inputs(scene, lit))
        for place in labelled_grids.places(lit.outputs):
            cells.fill_block(painter, outside, shade, outside.block(*place))
            cells.outline(painter, outside, inks.color("a_win"), outside.block(*place))
        self._numbers(painter, scene, outside, step, labelled_grids.places(lit.outputs))

    def spot(self, scene: Scene, grid: Grid, place: tuple[int, int]) -> Spot | None:
        """Of the stretched input the real cell; a zero is none."""
        if grid.part == "input" and scene.case.kind == "transposed":
            return stretched_spot(scene, place)
        return Spot(grid.part, cell_from(place, scene.case.rank))

    def _inputs(self, scene: Scene, lit: Highlight) -> list[tuple[int, int]]:
        places = labelled_grids.places(lit.inputs)
        if scene.case.kind != "transposed":
            return places
        return [stretched_place(scene, place) for place in places]

    def _rays(
        self, painter: QPainter, scene: Scene, outside: Grid, inside: Grid, step: float
    ) -> None:
        """From the window's corners to its output cell, which moves along between two steps."""
        row, column = window_corner(scene, step)
        rows, columns = sides(scene.case.extent)
        out_row, out_column = _moving(scene, step)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(scene.inks.color("a_win", 0.55), 1))
        for down, across in ((0, 0), (0, 1), (1, 0), (1, 1)):
            start = inside.on_picture(row + down * rows, column + across * columns)
            painter.drawLine(start, outside.on_picture(out_row + down, out_column + across))
        painter.restore()

    def _numbers(
        self,
        painter: QPainter,
        scene: Scene,
        grid: Grid,
        step: float,
        lit_places: list[tuple[int, int]],
    ) -> None:
        count = grid.rows * grid.columns
        if scene.by == "output" and step >= 0:
            count = math.floor(step + 0.5) + 1
        if labelled_grids.shades(grid):
            return
        seen = cells.all_seen(painter, grid)
        done = [place for place in seen if place[0] * grid.columns + place[1] < count]
        lit = set(lit_places)
        plain = [place for place in done if place not in lit]
        labelled_grids.numbers(painter, scene, grid, plain, cells.LIT_TEXT)
        bright = [place for place in done if place in lit]
        labelled_grids.numbers(painter, scene, grid, bright, scene.inks.color("surface"), bold=True)

    def _bright_numbers(
        self, painter: QPainter, scene: Scene, grid: Grid, places: list[tuple[int, int]]
    ) -> None:
        """Numbers of the input over the shade, which hides the ones below it."""
        colour = scene.inks.color("surface")
        seen = cells.within(painter, grid, places)
        if scene.case.kind == "transposed":
            write_stretched(painter, scene, grid, seen, colour, bold=True)
        else:
            labelled_grids.numbers(painter, scene, grid, seen, colour, bold=True)

    def _labels(self, painter: QPainter, scene: Scene, outside: Grid, inside: Grid) -> None:
        inks = scene.inks
        high, low = outside.bounds, inside.bounds
        over = QPointF(high.center().x(), high.top() - 8)
        middle = Qt.AlignmentFlag.AlignHCenter
        cells.label(
            painter, over, labelled_grids.output_label(scene), inks.color("a_out"), align=middle
        )
        under = QPointF(low.center().x(), low.bottom() + 18)
        text, note = labelled_grids.input_label(scene), labelled_grids.padding_label(scene)
        if scene.case.kind == "transposed":
            text = tr("{part}, with zeros {size}", part=text, size=labelled_grids.size_text(
                scene.zeros.direct.in_size))  # fmt: skip
            note = labelled_grids.zeros_label(scene)
        cells.label(painter, under, text, inks.color("a_in"), align=middle)
        below = under + QPointF(0, 18)
        cells.label(painter, below, note, inks.color("muted"), bold=False, align=middle)


def _plates(scene: Scene) -> tuple[Grid, Grid]:
    case = scene.case
    inside = padded_input(scene)
    if case.kind == "transposed":
        inside = Grid("input", *sides(scene.zeros.direct.in_size), 1.0)
    return inside, Grid("output", *sides(case.out_size), 1.0)


def _slant() -> QTransform:
    """Columns go right and up, rows right and down."""
    return QTransform(ACROSS, -UP, ACROSS, UP, 0, 0)


def _extent(grid: Grid) -> QRectF:
    """What a plate of 1 px cells covers, from its own corner."""
    return _slant().mapRect(grid.outer)


def _shift(low: QRectF, high: QRectF) -> QPointF:
    """From the input's corner to the output's: above it, and to the right."""
    right = low.left() + low.width() * 0.68 - high.left() - high.width() * 0.5
    part = 0.12 * low.height()
    return QPointF(right, low.top() - max(LIFT, part) - high.bottom() + part)


def _placed(grid: Grid, side: float, at: QPointF) -> Grid:
    slant = _slant()
    place = QTransform(slant.m11(), slant.m12(), slant.m21(), slant.m22(), at.x(), at.y())
    return replace(grid, cell=side, place=place)


def _moving(scene: Scene, step: float) -> tuple[float, float]:
    index = math.floor(step)
    row, column = place_of(scene.cell_of(index))
    part = step - index
    if part and index + 1 < scene.steps:
        next_row, next_column = place_of(scene.cell_of(index + 1))
        if next_row == row:
            return row, column + part * (next_column - column)
        if part >= 0.5:
            return next_row, next_column
    return row, column
