"""Draws how often each cell is used: overlaps (checkerboards), and input that is never read."""

from __future__ import annotations

import math
from abc import abstractmethod

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QTransform
from PySide6.QtSvg import QSvgGenerator

from analysis.arithmetic import input_use_count, overlap_count, resized_overlap_count
from viewer.drawing.arithmetic import cells, labelled_grids
from viewer.drawing.arithmetic.arrangement import fit
from viewer.drawing.arithmetic.display import Part, Spot
from viewer.drawing.arithmetic.grid import Grid
from viewer.drawing.arithmetic.highlight import Highlight
from viewer.drawing.arithmetic.picture import Picture
from viewer.drawing.arithmetic.scene import Scene, plane, sides
from viewer.drawing.painting.array_image import shared_image
from viewer.look.palette import Inks
from viewer.text.translation import tr


class CountPicture(Picture):
    """The counts of a case's cells as tints of one colour; `titled` leaves room for words.

    An untitled map fills as much of its rectangle as whole pixels allow, from the corner on.
    """

    part: Part = "output"
    tint, ink = "a_outbg", "a_out"

    def __init__(self, titled: bool = True) -> None:
        super().__init__()
        self._titled = titled
        self._counted: tuple[Scene, NDArray[np.int64]] | None = None

    @abstractmethod
    def count(self, scene: Scene) -> NDArray[np.int64]:
        """The counts by cell, (*in_size) or (*out_size)."""

    @abstractmethod
    def label(self, scene: Scene) -> str:
        """The text over the map."""

    def counts(self, scene: Scene) -> NDArray[np.int64]:
        """(rows, columns) of counts."""
        if self._counted is None or self._counted[0] is not scene:
            self._counted = (scene, plane(self.count(scene)))
        return self._counted[1]

    def grids(self, scene: Scene, rect: QRectF) -> tuple[Grid, ...]:
        """The map alone."""
        rows, columns = self.counts(scene).shape
        if self._titled:
            return (fit(rect, Grid(self.part, rows, columns, 1.0)),)
        side = min((rect.width() - 1) / columns, (rect.height() - 1) / rows)
        place = QTransform.fromTranslate(rect.left(), rect.top())
        return (Grid(self.part, rows, columns, math.floor(side) if side >= 1 else side, place),)

    def paint_base(self, painter: QPainter, scene: Scene, grids: tuple[Grid, ...]) -> None:
        """Tints and counts."""
        (grid,) = grids
        inks = scene.inks
        if grid.cell < cells.NUMBERS_FROM and not isinstance(painter.device(), QSvgGenerator):
            self._paint_small(painter, scene, grid)
        else:
            self._paint_cells(painter, scene, grid)
        if self._titled:
            labelled_grids.title(painter, grid, inks.color(self.ink), self.label(scene))
        else:
            cells.outline(painter, grid, inks.color(self.tint), grid.inner, 1.0)

    def _paint_cells(self, painter: QPainter, scene: Scene, grid: Grid) -> None:
        counts, inks = self.counts(scene), scene.inks
        most = max(1, int(counts.max()))
        by_count: dict[int, list[tuple[int, int]]] = {}
        for place in cells.all_seen(painter, grid):
            by_count.setdefault(int(counts[place]), []).append(place)
        cells.fill_block(painter, grid, inks.color("surface"), grid.inner)
        for count, chosen in by_count.items():
            colour = count_colour(inks, count, most, self.tint, self.ink)
            cells.fill(painter, grid, colour, chosen)
        dark = most > 1
        for count, chosen in by_count.items():
            on_full = dark and 2 * count > most
            colour = cells.LIT_TEXT if on_full else inks.color("text")
            cells.write(painter, grid, colour, chosen, lambda r, c: str(counts[r, c]))

    def _paint_small(self, painter: QPainter, scene: Scene, grid: Grid) -> None:
        """Cells without numbers as one picture of a pixel a cell: there can be very many."""
        counts, inks = self.counts(scene), scene.inks
        most = max(1, int(counts.max()))
        found, which = np.unique(counts, return_inverse=True)
        colours = [count_colour(inks, int(each), most, self.tint, self.ink) for each in found]
        pixels = np.array([each.rgba() for each in colours], np.uint32)[which.reshape(counts.shape)]
        opaque = np.ascontiguousarray(pixels | np.uint32(0xFF000000))
        cells.with_place(painter, grid)
        painter.drawImage(grid.inner, shared_image(opaque))
        painter.restore()
        if grid.cell >= cells.LINES_FROM:
            cells.lines(painter, grid, inks.color("surface"))

    def paint_step(
        self,
        painter: QPainter,
        scene: Scene,
        grids: tuple[Grid, ...],
        step: float,
        lit: Highlight,
    ) -> None:
        """A frame round each lit cell."""
        (grid,) = grids
        chosen = lit.outputs if self.part == "output" else lit.inputs
        for place in cells.within(painter, grid, labelled_grids.places(chosen)):
            cells.outline(painter, grid, scene.inks.color("a_win"), grid.block(*place))


class OverlapPicture(CountPicture):
    """How often each output cell is written; `resized` shows resizing with a convolution.

    The cells of the resized map are none of the scene's: only the transposed map can be pointed at.
    """

    def __init__(self, resized: bool = False, titled: bool = True) -> None:
        super().__init__(titled)
        self._resized = resized

    def count(self, scene: Scene) -> NDArray[np.int64]:
        """The counts by output cell, (*out_size)."""
        return resized_overlap_count(scene.case) if self._resized else overlap_count(scene.plan)

    def label(self, scene: Scene) -> str:
        """The size of the output."""
        size = labelled_grids.size_text(self.counts(scene).shape)
        if self._resized:
            return tr("output {size}, resized and convolved", size=size)
        return tr(
            "output {size}, times written",
            size=labelled_grids.size_text(sides(scene.case.out_size)),
        )

    def spot(self, scene: Scene, grid: Grid, place: tuple[int, int]) -> Spot | None:
        """The output cell; None of the resized map."""
        return None if self._resized else super().spot(scene, grid, place)

    def paint_step(
        self,
        painter: QPainter,
        scene: Scene,
        grids: tuple[Grid, ...],
        step: float,
        lit: Highlight,
    ) -> None:
        """A frame round each lit output cell."""
        if not self._resized:
            super().paint_step(painter, scene, grids, step, lit)


class UsePicture(CountPicture):
    """How often each input cell is read; a cell never read stays empty."""

    part: Part = "input"
    tint, ink = "a_inbg", "a_in"

    def count(self, scene: Scene) -> NDArray[np.int64]:
        """The counts by input cell, (*in_size)."""
        return input_use_count(scene.plan)

    def label(self, scene: Scene) -> str:
        """The size of the input."""
        return tr(
            "input {size}, times read", size=labelled_grids.size_text(sides(scene.case.in_size))
        )


def count_colour(
    inks: Inks, count: int, most: int, tint: str = "a_outbg", ink: str = "a_out"
) -> QColor:
    """From the tint of one side to its full colour; a cell never used stays empty."""
    if count == 0:
        return inks.color("surface")
    low, high = inks.color(tint), inks.color(ink)
    part = 0.0 if most == 1 else math.sqrt((count - 1) / (most - 1))
    return QColor(
        round(low.red() + part * (high.red() - low.red())),
        round(low.green() + part * (high.green() - low.green())),
        round(low.blue() + part * (high.blue() - low.blue())),
    )
