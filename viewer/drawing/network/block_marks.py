"""Paints the smaller parts of a block: rows of an opened one, pill, join, tile, ports, rings."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from analysis.layout.geometry import SHEET
from viewer.drawing.network.block_caption import caption_rect, paint_caption
from viewer.drawing.network.block_picture import (
    CARD_RADIUS,
    FULL,
    MAP_RADIUS,
    PILL_RADIUS,
    RING_RADIUS,
    TILE_HEIGHT,
    TILE_WIDTH,
    NodePicture,
    NodeState,
    Row,
)
from viewer.drawing.network.difference_marks import difference_colour
from viewer.drawing.network.wire import PORT_RADIUS
from viewer.drawing.painting.text import SIZE_SIZE, metrics, paint_text, text_scale, text_width
from viewer.look.icons import paint_icon
from viewer.look.palette import Inks

BEHIND_FAULT = 0.85
"""Opacity of the ground behind what is said of a small operator that is wrong."""

# ------------------------------------------------------------------------ opened blocks


def paint_row(
    painter: QPainter,
    inks: Inks,
    row: Row,
    rect: QRectF,
    selected: bool,
    zoom: float,
    marks: float = 0.0,
) -> None:
    """Draw one operator of an opened block: family, icon, name, size, mark of shared weights.

    `marks` is the room that the widest mark in the block takes. Where words are too small to be
    read a bar stands for the name.
    """
    _paint_row_sign(painter, inks, row, rect, selected)
    if zoom < FULL:
        width = min(text_width(row.name, SIZE_SIZE), rect.width() - 32)
        bar = QRectF(rect.left() + 28, rect.center().y() - 2, max(width, 0.0), 4)
        painter.fillRect(bar, inks.color("ctl"))
        return
    scale = max(1.0, text_scale(zoom))
    painter.save()
    painter.translate(rect.left() + 28, rect.center().y() + 4 * scale)
    painter.scale(scale, scale)
    room = (rect.width() - 32) / scale - marks
    if row.shared is not None:
        _paint_link(painter, inks, QPointF(room + 14, -4), row.shared)
    name = _elided(row.name, room, SIZE_SIZE)
    paint_text(painter, QPointF(0, 0), name, inks.color("text"), SIZE_SIZE)
    spare = room - text_width(name, SIZE_SIZE) - 8
    if text_width(row.detail, SIZE_SIZE) <= spare:
        right = Qt.AlignmentFlag.AlignRight
        at = QPointF(room, 0)
        paint_text(painter, at, row.detail, inks.color("muted"), SIZE_SIZE, align=right)
    painter.restore()


def _paint_row_sign(painter: QPainter, inks: Inks, row: Row, rect: QRectF, selected: bool) -> None:
    """The ground of a selected row, the bar and the icon of its family."""
    if selected:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(inks.color("accentbg"))
        painter.drawRoundedRect(rect, MAP_RADIUS, MAP_RADIUS)
    family = inks.color("error") if row.fault else inks.family(row.family)
    painter.fillRect(QRectF(rect.left(), rect.top() + 4, SHEET, rect.height() - 8), family)
    icon = QRectF(rect.left() + 8, rect.center().y() - 7, 14, 14)
    paint_icon(painter, row.icon, icon, family)


def _elided(text: str, room: float, pixels: int) -> str:
    return metrics(pixels, False).elidedText(text, Qt.TextElideMode.ElideMiddle, room)


def paint_repeats(painter: QPainter, inks: Inks, node: NodePicture) -> None:
    """Draw how often the same operators repeat, over the upper right corner."""
    text = f"× {node.repeats}"
    width = text_width(text, SIZE_SIZE, True) + 12
    rect = QRectF(node.card.right() - width - 4, node.card.top() - 9, width, 18)
    painter.setPen(QPen(inks.color("border"), 1.0))
    painter.setBrush(inks.color("surface"))
    painter.drawRoundedRect(rect, 9, 9)
    at = QPointF(rect.center().x(), rect.center().y() + 4)
    centre = Qt.AlignmentFlag.AlignHCenter
    paint_text(painter, at, text, inks.color("text"), SIZE_SIZE, True, centre)


def paint_inner_gates(painter: QPainter, inks: Inks, node: NodePicture, said: str) -> None:
    """Draw what gates inside the block are set to, in the lower left corner of its map."""
    width = text_width(said, SIZE_SIZE, True) + 12
    icon = 16.0 if width + 22 <= node.map.width() else 0.0
    rect = QRectF(node.map.left() + 3, node.map.bottom() - 21, width + icon, 18)
    painter.setPen(QPen(inks.color("skip"), 1.5))
    painter.setBrush(inks.color("surface"))
    painter.drawRoundedRect(rect, 9, 9)
    if icon:
        place = QRectF(rect.left() + 5, rect.center().y() - 6, 12, 12)
        paint_icon(painter, "gate", place, inks.color("skip"))
    at = QPointF(rect.left() + 6 + icon, rect.center().y() + 4)
    paint_text(painter, at, said, inks.color("text"), SIZE_SIZE, True)


def room_for_marks(rows: Sequence[Row]) -> float:
    """The room that the widest mark of shared weights of these rows takes; 0 without any."""
    letters = [row.shared for row in rows if row.shared is not None]
    return max((text_width(each, SIZE_SIZE, True) + 20 for each in letters), default=0.0)


def paint_shared(painter: QPainter, inks: Inks, node: NodePicture, letters: str) -> None:
    """Draw the mark of shared weights: in the corner of a map, over that of a pill."""
    width = text_width(letters, SIZE_SIZE, True) + 18 if letters else 16
    height = 16.0
    if node.shape == "map":
        rect = QRectF(node.map.right() - width - 3, node.map.top() + 3, width, height)
    else:
        rect = QRectF(node.card.right() - 5, node.card.top() - height + 4, width, height)
    painter.setPen(QPen(inks.color("border"), 1.0))
    painter.setBrush(inks.color("surface"))
    painter.drawRoundedRect(rect, height / 2, height / 2)
    _paint_link(painter, inks, QPointF(rect.left() + 8, rect.center().y()), letters)


def _paint_link(painter: QPainter, inks: Inks, at: QPointF, letters: str) -> None:
    """The link, with its middle there, and the letters behind it."""
    paint_icon(painter, "shared", QRectF(at.x() - 5.5, at.y() - 5.5, 11, 11), inks.color("text"))
    base = QPointF(at.x() + 6, at.y() + 4)
    paint_text(painter, base, letters, inks.color("text"), SIZE_SIZE, True)


# ------------------------------------------------------------------ pills, joins, tiles


def paint_operator(
    painter: QPainter,
    inks: Inks,
    node: NodePicture,
    state: NodeState,
    zoom: float,
    captioned: bool = True,
) -> None:
    """Draw a small operator as a pill, or a join as a circle."""
    if node.fault and captioned:  # wires run where the caption of a join stands
        ground = inks.color("canvas")
        ground.setAlphaF(BEHIND_FAULT)
        painter.fillRect(caption_rect(node, state, zoom), ground)
    outline = inks.color("error") if node.fault else inks.family(node.family)
    painter.setBrush(inks.color("errbg" if node.fault else "surface"))
    painter.setPen(QPen(outline, 1.75 if state.hovered or node.fault else 1.25))
    if node.shape == "join":
        painter.drawEllipse(node.card)
        side = 11.0
    else:
        painter.drawRoundedRect(node.card, PILL_RADIUS, PILL_RADIUS)
        side = 14.0
    if zoom < FULL and not node.fault:
        return
    at = node.card.center()
    icon = "error" if node.fault else node.icon
    rect = QRectF(at.x() - side / 2, at.y() - side / 2, side, side)
    paint_icon(painter, icon, rect, outline)
    if node.shared is not None:
        paint_shared(painter, inks, node, node.shared)
    if node.fault and captioned:
        paint_caption(painter, inks, node, state, zoom)


def paint_tile(
    painter: QPainter, inks: Inks, node: NodePicture, state: NodeState, zoom: float
) -> None:
    """Draw a block seen from far: a tile in its family's colour, crossed where it is wrong."""
    if node.shape != "map" and not node.fault:
        return
    if node.rows and not node.fault:
        _paint_opened_tile(painter, inks, node, state)
        return
    scale = min(1.0 / max(zoom, 0.02), 4.0)
    least = 48.0 if node.fault else 0.0
    width = min(TILE_WIDTH * scale, max(node.card.width(), least))
    height = min(TILE_HEIGHT * scale, max(node.card.height(), least))
    at = node.card.center()
    rect = QRectF(at.x() - width / 2, at.y() - height / 2, width, height)
    painter.setPen(QPen(inks.color("accent"), 8.0) if state.selected else Qt.PenStyle.NoPen)
    painter.setBrush(inks.color("error") if node.fault else inks.family(node.family))
    if state.difference is not None and not node.fault:
        painter.setBrush(difference_colour(inks, state.difference))
    painter.drawRoundedRect(rect, 3 * scale, 3 * scale)
    if node.fault:
        painter.setPen(QPen(inks.color("surface"), 1.75 * scale))
        inner = rect.adjusted(width * 0.32, height * 0.25, -width * 0.32, -height * 0.25)
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.topRight(), inner.bottomLeft())


