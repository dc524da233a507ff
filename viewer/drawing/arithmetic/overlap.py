"""How often each output cell is written: the map that shows where checkerboards come from."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from analysis.arithmetic import overlap_count, resized_overlap_count
from viewer.drawing.arithmetic import cells, parts
from viewer.drawing.arithmetic.arrangement import fit
from viewer.drawing.arithmetic.grid import Grid
from viewer.drawing.arithmetic.highlight import Highlight
from viewer.drawing.arithmetic.picture import Picture
from viewer.drawing.arithmetic.scene import Scene, plane, sides
from viewer.drawing.inks import Inks
from viewer.messages import tr


class OverlapPicture(Picture):
    """The counts as tints of the output's colour; `resized` shows resizing with a convolution.

    The cells of the resized map are none of the scene's: only the transposed map can be pointed at.
    """

    def __init__(self, resized: bool = False) -> None:
        super().__init__()
        self._resized = resized
        self._counted: tuple[Scene, NDArray[np.int64]] | None = None

    def counts(self, scene: Scene) -> NDArray[np.int64]:
        """(rows, columns) of counts."""
        if self._counted is None or self._counted[0] is not scene:
            found = (
                resized_overlap_count(scene.case) if self._resized else overlap_count(scene.plan)
            )
            self._counted = (scene, plane(found))
        return self._counted[1]

    def grids(self, scene: Scene, rect: QRectF) -> tuple[Grid, ...]:
        """The map alone."""
        rows, columns = self.counts(scene).shape
        return (fit(rect, Grid("output", rows, columns, 1.0)),)

    def paint_base(self, painter: QPainter, scene: Scene, grids: tuple[Grid, ...]) -> None:
        """Tints and counts."""
        (grid,) = grids
        counts, inks = self.counts(scene), scene.inks
        most = max(1, int(counts.max()))
        seen = cells.all_seen(painter, grid)
        by_count: dict[int, list[tuple[int, int]]] = {}
        for place in seen:
            by_count.setdefault(int(counts[place]), []).append(place)
        cells.fill_block(painter, grid, inks.color("surface"), grid.inner)
        for count, chosen in by_count.items():
            cells.fill(painter, grid, count_colour(inks, count, most), chosen)
        dark = most > 1
        for count, chosen in by_count.items():
            on_full = dark and 2 * count > most
            colour = cells.LIT_TEXT if on_full else inks.color("text")
            cells.write(painter, grid, colour, chosen, lambda r, c: str(counts[r, c]))
        parts.title(painter, grid, inks.color("a_out"), self._label(scene))

    def paint_step(
        self,
        painter: QPainter,
        scene: Scene,
        grids: tuple[Grid, ...],
        step: float,
        lit: Highlight,
    ) -> None:
        """A frame round each lit output cell."""
        if self._resized:
            return
        (grid,) = grids
        for place in cells.within(painter, grid, parts.places(lit.outputs)):
            cells.outline(painter, grid, scene.inks.color("a_win"), grid.block(*place))

    def _label(self, scene: Scene) -> str:
        size = parts.size_text(self.counts(scene).shape)
        if self._resized:
            return tr("output {size}, resized and convolved", size=size)
        return tr("output {size}, times written", size=parts.size_text(sides(scene.case.out_size)))


def count_colour(inks: Inks, count: int, most: int) -> QColor:
    """From the output's tint to its full colour; a cell never written stays empty."""
    if count == 0:
        return inks.color("surface")
    low, high = inks.color("a_outbg"), inks.color("a_out")
    part = 0.0 if most == 1 else math.sqrt((count - 1) / (most - 1))
    return QColor(
        round(low.red() + part * (high.red() - low.red())),
        round(low.green() + part * (high.green() - low.green())),
        round(low.blue() + part * (high.blue() - low.blue())),
    )
