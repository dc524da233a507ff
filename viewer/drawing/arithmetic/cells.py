"""Paints cells of a grid: fills, lines, numbers. On flat grids edges lie on whole pixels."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtSvg import QSvgGenerator

from viewer.drawing.arithmetic.grid import Grid
from viewer.drawing.painting.array_image import shared_image
from viewer.drawing.painting.text import paint_text, text_width
from viewer.look.palette import Inks

IN_ONE_SIGN = {"0.5": "½", "0.25": "¼", "0.75": "¾", "0.125": "⅛"}
"""Shares that an average of few cells has, as short as they can be written."""
NUMBERS_FROM = 16.0
"""Cells smaller than this hold no numbers."""
LINES_FROM = 5.0
"""Smaller cells have no lines between them."""
LINES_OF_TEXT = 12.0
"""Nor do cells lower than this."""
LIT_TEXT = QColor("#0B0E13")
GOLDEN = 0.618034


def fill(
    painter: QPainter,
    grid: Grid,
    colour: QColor,
    cells: Iterable[tuple[int, int]],
    edged: bool = False,
) -> None:
    """Fill cells, lines round them left free; `edged` fills the places of those lines too."""
    with_place(painter, grid)
    near, far = (0, 1) if edged else (1, 0)
    for row, column in cells:
        painter.fillRect(grid.block(row, column).adjusted(near, near, far, far), colour)
    painter.restore()


def fill_block(painter: QPainter, grid: Grid, colour: QColor, block: QRectF) -> None:
    """Fill a rectangle given in px from the grid's corner."""
    with_place(painter, grid)
    painter.fillRect(block, colour)
    painter.restore()


def lines(painter: QPainter, grid: Grid, colour: QColor, width: float = 1.0) -> None:
    """The lines between the cells of the grid proper and round them, of what can be seen."""
    rows, columns = grid.seen(clip(painter))
    rows = range(max(rows.start, 0), min(rows.stop, grid.rows) + 1)
    columns = range(max(columns.start, 0), min(columns.stop, grid.columns) + 1)
    if not rows or not columns:
        return
    if min(grid.cell, grid.tall) < LINES_FROM:
        outline(painter, grid, colour, grid.inner, 1.0)
        return
    wide, tall = grid.cell, grid.tall
    with_place(painter, grid)
    across = QRectF(columns.start * wide, 0, (len(columns) - 1) * wide + width, width)
    down = QRectF(0, rows.start * tall, width, (len(rows) - 1) * tall + width)
    for row in rows:
        painter.fillRect(across.translated(0, row * tall), colour)
    for column in columns:
        painter.fillRect(down.translated(column * wide, 0), colour)
    painter.restore()


def dashed(painter: QPainter, grid: Grid, colour: QColor) -> None:
    """The lines of what lies outside the grid proper, dashed; nothing where that is nothing."""
    if not (grid.top or grid.left or grid.bottom or grid.right):
        return
    if min(grid.cell, grid.tall) < LINES_FROM:
        outline(painter, grid, colour, grid.outer, 1.0)
        return
    rows, columns = grid.seen(clip(painter))
    with_place(painter, grid)
    painter.setPen(QPen(colour, 1, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.FlatCap))
    pen = painter.pen()
    pen.setDashPattern([3, 3])
    painter.setPen(pen)
    outer, inner, side = grid.outer.translated(0.5, 0.5), grid.inner, grid.cell
    for row in range(rows.start, rows.stop + 1):
        y = row * side + 0.5
        if inner.top() <= row * side <= inner.bottom():
            spans = [(outer.left(), 0.0), (inner.right(), outer.right())]
        else:
            spans = [(outer.left(), outer.right())]
        for start, end in spans:
            if end > start:
                painter.drawLine(QPointF(start, y), QPointF(end, y))
    for column in range(columns.start, columns.stop + 1):
        x = column * side + 0.5
        if inner.left() <= column * side <= inner.right():
            spans = [(outer.top(), 0.0), (inner.bottom(), outer.bottom())]
        else:
            spans = [(outer.top(), outer.bottom())]
        for start, end in spans:
            if end > start:
                painter.drawLine(QPointF(x, start), QPointF(x, end))
    painter.restore()


