"""Paints the parts of the paper's figure: boxes of feature maps, arrows, labels."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from viewer.drawing.network.paper.operations import DASHES, ArrowKind, arrow_colour
from viewer.drawing.network.paper.sheet import Label, PlacedBox
from viewer.drawing.painting.text import SIZE_SIZE, paint_text
from viewer.look.palette import Inks

WIDTHS: dict[ArrowKind, float] = {"copy": 2.6, "plain": 1.2}
LINE_WIDTH, HEAD, HALF = 1.8, 7.0, 3.6
"""Px of an arrow's line, and of its head's length and half width."""


def copied_colour(inks: Inks) -> QColor:
    """The fill of a copied map: white, on a dark ground the white of its text."""
    return inks.color("text") if inks.mode == "dark" else QColor("#ffffff")


def paint_box(
    painter: QPainter, inks: Inks, placed: PlacedBox, stroke: float, image: QImage | None = None
) -> None:
    """Draw a box: its maps in the colour of maps, those that are copied white."""
    box = placed.box
    wrong = bool(box.fault)
    outline = inks.color("error" if wrong else "conv")
    thick = (1.8 if box.role == "bottleneck" or wrong else 1.0) * stroke
    painter.setPen(QPen(outline, thick))
    if box.form == "circle":
        painter.setPen(QPen(inks.color("error" if wrong else "end"), 1.2 * stroke))
        painter.setBrush(inks.color("canvas"))
        painter.drawEllipse(placed.rect)
        paint_sign(painter, placed.rect, box.sign)
        return
    for part, rect in zip(box.parts, placed.parts, strict=True):
        fill = inks.color("errbg" if wrong else "accentbg")
        painter.setBrush(copied_colour(inks) if part.copied and not wrong else fill)
        painter.drawRect(rect)
    if image is not None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(placed.rect, image)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(placed.rect)


def paint_sign(painter: QPainter, rect: QRectF, sign: str) -> None:
    """Draw the sign of an elementwise join with lines, in the pen in use."""
    at, r = rect.center(), rect.width() * 0.26
    flat, upright = QPointF(r, 0), QPointF(0, r)
    slant, back = QPointF(0.75 * r, 0.75 * r), QPointF(0.75 * r, -0.75 * r)
    if sign in {"+", "−", "÷"}:
        painter.drawLine(at - flat, at + flat)
    if sign == "+":
        painter.drawLine(at - upright, at + upright)
    elif sign == "×":
        painter.drawLine(at - slant, at + slant)
        painter.drawLine(at - back, at + back)
    elif sign == "÷":
        painter.drawPoint(at - upright * 0.8)
        painter.drawPoint(at + upright * 0.8)


def paint_arrow(
    painter: QPainter, inks: Inks, kind: ArrowKind, path: QPainterPath, stroke: float
) -> None:
    """Draw an arrow whose head ends at the end of its path."""
    colour = arrow_colour(inks, kind)
    width = WIDTHS.get(kind, LINE_WIDTH) * stroke
    head = min(HEAD * stroke, 0.6 * path.length())
    end, before = _end(path)
    away = end - before
    length = math.hypot(away.x(), away.y()) or 1.0
    direction = QPointF(away.x() / length, away.y() / length)
    pen = QPen(colour, width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    if inks.palette == "mono" and kind in DASHES:
        pen.setDashPattern(DASHES[kind])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(_shortened(path, end - direction * (head * 0.8)))
    half = (HALF + (0.8 if kind == "copy" else 0.0)) * stroke * head / (HEAD * stroke)
    side = QPointF(-direction.y(), direction.x()) * half
    base = end - direction * head
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([end, base + side, base - side]))


def _end(path: QPainterPath) -> tuple[QPointF, QPointF]:
    """Its last point, and the one that it comes from."""
    points = [path.elementAt(i) for i in range(path.elementCount())]
    end = QPointF(points[-1].x, points[-1].y)
    for each in reversed(points[:-1]):
        at = QPointF(each.x, each.y)
        if (at - end).manhattanLength() > 0.5:
            return end, at
    return end, end - QPointF(1, 0)


def _shortened(path: QPainterPath, end: QPointF) -> QPainterPath:
    """The path with another last point."""
    changed = QPainterPath(path)
    changed.setElementPositionAt(path.elementCount() - 1, end.x(), end.y())
    return changed


def paint_labels(painter: QPainter, inks: Inks, labels: Sequence[Label], enlarged: float) -> None:
    """Draw lines of text, the upright ones reading upwards."""
    for label in labels:
        painter.save()
        painter.translate(label.at)
        if label.upright:
            painter.rotate(-90)
        painter.scale(enlarged, enlarged)
        colour = inks.color(label.token)
        origin = QPointF(0, 0)
        paint_text(painter, origin, label.text, colour, SIZE_SIZE, label.bold, label.align)
        painter.restore()
