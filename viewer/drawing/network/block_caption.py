"""Paints a block's caption beside its card: name and second line."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from viewer.drawing.network.block_picture import FULL, WIDEST_CAPTION, NodePicture, NodeState
from viewer.drawing.painting.text import (
    NAME_SIZE,
    SIZE_SIZE,
    metrics,
    paint_text,
    text_scale,
    text_width,
)
from viewer.look.palette import Inks

BOLDER = 1.15
"""How much wider bold text may be than what it is elided as."""


def caption_lines(node: NodePicture, state: NodeState) -> tuple[str, str]:
    """Name, and the line below it: the fact of a fault, the field, or the size."""
    second = node.fault or node.waits or state.line or node.size
    return _short(node.title or node.name, NAME_SIZE, True), _short(second, SIZE_SIZE, False)


def elided_name(name: str) -> str:
    """A name in the room of a caption."""
    return _short(name, NAME_SIZE, True)


def _short(text: str, pixels: int, bold: bool) -> str:
    """Module paths of opened models can be long: what is left out is left out in the middle."""
    if text_width(text, pixels, bold) <= WIDEST_CAPTION:
        return text
    return metrics(pixels, bold).elidedText(text, Qt.TextElideMode.ElideMiddle, WIDEST_CAPTION)


def paint_caption(
    painter: QPainter, inks: Inks, node: NodePicture, state: NodeState, zoom: float
) -> None:
    """Draw name and second line; the second one says what is wrong, seen, or how large."""
    paint_name(painter, inks, node, state, zoom)
    paint_second_line(painter, inks, node, state, zoom)


def paint_name(
    painter: QPainter, inks: Inks, node: NodePicture, state: NodeState, zoom: float
) -> None:
    """Draw the name alone."""
    name = caption_lines(node, state)[0]
    _paint_line(painter, node, state, zoom, (0.0, name, inks.color("text"), NAME_SIZE, True))


def paint_second_line(
    painter: QPainter, inks: Inks, node: NodePicture, state: NodeState, zoom: float
) -> None:
    """Draw the line below the name, where there is room for one."""
    second = _second(node, state, zoom)
    if second:
        token = "error" if node.fault else "field" if state.line and not node.waits else "muted"
        bold = token == "field"
        line = (15.0, second, inks.color(token), SIZE_SIZE, bold)
        _paint_line(painter, node, state, zoom, line)


def _second(node: NodePicture, state: NodeState, zoom: float) -> str:
    return caption_lines(node, state)[1] if zoom >= FULL else node.fault


def _paint_line(
    painter: QPainter,
    node: NodePicture,
    state: NodeState,
    zoom: float,
    line: tuple[float, str, QColor, int, bool],
) -> None:
    """One line: how far below the first baseline, text, colour, size and weight."""
    below, text, colour, pixels, bold = line
    scale = text_scale(zoom)
    at, align = _caption_place(node, scale, bool(_second(node, state, zoom)))
    painter.save()
    painter.translate(at)
    painter.scale(scale, scale)
    paint_text(painter, QPointF(0, below), text, colour, pixels, bold, align)
    painter.restore()


def _caption_place(node: NodePicture, scale: float, two: bool) -> tuple[QPointF, Qt.AlignmentFlag]:
    """Baseline of the first line and how the lines are aligned."""
    card = node.card
    if node.caption == "above":
        rise = (23.0 if two else 8.0) * scale
        return QPointF(card.left() + 1, card.top() - rise), Qt.AlignmentFlag.AlignLeft
    if node.caption == "over":
        rise = (23.0 if two else 8.0) * scale
        return QPointF(card.right(), card.top() - rise), Qt.AlignmentFlag.AlignRight
    if node.caption == "below":
        return QPointF(card.left() + 1, card.bottom() + 17.0 * scale), Qt.AlignmentFlag.AlignLeft
    middle = node.map.center().y() + (-3.0 if two else 4.0) * scale
    gap = 10.0 * min(1.0, scale)
    if node.caption == "left":
        return QPointF(card.left() - gap, middle), Qt.AlignmentFlag.AlignRight
    return QPointF(card.right() + gap, middle), Qt.AlignmentFlag.AlignLeft


def caption_rect(node: NodePicture, state: NodeState, zoom: float) -> QRectF:
    """Room the caption takes, in canvas px."""
    if node.shape != "map" and not node.fault:
        return QRectF()
    lines = caption_lines(node, state)
    scale = text_scale(zoom)
    width = scale * max(
        text_width(lines[0], NAME_SIZE, True), text_width(lines[1], SIZE_SIZE, True)
    )
    at, align = _caption_place(node, scale, True)
    left = at.x() - width if align == Qt.AlignmentFlag.AlignRight else at.x()
    return QRectF(left, at.y() - 13 * scale, width, 34 * scale)


def second_line_rect(node: NodePicture, state: NodeState, zoom: float) -> QRectF:
    """Room the second line takes, in canvas px."""
    scale = text_scale(zoom)
    width = BOLDER * scale * text_width(caption_lines(node, state)[1], SIZE_SIZE, True)
    at, align = _caption_place(node, scale, True)
    left = at.x() - width if align == Qt.AlignmentFlag.AlignRight else at.x()
    return QRectF(left - 2 * scale, at.y() + 2 * scale, width + 4 * scale, 19 * scale)


def caption_room(node: NodePicture, zoom: float) -> QRectF:
    """Room for any caption that a block may come to have, in canvas px."""
    known = caption_rect(node, NodeState(), zoom)
    if known.isEmpty():
        return known
    widest = BOLDER * WIDEST_CAPTION * text_scale(zoom)
    align = _caption_place(node, text_scale(zoom), True)[1]
    left = known.right() - widest if align == Qt.AlignmentFlag.AlignRight else known.left()
    return known.united(QRectF(left, known.top(), widest, known.height()))