def _paint_opened_tile(painter: QPainter, inks: Inks, node: NodePicture, state: NodeState) -> None:
    """Draw an opened block seen from far: its card with a tile and a bar for each operator."""
    border = QPen(inks.color("border"), 0)  # one pixel, however far it is
    painter.setPen(QPen(inks.color("accent"), 8.0) if state.selected else border)
    painter.setBrush(inks.color("surface"))
    painter.drawRoundedRect(node.card, CARD_RADIUS, CARD_RADIUS)
    colour = inks.family(node.family)
    if state.difference is not None:
        colour = difference_colour(inks, state.difference)
    painter.fillRect(node.map, colour)
    for row, rect in zip(node.rows, node.row_rects, strict=True):
        bar = rect.adjusted(0, rect.height() / 6, 0, -rect.height() / 6)
        painter.fillRect(bar, inks.color("error") if row.fault else inks.family(row.family))


def paint_port(painter: QPainter, inks: Inks, node: NodePicture, at: QPointF) -> None:
    """Draw the circle where a wire meets the card."""
    painter.setPen(QPen(inks.family(node.family), 1.5))
    painter.setBrush(inks.color("surface"))
    painter.drawEllipse(at, PORT_RADIUS, PORT_RADIUS)


def paint_rings(
    painter: QPainter, inks: Inks, node: NodePicture, state: NodeState, zoom: float
) -> None:
    """Draw the rings of selection and of keyboard focus, outside the card."""
    if not (state.selected or state.focused):
        return
    unit = max(1.0, 1.0 / zoom)
    outside = 3.0 * unit
    ring = node.card.adjusted(-outside, -outside, outside, outside)
    radius = ring.height() / 2 if node.shape == "join" else RING_RADIUS
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if state.selected:
        painter.setPen(QPen(inks.color("accent"), 2.0 * unit))
        painter.drawRoundedRect(ring, radius, radius)
    if state.focused:
        pen = QPen(inks.color("text"), 2.0 * unit)
        pen.setDashPattern([1.0, 1.0])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        if state.selected:  # inside of it: outside it would reach the caption above
            ring = ring.adjusted(2 * unit, 2 * unit, -2 * unit, -2 * unit)
        painter.drawRoundedRect(ring, radius, radius)
