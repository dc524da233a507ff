"""Draws the parts of the pictures: an input, a kernel and an output as labelled flat grids."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter

from viewer.drawing.arithmetic import cells
from viewer.drawing.arithmetic.grid import Grid
from viewer.drawing.arithmetic.scene import Scene, place_of
from viewer.drawing.painting.text import text_width
from viewer.look.palette import Inks
from viewer.text.translation import tr

SHADED_FROM = 400
"""So many cells are a picture; fewer are cells, in the flat colours that readers know."""
Places = Iterable[tuple[int, int]]
Text = Callable[[int, int], str]
"""(row, column) of a grid → what stands there."""


def paint_input(painter: QPainter, scene: Scene, grid: Grid) -> None:
    """The input's cells in its tint, with their numbers, its padding dashed."""
    _paint_side(painter, scene, grid, "a_inbg", "a_in")
    if shades(grid):
        shade(painter, scene, grid, grid.rows * grid.columns)
        return
    numbers(painter, scene, grid, cells.all_seen(painter, grid))


def paint_output(painter: QPainter, scene: Scene, grid: Grid) -> None:
    """The output's cells in its tint; numbers come with the steps."""
    _paint_side(painter, scene, grid, "a_outbg", "a_out")


def shades(grid: Grid) -> bool:
    """Whether values are shown as shades: many cells, too small for numbers."""
    return grid.cell < cells.NUMBERS_FROM and grid.rows * grid.columns >= SHADED_FROM


def shade(painter: QPainter, scene: Scene, grid: Grid, count: int) -> None:
    """Values too small to be written, as shades; the first `count` of them."""
    inside = grid.part == "input"
    values = scene.input_plane if inside else scene.output_plane
    ink = scene.ink_of(grid.part)
    dark, light = shade_ends(scene.inks, ink)
    cells.shade(painter, grid, values, dark, light, count)
    cells.outline(painter, grid, scene.inks.color(ink), grid.inner, 1.0)


def shade_ends(inks: Inks, ink: str) -> tuple[QColor, QColor]:
    """The colours of the least and of the largest value: more is lighter, as in a photograph."""
    ends = sorted((inks.color("surface"), inks.color(ink)), key=QColor.lightnessF)
    return ends[0], ends[1]


def _paint_side(painter: QPainter, scene: Scene, grid: Grid, tint: str, ink: str) -> None:
    inks = scene.inks
    cells.dashed(painter, grid, inks.color("edge"))
    cells.fill_block(painter, grid, inks.color(tint), grid.inner)
    cells.lines(painter, grid, inks.color(ink))


def paint_kernel(painter: QPainter, scene: Scene, grid: Grid, flipped: bool = False) -> None:
    """The kernel, each weight in its own colour."""
    inks = scene.inks
    weights = weight_places(scene, grid, flipped)
    for row, column in cells.all_seen(painter, grid):
        colour = cells.weight_colour(inks, weights(row, column))
        cells.fill(painter, grid, colour, [(row, column)])
    cells.lines(painter, grid, inks.color("edge"))
    text, seen = kernel_text(scene, grid, flipped), cells.all_seen(painter, grid)
    cells.write(painter, grid, inks.color("text"), seen, text, widest=kernel_widest(scene, grid))


def light_kernel(
    painter: QPainter, scene: Scene, grid: Grid, places: Places, flipped: bool = False
) -> None:
    """Kernel cells in use: their own colour, deeper."""
    inks, lit = scene.inks, list(places)
    weights, text = weight_places(scene, grid, flipped), kernel_text(scene, grid, flipped)
    for place in lit:
        cells.fill(painter, grid, cells.weight_colour(inks, weights(*place), True), [place])
    cells.write(painter, grid, cells.LIT_TEXT, lit, text, True, kernel_widest(scene, grid))


def light(painter: QPainter, scene: Scene, grid: Grid, places: Places, step: float = -1.0) -> None:
    """Cells of an input or output in use: its full colour, dark bold numbers."""
    lit = cells.within(painter, grid, places)
    ink = scene.inks.color("a_in" if grid.part == "input" else "a_out")
    cells.fill(painter, grid, ink, lit)
    numbers(painter, scene, grid, lit, cells.LIT_TEXT, bold=True, step=step)


def numbers(
    painter: QPainter,
    scene: Scene,
    grid: Grid,
    places: Places,
    colour: QColor | None = None,
    bold: bool = False,
    step: float = -1.0,
) -> None:
    """The numbers (or names) of cells of an input, or of an output at a step."""
    if grid.cell < cells.NUMBERS_FROM:
        return
    values = scene.input_plane if grid.part == "input" else scene.output_after(step)
    letter = scene.letters[0 if grid.part == "input" else 1]
    symbols = scene.shown == "symbols"

    def text(row: int, column: int) -> str:
        if symbols:
            return symbol(letter, row, column, scene.case.rank)
        return cells.cell_text(values[row, column], cells.characters(grid))

    widest = "" if symbols else cells.widest_of(values, cells.characters(grid))
    cells.write(painter, grid, colour or scene.inks.color("text"), places, text, bold, widest)


