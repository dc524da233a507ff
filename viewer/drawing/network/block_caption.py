"""Paints a block's caption beside its card: name and second line."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from viewer.drawing.network.block_picture import (
    FULL,
    WIDEST_CAPTION,
    NodePicture,
    NodeState,
    Side,
)
from viewer.drawing.painting.text import (
    NAME_SIZE,
    SIZE_SIZE,
    face_in_use,
    metrics,
    paint_text,
    text_scale,
    text_width,
)
from viewer.drawing.painting.thread_cache import thread_cache
from viewer.look.palette import Inks
from viewer.look.typefaces import Typeface

NO_STATE = NodeState()
GROUND = 0.86
"""How much of a wire the ground of a caption hides."""
BOLDER = 1.15
"""How much wider bold text may be than what it is elided as."""


def caption_lines(node: NodePicture, state: NodeState) -> tuple[str, str]:
    """Name, and the line below it: the fact of a fault, the field, or the size."""
    second = _short(_second_text(node, state), SIZE_SIZE, False)
    return _short(node.title or node.name, NAME_SIZE, True), second


def _second_text(node: NodePicture, state: NodeState) -> str:
    return node.fault or node.waits or state.line or ("" if node.bare else node.size)


@thread_cache(4096)
def _width(name: str, second: str, face: Typeface) -> float:
    """Of the wider of two lines, in px of text, in the typeface that is in use."""
    lines = _short(name, NAME_SIZE, True), _short(second, SIZE_SIZE, False)
    return max(text_width(lines[0], NAME_SIZE, True), text_width(lines[1], SIZE_SIZE, True))


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
    _paint_line(painter, inks, node, state, zoom, (0.0, name, inks.color("text"), NAME_SIZE, True))


def paint_second_line(
    painter: QPainter, inks: Inks, node: NodePicture, state: NodeState, zoom: float
) -> None:
    """Draw the line below the name, where there is room for one."""
    second = _second(node, state, zoom)
    if second:
        token = "error" if node.fault else "field" if state.line and not node.waits else "muted"
        bold = token == "field"
        line = (15.0, second, inks.color(token), SIZE_SIZE, bold)
        _paint_line(painter, inks, node, state, zoom, line)


def _second(node: NodePicture, state: NodeState, zoom: float) -> str:
    return caption_lines(node, state)[1] if zoom >= FULL else node.fault


def _paint_line(
    painter: QPainter,
    inks: Inks,
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
    if zoom < 1.0:
        _paint_ground(painter, inks, QPointF(0, below), text, pixels, bold, align)
    paint_text(painter, QPointF(0, below), text, colour, pixels, bold, align)
    painter.restore()


def _paint_ground(
    painter: QPainter,
    inks: Inks,
    at: QPointF,
    text: str,
    pixels: int,
    bold: bool,
    align: Qt.AlignmentFlag,
) -> None:
    """A ground under text that is larger than the layout gave it room for: a wire ends there."""
    width = text_width(text, pixels, bold)
    left = at.x() - width if align == Qt.AlignmentFlag.AlignRight else at.x()
    colour = QColor(inks.color("canvas"))
    colour.setAlphaF(GROUND)
    painter.fillRect(QRectF(left - 1, at.y() - 0.85 * pixels, width + 2, 1.1 * pixels), colour)


def name_rect(node: NodePicture, zoom: float, side: Side | None = None) -> QRectF:
    """Room that the name alone takes where it is all of the caption, in canvas px.

    `side` is another side of the card than that where it stands.
    """
    scale = text_scale(zoom)
    name = caption_lines(node, NO_STATE)[0]
    width = scale * text_width(name, NAME_SIZE, True)
    at, align = _caption_place(node, scale, False, side)
    left = at.x() - width if align == Qt.AlignmentFlag.AlignRight else at.x()
    return QRectF(left, at.y() - 11 * scale, width, 13 * scale)


def _caption_place(
    node: NodePicture, scale: float, two: bool, other: Side | None = None
) -> tuple[QPointF, Qt.AlignmentFlag]:
    """Baseline of the first line and how the lines are aligned, also at an `other` side."""
    side, aside = (node.caption, node.aside) if other is None else (other, 0.0)
    card = node.card.translated(aside, 0.0)
    if side == "above":
        rise = (23.0 if two else 8.0) * scale
        return QPointF(card.left() + 1, card.top() - rise), Qt.AlignmentFlag.AlignLeft
    if side == "over":
        rise = (23.0 if two else 8.0) * scale
        return QPointF(card.right(), card.top() - rise), Qt.AlignmentFlag.AlignRight
    if side == "below":
        return QPointF(card.left() + 1, card.bottom() + 17.0 * scale), Qt.AlignmentFlag.AlignLeft
    card, middle = node.card, node.map.center().y() + aside + (-3.0 if two else 4.0) * scale
    gap = 10.0 * min(1.0, scale)
    if side == "left":
        return QPointF(card.left() - gap, middle), Qt.AlignmentFlag.AlignRight
    return QPointF(card.right() + gap, middle), Qt.AlignmentFlag.AlignLeft


def caption_rect(node: NodePicture, state: NodeState, zoom: float) -> QRectF:
    """Room the caption takes, in canvas px."""
    return _rect(node, state, zoom, bool(_second_text(node, state)) or not node.bare)


def _rect(node: NodePicture, state: NodeState, zoom: float, two: bool) -> QRectF:
    """Room of the caption with or without a second line."""
    if node.shape != "map" and not node.fault:
        return QRectF()
    scale = text_scale(zoom)
    width = scale * _width(node.title or node.name, _second_text(node, state), face_in_use())
    at, align = _caption_place(node, scale, two)
    left = at.x() - width if align == Qt.AlignmentFlag.AlignRight else at.x()
    return QRectF(left, at.y() - 13 * scale, width, (34 if two else 16) * scale)


def second_line_rect(node: NodePicture, state: NodeState, zoom: float) -> QRectF:
    """Room the second line takes, in canvas px."""
    scale = text_scale(zoom)
    width = BOLDER * scale * text_width(caption_lines(node, state)[1], SIZE_SIZE, True)
    at, align = _caption_place(node, scale, True)
    left = at.x() - width if align == Qt.AlignmentFlag.AlignRight else at.x()
    return QRectF(left - 2 * scale, at.y() + 2 * scale, width + 4 * scale, 19 * scale)


def caption_room(node: NodePicture, zoom: float) -> QRectF:
    """Room for any caption that a block may come to have, in canvas px."""
    known = _rect(node, NO_STATE, zoom, True)
    if known.isEmpty():
        return known
    widest = BOLDER * WIDEST_CAPTION * text_scale(zoom)
    align = _caption_place(node, text_scale(zoom), True)[1]
    left = known.right() - widest if align == Qt.AlignmentFlag.AlignRight else known.left()
    return known.united(QRectF(left, known.top(), widest, known.height()))
