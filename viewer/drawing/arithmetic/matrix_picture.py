"""Draws y = C x: the flattened input along the top, C below it, the flattened output at right.

Each column of C stands under the input cell it reads, each row left of the output cell it makes.
"""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QTransform

from viewer.drawing.arithmetic import cells, labelled_grids
from viewer.drawing.arithmetic.display import Spot
from viewer.drawing.arithmetic.grid import Grid
from viewer.drawing.arithmetic.highlight import Highlight
from viewer.drawing.arithmetic.picture import Picture
from viewer.drawing.arithmetic.scene import Scene, place_of, sides
from viewer.drawing.painting.array_image import shared_image
from viewer.drawing.painting.text import text_width
from viewer.text.translation import tr

GAP = 12
TITLE = 22
LARGEST_CELL = 40
VECTOR, SLIM_ROW = 24.0, 14.0
"""At least the width of the output's column, and the height of the input's row."""
SLIMMEST = 2.0
"""A cell is at most this much wider than high."""


class MatrixPicture(Picture):
    """The matrix with both vectors; one colour for each weight. `vectors` off leaves C alone."""

    def __init__(self, vectors: bool = True) -> None:
        super().__init__()
        self._vectors = vectors

    def grids(self, scene: Scene, rect: QRectF) -> tuple[Grid, ...]:
        """The matrix, then the input's row and the output's column."""
        rows, columns = scene.matrix.shape
        extra = 1 if self._vectors else 0
        gap = GAP * extra
        free = rect.width() - gap - 2
        wide = min(free / (columns + extra), (free - extra * VECTOR) / columns)
        free = rect.height() - TITLE * (1 + extra) - gap - 2
        tall = min(free / (rows + extra), (free - extra * SLIM_ROW) / rows)
        wide, tall = _whole(min(wide, tall * SLIMMEST)), _whole(min(tall, wide))
        broad = max(wide, VECTOR) if self._vectors else 0.0
        high = max(tall, SLIM_ROW)
        room = max(columns * wide, extra * text_width(matrix_label(scene), 12, True))
        width, height = room + gap + broad, rows * tall + extra * (high + gap + TITLE)
        x = round(rect.left() + max(0.0, (rect.width() - width) // 2))
        y = round(rect.top() + TITLE + max(0.0, (rect.height() - TITLE - height) // 2))
        top = round(y + extra * (high + gap + TITLE))
        place = QTransform.fromTranslate
        table = Grid("matrix", rows, columns, wide, place(x, top), height=tall)
        if not self._vectors:
            return (table,)
        inside = Grid("input", 1, columns, wide, place(x, y), height=high)
        right = round(x + room + gap)
        outside = Grid("output", rows, 1, broad, place(right, top), height=tall)
        return table, inside, outside

    def paint_base(self, painter: QPainter, scene: Scene, grids: tuple[Grid, ...]) -> None:
        """Every entry, the input's numbers, the empty output."""
        inks = scene.inks
        table, *vectors = grids
        self._paint_matrix(painter, scene, table)
        labelled_grids.title(painter, table, inks.color("text"), matrix_label(scene))
        for grid in vectors:
            ink = scene.ink_of(grid.part)
            line = inks.color(ink)
            cells.fill_block(painter, grid, inks.color(f"{ink}bg"), grid.inner)
            if min(grid.cell, grid.tall) >= cells.LINES_FROM:
                cells.lines(painter, grid, line)
                self._mark_rows(painter, scene, grid)
        if vectors:
            inside, outside = vectors
            seen = cells.all_seen(painter, inside)
            cells.write(painter, inside, inks.color("text"), seen, _vector_text(scene, inside))
            labelled_grids.title(
                painter, inside, inks.color(scene.ink_of("input")), _vector_label(scene)
            )
            at = QPointF(outside.bounds.left(), outside.bounds.top() - 8)
            cells.label(painter, at, scene.letters[1], inks.color(scene.ink_of("output")))

    def paint_step(
        self,
        painter: QPainter,
        scene: Scene,
        grids: tuple[Grid, ...],
        step: float,
        lit: Highlight,
    ) -> None:
        """The current row (or column) framed, its entries and vector cells lit."""
        inks = scene.inks
        table, *vectors = grids
        self._light_entries(painter, scene, table, lit)
        for row in lit.rows:
            block = table.block(row, 0, 1, table.columns)
            cells.outline(painter, table, inks.color("a_win"), block)
        for column in lit.columns:
            block = table.block(0, column, table.rows, 1)
            cells.outline(painter, table, inks.color("a_win"), block)
        if vectors:
            self._light_vectors(painter, scene, vectors[0], vectors[1], step, lit)

    def spot(self, scene: Scene, grid: Grid, place: tuple[int, int]) -> Spot | None:
        """A matrix cell, or the input or output cell that a vector's cell is."""
        if grid.part == "matrix":
            return Spot("matrix", place)
        inside = grid.part == "input"
        shape = scene.case.input_shape if inside else scene.case.output_shape
        channel, *cell = np.unravel_index(place[1] if inside else place[0], shape)
        if channel != (scene.in_channel if inside else scene.out_channel):
            return None
        return Spot(grid.part, tuple(int(at) for at in cell))

    def _paint_matrix(self, painter: QPainter, scene: Scene, grid: Grid) -> None:
        inks = scene.inks
        cells.fill_block(painter, grid, inks.color("surface"), grid.inner)
        if min(grid.cell, grid.tall) < 2:
            self._paint_density(painter, scene, grid)
        else:
            if min(grid.cell, grid.tall) >= cells.LINES_FROM:
                cells.lines(painter, grid, inks.color("grid"))
            found = _entries_seen(painter, scene, grid)
            by_weight: dict[int, list[tuple[int, int]]] = {}
            for row, column, weight, _ in found:
                by_weight.setdefault(weight, []).append((row, column))
            per = math.prod(scene.case.kernel)
            for weight, chosen in by_weight.items():
                cells.fill(painter, grid, cells.weight_colour(inks, weight % per), chosen)
            self._write(painter, scene, grid, found, lit=False)
        cells.outline(painter, grid, inks.color("edge"), grid.inner, 1.0)

    def _mark_rows(self, painter: QPainter, scene: Scene, grid: Grid) -> None:
        """A stronger line where a row of the image ends: so it was flattened."""
        inside = grid.part == "input"
        long = sides(scene.case.in_size if inside else scene.case.out_size)[1]
        ink = scene.inks.color("a_win")
        for start in range(long, grid.columns if inside else grid.rows, long):
            end = grid.block(0, start, 1, 0) if inside else grid.block(start, 0, 0, 1)
            cells.fill_block(painter, grid, ink, end.adjusted(0, 0, inside * 2, (not inside) * 2))

    def _paint_density(self, painter: QPainter, scene: Scene, grid: Grid) -> None:
        """A matrix whose cells are under two pixels: ink where there is an entry."""
        table = scene.matrix
        height = max(1, min(table.shape[0], math.ceil(grid.inner.height())))
        width = max(1, min(table.shape[1], math.ceil(grid.inner.width())))
        ink = scene.inks.color("edge").rgba()
        pixels = np.zeros((height, width), np.uint32)
        pixels[table.rows * height // table.shape[0], table.columns * width // table.shape[1]] = ink
        painter.drawImage(grid.bounds, shared_image(pixels))

    def _write(
        self,
        painter: QPainter,
        scene: Scene,
        grid: Grid,
        entries: list[tuple[int, int, int, int]],
        lit: bool,
    ) -> None:
        if grid.cell < cells.NUMBERS_FROM:
            return
        table, values, most = scene.matrix, scene.entries, cells.characters(grid)
        symbols = scene.shown == "symbols" and scene.case.kind != "pool"
        texts = {
            (row, column): table.symbol(weight) if symbols else cells.cell_text(values[at], most)
            for row, column, weight, at in entries
        }
        colour = cells.LIT_TEXT if lit else scene.inks.color("text")
        cells.write(painter, grid, colour, texts, lambda r, c: texts[r, c], bold=lit)

    def _light_entries(self, painter: QPainter, scene: Scene, grid: Grid, lit: Highlight) -> None:
        rows, columns = grid.seen(cells.clip(painter))
        per = math.prod(scene.case.kernel)
        found = []
        for row, column in lit.entries:
            if row in rows and column in columns:
                at = scene.entry_at(row, column)
                if at is not None:
                    found.append((row, column, int(scene.matrix.weights[at]), at))
        for row, column, weight, _ in found:
            colour = cells.weight_colour(scene.inks, weight % per, lit=True)
            if min(grid.cell, grid.tall) >= 2:
                cells.fill(painter, grid, colour, [(row, column)])
        self._write(painter, scene, grid, found, lit=True)

    def _light_vectors(
        self,
        painter: QPainter,
        scene: Scene,
        inside: Grid,
        outside: Grid,
        step: float,
        lit: Highlight,
    ) -> None:
        inks = scene.inks
        read = [(0, scene.column_of(cell)) for cell in lit.inputs]
        made = [(scene.row_of(cell), 0) for cell in lit.outputs]
        last = outside.rows
        if scene.by == "output" and step >= 0:
            last = scene.row_of(scene.cell_of(math.floor(step + 0.5)))
        done = [place for place in cells.all_seen(painter, outside) if place[0] <= last]
        cells.write(painter, outside, inks.color("text"), done, _vector_text(scene, outside, step))
        for grid, chosen in ((inside, read), (outside, made)):
            ink = scene.ink_of(grid.part)
            seen = cells.within(painter, grid, chosen)
            cells.fill(painter, grid, inks.color(ink), seen)
            text = _vector_text(scene, grid, step)
            cells.write(painter, grid, cells.LIT_TEXT, seen, text, bold=True)


def _vector_label(scene: Scene) -> str:
    letter = scene.letters[0]
    if letter == "x":
        return tr("input {letter}, row by row", letter=letter)
    return tr("{letter}, row by row", letter=letter)


def matrix_label(scene: Scene) -> str:
    """C 4 × 16, 36 taps; of a transposed convolution Cᵀ."""
    rows, columns = scene.matrix.shape
    name = "Cᵀ" if scene.case.kind == "transposed" else "C"
    text = tr(
        "{name} {rows} × {columns}, {taps} taps",
        name=name,
        rows=rows,
        columns=columns,
        taps=f"{scene.matrix.nonzeros:,}".replace(",", "\u202f"),
    )
    if scene.block_of is None:
        return text
    inside, outside = scene.block_of
    return tr("{matrix}, channel {i} → {o}", matrix=text, i=inside, o=outside)


def _whole(side: float) -> float:
    return float(min(LARGEST_CELL, math.floor(side))) if side >= 1 else max(side, 0.01)


def _entries_seen(painter: QPainter, scene: Scene, grid: Grid) -> list[tuple[int, int, int, int]]:
    """(row, column, weight, place among the entries) of what may be seen."""
    table = scene.matrix
    rows, columns = grid.seen(cells.clip(painter))
    start = int(table.row_starts[max(rows.start, 0)]) if rows else 0
    end = int(table.row_starts[min(rows.stop, table.shape[0])]) if rows else 0
    at = np.arange(start, end)
    across = table.columns[start:end]
    at = at[(across >= columns.start) & (across < columns.stop)]
    return [(int(table.rows[n]), int(table.columns[n]), int(table.weights[n]), int(n)) for n in at]


def _vector_text(scene: Scene, grid: Grid, step: float = -1.0) -> labelled_grids.Text:
    inside = grid.part == "input"
    values = (scene.x if inside else scene.y).reshape(-1)
    if not inside and scene.case.channels[1] == 1:
        values = scene.output_after(step).reshape(-1)
    shape = scene.case.input_shape if inside else scene.case.output_shape
    several = shape[0] > 1

    def text(row: int, column: int) -> str:
        at = column if inside else row
        if scene.shown == "numbers":
            return cells.cell_text(values[at], cells.characters(grid))
        place = tuple(int(n) for n in np.unravel_index(at, shape))
        letter = scene.letters[0 if inside else 1]
        if several:
            return letter + ",".join(map(str, place))
        row, column = place_of(place[1:])
        return labelled_grids.symbol(letter, row, column, scene.case.rank)

    return text
