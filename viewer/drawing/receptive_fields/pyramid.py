"""Draws the pyramid of one unit along one axis: rows of cells, links, and the growth of r."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from analysis.receptive_field.field import Field
from analysis.receptive_field.pyramid import Pyramid, PyramidRow
from viewer.drawing.painting.text import paint_text, text_width
from viewer.look.fonts import CAPTION
from viewer.look.palette import Inks
from viewer.text.number_format import MINUS, span

ROW, CELL = 30.0, 9.0
GAP = 10.0
NARROWEST = 3.0
"""Cells narrower than this are drawn as one bar, and their lines as the area they fill."""


@dataclass(frozen=True)
class PyramidLine:
    """One row of the drawing, in input pixels: a span for each cell, and the text at both ends."""

    name: str
    spans: tuple[tuple[float, float], ...]
    links: tuple[tuple[int, int], ...]
    said: str


def pyramid_lines(
    found: Pyramid, fields: Mapping[str, Field], names: Mapping[str, str]
) -> tuple[PyramidLine, ...]:
    """The rows of a pyramid, the unit's own first; `links` are (cell here, cell below)."""
    lines = []
    rows = list(reversed(found.rows))
    for row, below in zip(rows, [*rows[1:], None], strict=True):
        field = fields.get(row.layer)
        places = {cell: at for at, cell in enumerate(row.cells.members())}
        spans = tuple(_span(field, found.axis, cell) for cell in places)
        links: tuple[tuple[int, int], ...] = ()
        if below is not None:
            under = {cell: at for at, cell in enumerate(below.cells.members())}
            links = tuple((places[a], under[b]) for a, b in row.links if b in under)
        lines.append(PyramidLine(names.get(row.layer, row.layer), spans, links, growth_said(row)))
    return tuple(lines)


def growth_said(row: PyramidRow) -> str:
    """`24 + (3 − 1) · 4 = 32` where r + (k − 1) · jump holds, else the extents."""
    if row.growth is not None:
        grown = row.growth
        return f"{grown.before} + ({grown.span} {MINUS} 1) · {grown.jump} = {grown.after}"
    return span(*row.extents) if row.extents is not None else ""


def _span(field: Field | None, axis: int, cell: int) -> tuple[float, float]:
    """Where a cell stands on the input: a stretch of the jump about its middle."""
    jump, offset = 1.0, 0.0
    if field is not None and field.jump is not None and axis < len(field.jump):
        jump = field.jump[axis]
        offsets = field.centre_offset
        known = offsets[axis] if offsets is not None else None
        offset = sum(known) / 2 if known is not None and field.axes is not None else 0.0
    return cell * jump + offset, (cell + 1) * jump + offset


def pyramid_size(lines: Sequence[PyramidLine], width: float) -> QSizeF:
    """The size of the drawing."""
    return QSizeF(width, len(lines) * ROW)


def paint_pyramid(
    painter: QPainter, inks: Inks, lines: Sequence[PyramidLine], width: float
) -> None:
    """Draw the unit at the top and what it sees of every layer below it."""
    if not lines:
        return
    left = max(text_width(line.name, CAPTION, True) for line in lines) + GAP
    right = max(text_width(line.said, CAPTION, True) for line in lines) + GAP
    low = min(first for line in lines for first, _ in line.spans)
    high = max(last for line in lines for _, last in line.spans)
    scale = max(width - left - right, 20.0) / max(high - low, 1e-9)
    cells = [
        [
            QRectF(left + (a - low) * scale, row * ROW + (ROW - CELL) / 2, (b - a) * scale, CELL)
            for a, b in line.spans
        ]
        for row, line in enumerate(lines)
    ]
    for row, line in enumerate(lines[:-1]):
        _paint_links(painter, inks.color("fieldedge"), cells[row], cells[row + 1], line.links)
    for row, line in enumerate(lines):
        end = row in (0, len(lines) - 1)
        _paint_cells(painter, inks, cells[row], end)
        ink = inks.color("text" if end else "muted")
        base = row * ROW + ROW / 2 + 4
        paint_text(painter, QPointF(0, base), line.name, ink, CAPTION, end)
        place, align = QPointF(width, base), Qt.AlignmentFlag.AlignRight
        paint_text(painter, place, line.said, ink, CAPTION, end, align)


def _paint_links(
    painter: QPainter,
    ink: QColor,
    above: Sequence[QRectF],
    below: Sequence[QRectF],
    links: Sequence[tuple[int, int]],
) -> None:
    if below[0].width() >= NARROWEST and links:
        ink.setAlpha(150)
        painter.setPen(QPen(ink, 0.75))
        painter.drawLines(
            [
                QLineF(
                    above[a].center().x(),
                    above[a].bottom(),
                    below[b].center().x(),
                    below[b].top(),
                )
                for a, b in links
            ]
        )
        return
    ink.setAlpha(36)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    corners = [
        above[0].bottomLeft(),
        above[-1].bottomRight(),
        below[-1].topRight(),
        below[0].topLeft(),
    ]
    painter.drawPolygon(QPolygonF(corners))


def _paint_cells(painter: QPainter, inks: Inks, cells: Sequence[QRectF], solid: bool) -> None:
    painter.setPen(QPen(inks.color("fieldedge"), 1))
    painter.setBrush(inks.color("fieldedge" if solid else "fieldbg"))
    if cells[0].width() < NARROWEST:
        whole = cells[0].united(cells[-1])
        painter.drawRect(whole if whole.width() > 2 else whole.adjusted(-1, 0, 1, 0))
        return
    for cell in cells:
        gap = 0.5 if cell.width() > 6 else 0.0
        painter.drawRect(cell.adjusted(gap, 0, -gap, 0))