def outline(
    painter: QPainter, grid: Grid, colour: QColor, block: QRectF, width: float = 2.0
) -> None:
    """A frame of `width` px round cells, centred on their lines."""
    with_place(painter, grid)
    far, near = width / 2 + 0.5, width / 2 - 0.5
    out = block.adjusted(-near, -near, far, far)
    for side in (
        QRectF(out.left(), out.top(), out.width(), width),
        QRectF(out.left(), out.bottom() - width, out.width(), width),
        QRectF(out.left(), out.top(), width, out.height()),
        QRectF(out.right() - width, out.top(), width, out.height()),
    ):
        painter.fillRect(side, colour)
    painter.restore()


def write(
    painter: QPainter,
    grid: Grid,
    colour: QColor,
    cells: Iterable[tuple[int, int]],
    text: Callable[[int, int], str],
    bold: bool = False,
    widest: str = "",
) -> None:
    """One short text a cell, in its middle; none where cells are too small to read it.

    All are as large as lets `widest` fit; one that still does not fit is "…", or the one sign
    of its fraction.
    """
    if grid.cell < NUMBERS_FROM or grid.tall < LINES_OF_TEXT:
        return
    room = grid.cell - 3
    said = [(cell, text(*cell)) for cell in cells]
    longest = widest or max((each for _, each in said), key=len, default="")
    sizes = (letter_size(min(grid.cell, grid.tall)), 11, 9)
    pixels = next((size for size in sizes if text_width(longest, size, True) <= room), 9)
    with_place(painter, grid)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for cell, each in said:
        heavy = bold and text_width(each, pixels, True) <= room
        fits = heavy or text_width(each, pixels, False) <= room
        shown = each if fits else IN_ONE_SIGN.get(each, "…")
        middle = grid.block(*cell).center()
        at = QPointF(middle.x() + 0.5, round(middle.y() + 0.36 * pixels + 0.5))
        if shown:
            paint_text(painter, at, shown, colour, pixels, heavy, Qt.AlignmentFlag.AlignHCenter)
    painter.restore()


def letter_size(cell: float) -> int:
    """Pixels of a number in a cell."""
    return 11 if cell < 24 else 13 if cell < 36 else 15 if cell < 48 else 18


