"""What a gesture shows over the network: a wire to be, a card to be, a rubber band."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from viewer.drawing.painting.text import text_scale, text_width
from viewer.look.fonts import SMALL, font
from viewer.look.icons import paint_icon
from viewer.look.palette import current_inks
from viewer.look.theme import theme
from viewer.override_guard import Guarded

TARGET = 3.0
"""Width of a wire that something would be put on."""
GHOST_HEIGHT, GHOST_PADDING, GHOST_ICON = 44.0, 10.0, 18.0
MARGIN = 10.0


@dataclass(frozen=True)
class Ghost:
    """The card of what is dragged, round the place where it would come."""

    at: QPointF
    title: str
    detail: str
    icon: str
    family: str


@dataclass(frozen=True)
class Overlay:
    """All that a gesture shows; the empty one shows nothing."""

    target: QPainterPath | None = None
    """The wire that something would be put on."""
    ghost: Ghost | None = None
    draft: tuple[QPointF, QPointF] | None = None
    """A wire that is being drawn."""
    refused: bool = False
    """Whether it cannot end where it is."""
    ends: tuple[QRectF, ...] = ()
    """Round the ports that take the wire, and round whole pills and joins."""
    band: QRectF | None = None
    """A rubber band."""


NO_OVERLAY = Overlay()


class OverlayItem(Guarded, QGraphicsItem):
    """Paints the overlay above all blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(10)
        self.zoom = 1.0
        self.overlay = NO_OVERLAY
        self._bound = QRectF()

    def show_overlay(self, overlay: Overlay) -> None:
        """Show another overlay."""
        if overlay != self.overlay:
            self.prepareGeometryChange()
            self.overlay = overlay
            self._bound = self._measured()
            self.update()

    def boundingRect(self) -> QRectF:
        return self._bound

    def _measured(self) -> QRectF:
        overlay, scale = self.overlay, max(1.0, text_scale(self.zoom))
        rooms = list(overlay.ends)
        if overlay.target is not None:
            rooms.append(overlay.target.controlPointRect())
        if overlay.draft is not None:
            start, end = overlay.draft
            rooms.append(QRectF(start, end).normalized())
        if overlay.ghost is not None:
            rooms.append(ghost_rect(overlay.ghost, text_scale(self.zoom)))
        if overlay.band is not None:
            rooms.append(overlay.band)
        reach, whole = MARGIN * scale, QRectF()
        for room in rooms:  # grown first: a level wire has no height, and Qt would leave it out
            whole = whole.united(room.adjusted(-reach, -reach, reach, reach))
        return whole

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        overlay, scale = self.overlay, text_scale(self.zoom)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if overlay.target is not None:
            painter.setPen(QPen(theme.color("accent"), TARGET * max(1.0, scale)))
            painter.drawPath(overlay.target)
        if overlay.draft is not None:
            self._paint_draft(painter, *overlay.draft)
        for end in overlay.ends:
            painter.setPen(QPen(theme.color("accent"), 2.0 * scale))
            painter.setBrush(theme.color("accent", 0.15))
            painter.drawEllipse(end)
        if overlay.ghost is not None:
            _paint_ghost(painter, overlay.ghost, scale)
        if overlay.band is not None:
            pen = QPen(theme.color("accent"), 1.0)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.setBrush(theme.color("accent", 0.12))
            painter.drawRect(overlay.band)

    def _paint_draft(self, painter: QPainter, start: QPointF, end: QPointF) -> None:
        scale = text_scale(self.zoom)
        colour = theme.color("error" if self.overlay.refused else "accent")
        pen = QPen(colour, 2.0 * scale)
        if self.overlay.refused:
            pen.setDashPattern([3, 2])
        painter.setPen(pen)
        path = QPainterPath(start)
        middle = (start.x() + end.x()) / 2
        path.cubicTo(QPointF(middle, start.y()), QPointF(middle, end.y()), end)
        painter.drawPath(path)
        painter.setBrush(colour)
        painter.drawEllipse(end, 3 * scale, 3 * scale)


def ghost_rect(ghost: Ghost, scale: float) -> QRectF:
    """Where the card lies, in canvas px; `scale` is canvas px for a screen px."""
    words = max(text_width(ghost.title, SMALL, True), text_width(ghost.detail, SMALL))
    width = words + GHOST_ICON + 3 * GHOST_PADDING
    room = QRectF(0, 0, width * scale, GHOST_HEIGHT * scale)
    room.moveCenter(ghost.at)
    return room


def _paint_ghost(painter: QPainter, ghost: Ghost, scale: float) -> None:
    room = ghost_rect(ghost, scale)
    painter.save()
    painter.translate(room.topLeft())
    painter.scale(scale, scale)
    size = QRectF(0, 0, room.width() / scale, room.height() / scale)
    pen = QPen(theme.color("accent"), 1.5)
    pen.setDashPattern([4 / 1.5, 3 / 1.5])
    painter.setPen(pen)
    painter.setBrush(theme.color("surface"))
    painter.drawRoundedRect(size, 6, 6)
    badge = QRectF(GHOST_PADDING, (GHOST_HEIGHT - GHOST_ICON) / 2, GHOST_ICON, GHOST_ICON)
    paint_icon(painter, ghost.icon, badge, current_inks().family(ghost.family))
    left = badge.right() + GHOST_PADDING
    painter.setFont(font(SMALL, bold=True))
    painter.setPen(theme.color("text"))
    painter.drawText(QPointF(left, 19 if ghost.detail else 26), ghost.title)
    painter.setFont(font(SMALL))
    painter.setPen(theme.color("muted"))
    painter.drawText(QPointF(left, 35), ghost.detail)
    painter.restore()