def weight_places(scene: Scene, grid: Grid, flipped: bool) -> Callable[[int, int], int]:
    """(row, column) of a kernel's grid → which weight it is, row by row of the real kernel."""

    def weight(row: int, column: int) -> int:
        if flipped:
            row, column = grid.rows - 1 - row, grid.columns - 1 - column
        return row * grid.columns + column

    return weight


def kernel_text(scene: Scene, grid: Grid, flipped: bool = False) -> Text:
    """(row, column) of a kernel's grid → the text of that cell."""
    values = scene.kernel_plane

    def text(row: int, column: int) -> str:
        if flipped:
            row, column = grid.rows - 1 - row, grid.columns - 1 - column
        if values is None:
            return ""
        if scene.shown == "symbols":
            return symbol("w", row, column, scene.case.rank)
        return cells.cell_text(values[row, column], cells.characters(grid))

    return text


def kernel_widest(scene: Scene, grid: Grid) -> str:
    """The longest number of the kernel in its grid."""
    values = scene.kernel_plane
    if values is None or scene.shown == "symbols":
        return ""
    return cells.widest_of(values, cells.characters(grid))


def symbol(letter: str, row: int, column: int, rank: int) -> str:
    """w02, or w0,12 where an index has two digits."""
    if rank == 1:
        return f"{letter}{column}"
    return f"{letter}{row},{column}" if max(row, column) > 9 else f"{letter}{row}{column}"


def size_text(size: tuple[int, ...]) -> str:
    """5 × 6."""
    return " × ".join(map(str, size))


def each(values: tuple[int, ...]) -> str:
    """1, or 1, 2 where the axes differ."""
    return str(values[0]) if len(set(values)) == 1 else ", ".join(map(str, values))


def input_label(scene: Scene) -> str:
    """The label of the input: input 5 × 5."""
    size = size_text(scene.case.in_size)
    letter = scene.letters[0]
    text = tr("input {size}", size=size) if letter == "x" else f"{letter} {size}"
    return _channel(scene, text, True)


def output_label(scene: Scene) -> str:
    """The label of the output: output 6 × 6."""
    size = size_text(scene.case.out_size)
    letter = scene.letters[1]
    text = tr("output {size}", size=size) if letter == "y" else f"{letter} {size}"
    return _channel(scene, text, False)


def title_room(text: str) -> float:
    """Px that the text over a grid takes, with room to the next."""
    return text_width(text, 12, True) + 4


def _channel(scene: Scene, text: str, inside: bool) -> str:
    count = scene.case.channels[0 if inside else 1]
    if count == 1:
        return text
    at = scene.in_channel if inside else scene.out_channel
    return tr("{part} · {n} of {count}", part=text, n=at + 1, count=count)


def kernel_label(scene: Scene, flipped: bool = False) -> str:
    """The label of the kernel: kernel 3 × 3; of a pooling, of the window."""
    size = size_text(scene.case.kernel)
    if scene.case.kind == "pool":
        return tr("window {size}", size=size)
    return tr("flipped kernel") if flipped else tr("kernel {size}", size=size)


def padding_label(scene: Scene) -> str:
    """The padding around a convolution's input in words; of a transposed one, what p crops."""
    case = scene.case
    if case.kind == "transposed":
        return tr("cropped by p = {p}", p=each(case.padding)) if any(case.padding) else ""
    parts = [tr("padding p = {p}", p=each(case.padding))]
    if any(s > 1 for s in case.stride):
        parts.append(tr("stride s = {s}", s=each(case.stride)))
    if any(d > 1 for d in case.dilation):
        parts.append(tr("dilation d = {d}", d=each(case.dilation)))
    return " · ".join(parts)


def zeros_label(scene: Scene) -> str:
    """How the input of a transposed convolution is stretched and padded."""
    zeros = scene.zeros
    before = each(zeros.before).replace("-", "−")
    p = tr("p = {p}, p′ = d(k − 1) − p = {n}", p=each(scene.case.padding), n=before)
    if any(zeros.between):
        return tr("zeros between cells: {n}", n=each(zeros.between)) + "; " + p
    return p


def title(painter: QPainter, grid: Grid, colour: QColor, text: str) -> None:
    """Text over a flat grid."""
    bounds = grid.bounds
    cells.label(painter, QPointF(bounds.left(), bounds.top() - 8), text, colour)


def note(painter: QPainter, grid: Grid, inks: Inks, text: str) -> None:
    """Muted text under a flat grid."""
    bounds = grid.bounds
    at = QPointF(bounds.left(), bounds.bottom() + 16)
    cells.label(painter, at, text, inks.color("muted"), bold=False)


def places(chosen: Iterable[tuple[int, ...]]) -> list[tuple[int, int]]:
    """(row, column) of cells."""
    return [place_of(cell) for cell in chosen]
