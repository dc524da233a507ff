"""Writes the captions of blocks in a figure: name, size, kernels and field, in any text size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from analysis.facts import Facts
from viewer.drawing.network.block_picture import WIDEST_CAPTION, NodePicture, NodeState
from viewer.drawing.network.figure_options import FigureOptions
from viewer.drawing.painting.text import NAME_SIZE, SIZE_SIZE, metrics, paint_text, text_width
from viewer.look.palette import Inks
from viewer.text import number_format
from viewer.text.figure_words import field_text, kernel_text
from viewer.text.translation import tr

PITCH = 15.0
"""Px from one line to the next."""


@dataclass(frozen=True)
class Line:
    """One line of a caption."""

    text: str
    token: str
    pixels: int = SIZE_SIZE
    bold: bool = False

    @property
    def width(self) -> float:
        return text_width(self.text, self.pixels, self.bold)


@dataclass(frozen=True)
class Caption:
    """The lines beside one block."""

    lines: tuple[Line, ...]
    at: QPointF
    """The baseline of the first line."""
    align: Qt.AlignmentFlag
    rect: QRectF

    enlarged: float = 1.0

    def moved(self, by: QPointF) -> Caption:
        """The same elsewhere."""
        return replace(self, at=self.at + by, rect=self.rect.translated(by))

    def placed_lines(self) -> Iterator[tuple[Line, QPointF]]:
        """Each line with where its baseline starts, or ends if it is aligned to the right."""
        for index, line in enumerate(self.lines):
            yield line, self.at + QPointF(0.0, PITCH * index * self.enlarged)

    def paint(self, painter: QPainter, inks: Inks, enlarged: float) -> None:
        """Draw the lines, in px of the canvas."""
        painter.save()
        painter.translate(self.at)
        painter.scale(enlarged, enlarged)
        for index, line in enumerate(self.lines):
            at = QPointF(0, PITCH * index)
            paint_text(
                painter, at, line.text, inks.color(line.token), line.pixels, line.bold, self.align
            )
        painter.restore()


def size_text(shape: tuple[int, ...] | None, options: FigureOptions) -> str:
    """`64 × 128²`, or of it only channels or size, as chosen."""
    if shape is None:
        return "–" if options.sizes or options.channels else ""
    if options.channels and options.sizes:
        return number_format.shape(shape)
    if options.channels or len(shape) == 1:
        return str(shape[0]) if options.channels else ""
    return number_format.spatial(shape[1:]) if options.sizes else ""


def caption_lines(
    node: NodePicture,
    state: NodeState,
    options: FigureOptions,
    facts: Facts,
    nodes: tuple[str, ...],
    size: str,
) -> tuple[Line, ...]:
    """Name; what is wrong, seen, or its `size`; kernels; field. `nodes` are those of the block."""
    found = [Line(_short(node.title or node.name, NAME_SIZE, True), "text", NAME_SIZE, bold=True)]
    if second := _second_line(node, state, size):
        found.append(second)
    if node.latent is not None and (options.sizes or options.channels) and not node.fault:
        words = tr("latent {n}", n=number_format.grouped(node.latent))
        found.append(Line(_short(words), "muted"))
    if options.shows_kernels and (
        kernels := kernel_text([facts.graph[each].operator for each in nodes])
    ):
        found.append(Line(_short(kernels), "muted"))
    if options.fields and not node.fault and (field := field_text(facts.fields.get(node.output))):
        found.append(Line(_short(field), "field"))
    return tuple(found)


def _second_line(node: NodePicture, state: NodeState, size: str) -> Line | None:
    if node.fault:
        return Line(_short(node.fault), "error")
    if node.waits:
        return Line(_short(node.waits), "muted")
    if state.line:
        return Line(_short(state.line, bold=True), "field", bold=True)
    return Line(_short(size), "muted") if size else None


def _short(text: str, pixels: int = SIZE_SIZE, bold: bool = False) -> str:
    """Long names are shortened in the middle, as on the canvas."""
    if text_width(text, pixels, bold) <= WIDEST_CAPTION:
        return text
    return metrics(pixels, bold).elidedText(text, Qt.TextElideMode.ElideMiddle, WIDEST_CAPTION)


def caption(node: NodePicture, lines: tuple[Line, ...], enlarged: float) -> Caption:
    """The lines in their place beside the card, with text `enlarged` times its size."""
    along = node.aside * enlarged
    card, below = node.card, PITCH * (len(lines) - 1)
    beside = node.map.center().y() + along + (4 - below / 2) * enlarged
    right, left = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignLeft
    match node.caption:
        case "above":
            at, align = QPointF(card.left() + 1 + along, card.top() - (8 + below) * enlarged), left
        case "over":
            at, align = QPointF(card.right(), card.top() - (8 + below) * enlarged), right
        case "below":
            at, align = QPointF(card.left() + 1 + along, card.bottom() + 2 + PITCH * enlarged), left
        case "left":
            at, align = QPointF(card.left() - 10, beside), right
        case _:
            at, align = QPointF(card.right() + 10, beside), left
    width = enlarged * max((line.width for line in lines), default=0.0)
    x = at.x() - width if align == right else at.x()
    rect = QRectF(x, at.y() - 12 * enlarged, width, (16 + below) * enlarged)
    return Caption(lines, at, align, rect, enlarged)


def shape_lines(area: QRectF, text: str, enlarged: float) -> tuple[str, ...]:
    """A map's shape as it fits into its square: on one line, or two; none without room."""
    head, times, tail = text.partition(" × ")
    room = (area.width() - 6) / enlarged
    for lines in ((text,), (head, f"× {tail}")) if times else ((text,),):
        fits = max(text_width(line, SIZE_SIZE) for line in lines) <= room
        if text and fits and 13 * enlarged * len(lines) <= area.height():
            return lines
    return ()


def paint_shape(
    painter: QPainter, inks: Inks, area: QRectF, lines: tuple[str, ...], enlarged: float
) -> None:
    """Write the lines of a map's shape into the middle of its square."""
    painter.save()
    painter.translate(area.center())
    painter.scale(enlarged, enlarged)
    for index, line in enumerate(lines):
        base = QPointF(0, 4 + 13 * (index - (len(lines) - 1) / 2))
        centre = Qt.AlignmentFlag.AlignHCenter
        paint_text(painter, base, line, inks.color("muted"), SIZE_SIZE, align=centre)
    painter.restore()
