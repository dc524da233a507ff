"""Marks how a block or a wire differs from another network's: a colour, a line and a sign.

The line (solid, dashed, double) and the sign (+, −, ≠ on a circle, a square, a diamond) say the
same as the colour, so that it can be read in greys.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from analysis.comparison import Difference
from viewer.look.palette import Inks

TOKENS: dict[Difference, str] = {"added": "pos", "removed": "neg", "changed": "fieldedge"}
SIGN = 8.0
"""Half the side of a sign, in screen px."""
SMALL_CARD = 28.0
"""A card lower than so many canvas px is that of a small operator, with a smaller sign."""
FADED = 0.62
"""How much of the ground lies over what is the same in both."""


def difference_colour(inks: Inks, difference: Difference) -> QColor:
    """The colour of a difference; grey for what is the same."""
    return inks.color(TOKENS.get(difference, "edge"))


def difference_pen(inks: Inks, difference: Difference, width: float) -> QPen:
    """The line of a difference: what is gone is dashed."""
    pen = QPen(difference_colour(inks, difference), width)
    if difference == "removed":
        pen.setDashPattern([2.5, 2.0])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def paint_difference(
    painter: QPainter,
    inks: Inks,
    card: QRectF,
    difference: Difference,
    scale: float,
    radius: float,
    name: QRectF,
) -> None:
    """Mark a card whose name takes that room; `scale` is canvas px for a screen px, at least 1."""
    if difference == "same":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(inks.color("canvas", FADED))
        painter.drawRoundedRect(card.adjusted(-1, -1, 1, 1), radius, radius)
        return
    if difference not in TOKENS:
        return
    outline = card.adjusted(-1.5 * scale, -1.5 * scale, 1.5 * scale, 1.5 * scale)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if difference == "removed":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(inks.color("negbg", 0.55))
        painter.drawRoundedRect(card, radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(difference_pen(inks, difference, 2.5 * scale))
    painter.drawRoundedRect(outline, radius + 1.5, radius + 1.5)
    small = card.height() < SMALL_CARD
    if difference == "changed" and not small:
        painter.setPen(difference_pen(inks, difference, 1.0 * scale))
        inner = outline.adjusted(-3 * scale, -3 * scale, 3 * scale, 3 * scale)
        painter.drawRoundedRect(inner, radius + 4, radius + 4)
    size = 0.65 * scale if small else scale
    away = 2 * scale if small else 0.0
    corners = outline.adjusted(-away, -away, away, away)
    paint_sign(painter, inks, difference, sign_place(corners, name, size), size)


def sign_place(corners: QRectF, name: QRectF, scale: float) -> QPointF:
    """The first corner at which a sign hides nothing of the name; the first of all if none is."""
    far = (SIGN + 2) * scale
    around = QPointF(far, far)
    places = (corners.topLeft(), corners.topRight(), corners.bottomRight(), corners.bottomLeft())
    free = (at for at in places if not QRectF(at - around, at + around).intersects(name))
    return next(free, places[0])


def paint_sign(
    painter: QPainter, inks: Inks, difference: Difference, at: QPointF, scale: float = 1.0
) -> None:
    """Draw the sign of a difference with its middle there; nothing for what has none."""
    if difference not in TOKENS:
        return
    painter.save()
    painter.translate(at)
    painter.scale(scale, scale)
    painter.setPen(QPen(inks.color("surface"), 1.5))
    painter.setBrush(difference_colour(inks, difference))
    shape = QRectF(-SIGN, -SIGN, 2 * SIGN, 2 * SIGN)
    if difference == "added":
        painter.drawEllipse(shape)
    elif difference == "removed":
        painter.drawRoundedRect(shape.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
    else:
        far = SIGN + 2
        painter.drawPolygon(
            QPolygonF([QPointF(0, -far), QPointF(far, 0), QPointF(0, far), QPointF(-far, 0)])
        )
    _paint_glyph(painter, inks, difference)
    painter.restore()


def _paint_glyph(painter: QPainter, inks: Inks, difference: Difference) -> None:
    painter.setPen(QPen(inks.color("surface"), 1.75))
    if difference == "changed":
        for y in (-1.75, 1.75):
            painter.drawLine(QPointF(-3.5, y), QPointF(3.5, y))
        painter.drawLine(QPointF(1.8, -4.2), QPointF(-1.8, 4.2))
        return
    painter.drawLine(QPointF(-4, 0), QPointF(4, 0))
    if difference == "added":
        painter.drawLine(QPointF(0, -4), QPointF(0, 4))