def label(
    painter: QPainter,
    at: QPointF,
    text: str,
    colour: QColor,
    bold: bool = True,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """A line of text over or under a grid, by its baseline."""
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    paint_text(painter, at, text, colour, 12 if bold else 11, bold, align)


def within(
    painter: QPainter, grid: Grid, cells: Iterable[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The cells of which something may be seen."""
    rows, columns = grid.seen(clip(painter))
    return [place for place in cells if place[0] in rows and place[1] in columns]


def all_seen(painter: QPainter, grid: Grid) -> list[tuple[int, int]]:
    """Every cell of the grid proper of which something may be seen."""
    rows, columns = grid.seen(clip(painter))
    inner_rows = range(max(rows.start, 0), min(rows.stop, grid.rows))
    inner_columns = range(max(columns.start, 0), min(columns.stop, grid.columns))
    return list(itertools.product(inner_rows, inner_columns))


def clip(painter: QPainter) -> QRectF | None:
    """The part of the picture that is painted: the clip, else the device."""
    if painter.hasClipping():
        return painter.clipBoundingRect()
    device = painter.device()
    if isinstance(device, QSvgGenerator):
        return None
    back, possible = painter.deviceTransform().inverted()
    size = QRectF(0, 0, device.width(), device.height())
    return back.mapRect(size) if possible else None


def with_place(painter: QPainter, grid: Grid) -> None:
    """Save the painter and go to the grid's own coordinates; slanted edges are smoothed."""
    painter.save()
    painter.setTransform(grid.place, True)
    slanted = bool(grid.place.m12() or grid.place.m21())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, slanted)


def shade(
    painter: QPainter, grid: Grid, values: NDArray[Any], low: QColor, high: QColor, count: int
) -> None:
    """Paint the first `count` of `values`, (rows, columns), as shades where numbers do not fit.

    Where `values` holds no number nothing is painted.
    """
    numbers = values.astype(np.float64)
    finite = numbers[np.isfinite(numbers)]
    least, most = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    if least == most:
        return
    part = np.clip((np.nan_to_num(numbers, neginf=least) - least) / (most - least), 0, 1)
    ends = [np.array([c.red(), c.green(), c.blue()], np.float64) for c in (low, high)]
    rgb = np.rint(ends[0] + part[..., None] * (ends[1] - ends[0])).astype(np.uint32)
    pixels = np.uint32(0xFF000000) | (rgb[..., 0] << 16) | (rgb[..., 1] << 8) | rgb[..., 2]
    pixels = pixels.astype(np.uint32)
    pixels[np.isnan(numbers)] = 0
    pixels.reshape(-1)[max(count, 0) :] = 0
    with_place(painter, grid)
    painter.drawImage(grid.inner, shared_image(np.ascontiguousarray(pixels)))
    painter.restore()


def number_text(value: object) -> str:
    """A value in a line of text: whole, or three digits; −∞ for an empty maximum."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, int):
        return str(value).replace("-", "−")
    assert isinstance(value, float)
    if not np.isfinite(value):
        return "−∞" if value < 0 else "∞"
    text = f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
    return text.replace("e-0", "e-").replace("-", "−")


def characters(grid: Grid) -> int:
    """How many characters of a number a cell of the grid has room for, at most 5."""
    return 3 if grid.cell < 24 else 4 if grid.cell < 30 else 5


def cell_text(value: object, most: int = 5) -> str:
    """A value in a cell: whole, or at most `most` characters such as −.132 and 12.7.

    A number that is not 0 and has no digit left is ≈0.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if not isinstance(value, float) or not np.isfinite(value) or value == int(value):
        return number_text(value if not isinstance(value, float) or not np.isfinite(value)
                           else int(value))  # fmt: skip
    size = abs(value)
    sign = 1 if value < 0 else 0
    if size < 0.0005 and most >= 5:
        return f"{value:.0e}".replace("e-0", "e-").replace("-", "−")
    whole = 0 if size < 1 else len(str(int(size)))
    digits = 3 if size < 1 else 2 if size < 10 else 1 if size < 100 else 0
    least = 2 if size < 1 else 1 if size < 10 else 0  # −1.5 is never −2
    digits = max(least, min(digits, most - 1 - whole - sign))
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if digits else text
    if text in ("0", "-0"):
        return "≈0"
    return text.replace("0.", ".", 1).replace("-", "−") if size < 1 else text.replace("-", "−")


def widest_of(values: NDArray[Any], most: int = 5) -> str:
    """The longest text of an array's cells, of any shape; of a large one, of its extremes."""
    flat = values.reshape(-1)
    some = flat if flat.size <= 1024 else np.array([flat.min(), flat.max()])
    return max((cell_text(each, most) for each in some), key=len, default="")


def weight_colour(inks: Inks, weight: int, lit: bool = False) -> QColor:
    """One colour for each weight, in kernel and matrix alike: hues a golden angle apart."""
    hue = (0.09 + weight * GOLDEN) % 1.0
    if inks.mode == "light":
        return QColor.fromHslF(hue, 0.48, 0.74 if lit else 0.93)
    return QColor.fromHslF(hue, 0.34, 0.66 if lit else 0.25)
