"""Paints the label of a skip in Live (measure and gate), and the bottleneck's number.

All of it keeps its size on screen, as captions do: `scale` is canvas px for one screen px.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from viewer.drawing.network.block_picture import NodePicture
from viewer.drawing.network.skip_marks import (
    GAP,
    PILL_MARGIN,
    SkipMark,
    pill_width,
    setting_text,
)
from viewer.drawing.network.wire import (
    EdgePicture,
    EdgeState,
    is_negative,
    ribbon_width,
)
from viewer.drawing.painting.text import metrics, paint_text, text_width
from viewer.look.icons import paint_icon
from viewer.look.pale import opacity
from viewer.look.palette import Inks
from viewer.text.block_names import block_name
from viewer.text.number_format import is_nothing

CENTRE = Qt.AlignmentFlag.AlignHCenter


def paint_skip_label(
    painter: QPainter,
    inks: Inks,
    edge: EdgePicture,
    state: EdgeState,
    mark: SkipMark,
    scale: float,
) -> None:
    """The skip's name and number in a pill on its wire, or the number alone above it."""
    if mark.label is None or edge.skip is None:
        return
    painter.save()
    painter.translate(mark.label)
    painter.scale(scale, scale)
    if mark.pill:
        _paint_pill(painter, inks, block_name(edge.skip), state.number, state)
    else:
        painter.setOpacity(opacity(state.stale))
        colour = inks.color(_sign_token(state))
        above = QPointF(0, -_half(state) / scale - 9)
        paint_text(painter, above, state.number, colour, 12, True, CENTRE)
    painter.restore()


def _sign_token(state: EdgeState) -> str:
    """Colour of a written measure: what is written 0 neither adds nor subtracts."""
    if state.fraction is None or is_nothing(state.fraction):
        return "muted"
    return "neg" if is_negative(state) else "pos"


def _half(state: EdgeState) -> float:
    """Half the height of the ribbon in canvas px."""
    return (state.width if state.width is not None else ribbon_width(state)) / 2


def _paint_pill(painter: QPainter, inks: Inks, name: str, number: str, state: EdgeState) -> None:
    """Name and number in a pill round the origin."""
    negative = is_negative(state)
    width = pill_width(name, number)
    painter.setPen(QPen(inks.color("skipneg" if negative else "skip"), 1.0))
    painter.setBrush(inks.color("surface"))
    painter.drawRoundedRect(QRectF(-width / 2, -11, width, 22), 11, 11)
    painter.setOpacity(opacity(state.stale))
    base = metrics(12, False).capHeight() / 2
    left = PILL_MARGIN - width / 2
    paint_text(painter, QPointF(left, base), name, inks.color("text"), 12)
    colour = inks.color(_sign_token(state))
    paint_text(painter, QPointF(left + text_width(name, 12) + GAP, base), number, colour, 12, True)


def paint_gate(
    painter: QPainter, inks: Inks, state: EdgeState, mark: SkipMark, scale: float
) -> None:
    """The round handle on a skip and, beside it, what it is set to."""
    colour = inks.color("skipneg" if is_negative(state) else "skip")
    radius = mark.radius
    painter.save()
    painter.translate(mark.gate)
    painter.scale(scale, scale)
    painter.setPen(QPen(inks.color("accent") if state.gate_hovered else colour, 1.5))
    painter.setBrush(inks.color("surface"))
    painter.drawEllipse(QPointF(0, 0), radius, radius)
    icon, half = "off" if state.gate == 0.0 else "gate", 0.7 * radius
    paint_icon(painter, icon, QRectF(-half, -half, 2 * half, 2 * half), colour)
    if mark.setting is not None:
        text = setting_text(state.gate)
        paint_text(painter, mark.setting, text, inks.color("muted"), 11, align=CENTRE)
    painter.restore()


def number_pill_rect(node: NodePicture, number: str, scale: float = 1.0) -> QRectF:
    """Room of the bottleneck's number: at its right, or below it where its name stands there."""
    width = (text_width(number, 12, True) + 20) * scale
    height = 22 * scale
    if node.caption == "right":
        return QRectF(node.card.center().x() - width / 2, node.card.bottom() + 8, width, height)
    middle = node.map.center().y()
    return QRectF(node.card.right() + 12, middle - height / 2, width, height)


def paint_number_pill(
    painter: QPainter, inks: Inks, node: NodePicture, number: str, scale: float
) -> None:
    """The bottleneck's own number, beside it."""
    room = number_pill_rect(node, number, scale)
    half = room.width() / scale / 2
    painter.save()
    painter.translate(room.center())
    painter.scale(scale, scale)
    painter.setPen(QPen(inks.color("edge"), 1.0))
    painter.setBrush(inks.color("surface"))
    painter.drawRoundedRect(QRectF(-half, -11, 2 * half, 22), 11, 11)
    base = QPointF(0, metrics(12, True).capHeight() / 2)
    paint_text(painter, base, number, inks.color("text"), 12, True, CENTRE)
    painter.restore()
