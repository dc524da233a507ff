"""The frame round the blocks of a group that is opened to a U of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from analysis.layout.geometry import HEADER, PlacedFrame
from viewer.drawing.painting.text import (
    NAME_SIZE,
    SIZE_SIZE,
    metrics,
    paint_text,
    text_width,
)
from viewer.look.icons import paint_icon
from viewer.look.palette import Inks

RADIUS, GROUND = 10.0, 0.55
"""Of the corners in px, and how opaque the ground is, so that frames in frames are told apart."""
SIGN, AFTER_SIGN, LINE = 12.0, 5.0, 18.0
"""Px of the sign before the name, after it, and of a line of text."""


@dataclass(frozen=True)
class FramePicture:
    """Where a frame is drawn, in canvas px at 100 %, and what is written in its band."""

    id: str
    rect: QRectF
    band: QRectF
    """Room of the name, clear of the wires that come in from above."""
    inside: frozenset[str]
    """The ids of the blocks in it."""
    name: str
    output: str
    """The node that the group passes on."""
    size: str


def between(frame: FramePicture, start: QRectF, part: float) -> FramePicture:
    """The frame on its way from another rectangle, `part` of the way done."""

    def mixed(a: QPointF, b: QPointF) -> QPointF:
        return a + (b - a) * part

    rect = QRectF(
        mixed(start.topLeft(), frame.rect.topLeft()),
        mixed(start.bottomRight(), frame.rect.bottomRight()),
    )
    band = frame.band.translated(rect.topLeft() - frame.rect.topLeft()) & rect
    return replace(frame, rect=rect, band=band)


@dataclass(frozen=True)
class FrameState:
    """What of a frame changes without an edit of the network."""

    selected: bool = False
    hovered: bool = False
    focused: bool = False


def frame_picture(placed: PlacedFrame, name: str, output: str, size: str) -> FramePicture:
    """The picture of a placed frame."""
    rect = QRectF(QPointF(placed.left, placed.top), QPointF(placed.right, placed.bottom))
    band = QRectF(placed.title, placed.top, placed.right - placed.title - 2 * RADIUS, HEADER)
    return FramePicture(placed.id, rect, band, placed.inside, name, output, size)


def paint_frame(
    painter: QPainter,
    inks: Inks,
    frame: FramePicture,
    state: FrameState,
    scale: float,
    signed: bool = True,
    worded: bool = True,
) -> None:
    """Draw ground, border and name; `scale` is canvas px for a screen px of the text.

    `signed` draws the sign that closes the frame before its name. Without `worded` it is seen from
    so far that nothing written in it could be read.
    """
    ground = inks.color("surface")
    ground.setAlphaF(GROUND)
    strong = state.selected or state.focused
    token = "accent" if strong else "ctl" if state.hovered else "border"
    pen = QPen(inks.color(token), (2.0 if strong else 1.0) * max(1.0, scale))
    painter.setPen(pen)
    painter.setBrush(ground)
    painter.drawRoundedRect(frame.rect, RADIUS, RADIUS)
    if (
        not worded or frame.band.isEmpty()
    ):  # on the way from a block that is opened there is no room for it
        return
    painter.save()
    painter.setClipRect(frame.band.adjusted(0, 1, 0, 0), Qt.ClipOperation.IntersectClip)
    enlarged = min(scale, frame.band.height() / LINE)
    painter.translate(frame.band.left(), frame.band.center().y())
    painter.scale(enlarged, enlarged)
    _paint_words(painter, inks, frame, frame.band.width() / enlarged, signed)
    painter.restore()


def _paint_words(
    painter: QPainter, inks: Inks, frame: FramePicture, room: float, signed: bool
) -> None:
    left = 0.0
    if signed:
        sign = QRectF(0, -SIGN / 2, SIGN, SIGN)
        paint_icon(painter, "chevron-down", sign, inks.color("muted"))
        left = SIGN + AFTER_SIGN
    measures = metrics(NAME_SIZE, True)
    base = (measures.ascent() - measures.descent()) / 2
    name = measures.elidedText(frame.name, Qt.TextElideMode.ElideMiddle, max(room - left, 0.0))
    paint_text(painter, QPointF(left, base), name, inks.color("text"), NAME_SIZE, True)
    left += text_width(name, NAME_SIZE, True) + 8
    if frame.size and left + text_width(frame.size, SIZE_SIZE) <= room:
        paint_text(painter, QPointF(left, base), frame.size, inks.color("muted"), SIZE_SIZE)
