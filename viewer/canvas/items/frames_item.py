"""The frames of groups that are opened to a U of their own, painted by one item under all else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from viewer.drawing.network.frame import (
    AFTER_SIGN,
    SIGN,
    FramePicture,
    FrameState,
    between,
    paint_frame,
)
from viewer.drawing.painting.text import text_scale
from viewer.look.palette import current_inks
from viewer.override_guard import Guarded

REACH = 3.0
"""Px that a border reaches past its frame."""
LEGIBLE = 0.6
"""Of the size of a text from which on it can be read."""
PLAIN = FrameState()


class FramesItem(Guarded, QGraphicsItem):
    """Paints every frame; the view asks the scene what is under the pointer."""

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(-2)
        self.zoom = 1.0
        self.frames: tuple[FramePicture, ...] = ()
        self.states: Mapping[str, FrameState] = {}
        self._bound = QRectF()
        self._moving: dict[str, FramePicture] = {}
        """Those that are painted on the way to their places."""

    def show_frames(self, frames: Sequence[FramePicture]) -> None:
        """Take other frames, outer ones first."""
        if tuple(frames) == self.frames:
            return
        self.frames = tuple(frames)
        self.show_on_the_way({}, 1.0)

    def show_on_the_way(self, starts: Mapping[str, QRectF], part: float) -> None:
        """Paint frames `part` of the way from where they were, by id; others at their places."""
        self.prepareGeometryChange()
        known = {frame.id: frame for frame in self.frames}
        self._moving = {
            name: between(known[name], start, part)
            for name, start in starts.items()
            if name in known
        }
        self._bound = QRectF()
        for frame in self.frames:
            rect = self.rect_of(frame).adjusted(-REACH, -REACH, REACH, REACH)
            self._bound = self._bound.united(rect)
        self.update()

    def rect_of(self, frame: FramePicture) -> QRectF:
        """Where a frame is painted now."""
        return self._moving.get(frame.id, frame).rect

    def show_states(self, states: Mapping[str, FrameState]) -> None:
        """Take other states, by the frames' ids."""
        if states != self.states:
            self.states = dict(states)
            self.update()

    def band_at(self, point: QPointF) -> FramePicture | None:
        """The innermost frame whose band, the strip with its name, holds a point."""
        return next((each for each in reversed(self.frames) if _band(each).contains(point)), None)

    def is_sign(self, frame: FramePicture, point: QPointF) -> bool:
        """Whether a point of the band is on the sign that closes the frame."""
        scale = text_scale(self.zoom)
        return point.x() <= frame.band.left() + (SIGN + AFTER_SIGN) * scale

    def boundingRect(self) -> QRectF:
        return self._bound

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = text_scale(self.zoom)
        worded = self.zoom * scale >= LEGIBLE
        for frame in self.frames:
            state, now = self.states.get(frame.id, PLAIN), self._moving.get(frame.id, frame)
            paint_frame(painter, current_inks(), now, state, scale, worded=worded)


def _band(frame: FramePicture) -> QRectF:
    """The whole strip at the top of a frame."""
    return QRectF(frame.rect.left(), frame.band.top(), frame.rect.width(), frame.band.height())
