"""One block on the canvas: holds what it looks like and paints it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from viewer.canvas.kept_block import KeptBlock
from viewer.drawing.caption import caption_rect
from viewer.drawing.device_pixels import DevicePixels
from viewer.drawing.inks import current_inks
from viewer.drawing.node import bright_parts, paint_dimmed, paint_ground, paint_marks, paint_node
from viewer.drawing.node_picture import NodePicture, NodeState, map_area
from viewer.drawing.thumbnails import MapImage, shrunk
from viewer.messages import language
from viewer.theme import theme

RING = 12.0
STILL = QGraphicsItem.CacheMode.DeviceCoordinateCache
"""Painted once into a pixmap, so that a moved gate or wire costs a copy of it."""
MOVING = QGraphicsItem.CacheMode.NoCache


class NodeItem(QGraphicsItem):
    """Paints its block; the view asks the scene, not the item, what is under the pointer."""

    def __init__(self, picture: NodePicture) -> None:
        super().__init__()
        self.setCacheMode(STILL)
        self.picture = picture
        self.state = NodeState()
        self.zoom = 1.0
        self._map: MapImage | None = None
        self._shrunk: tuple[int, QImage] | None = None
        self._whole: NodeState | None = None
        self._kept = KeptBlock()
        self._ground, self._bound = QRectF(), QRectF()
        self._measure()

    def show_picture(self, picture: NodePicture) -> None:
        """Take another place, name or kind."""
        if picture != self.picture:
            self.picture = picture
            self._kept.forget()
            self._measure()

    def show_state(self, state: NodeState) -> None:
        """Take another state; the image is set apart, by `show_map`."""
        if state != self.state:
            self.state = state
            self._whole = None
            # No pixmap of a field outlives its painting.
            cache = MOVING if _moves(state) else STILL
            if cache != self.cacheMode():
                self.setCacheMode(cache)
            self._measure(anew=False)

    def show_map(self, map_: MapImage | None) -> bool:
        """Take another image; answers whether it is another."""
        if map_ is self._map:
            return False
        self._map = map_
        self._shrunk = self._whole = None
        self._kept.forget()
        self.update()
        return True

    def show_zoom(self, zoom: float) -> None:
        """Captions keep their size on screen, so the room they take depends on the zoom."""
        self.zoom = zoom
        self._kept.forget()
        self._measure()

    def _measure(self, anew: bool = True) -> None:
        """Find the room it takes; while only its caption changes, it keeps what it had."""
        ring = max(RING, RING / self.zoom)
        card = self.picture.card.adjusted(-ring, -ring, ring, ring)
        bound = card.united(caption_rect(self.picture, self.state, self.zoom))
        if anew or not self._bound.contains(bound):
            self.prepareGeometryChange()
            self._bound = bound if anew else self._bound.united(bound)
        self._ground = card.united(caption_rect(self.picture, NodeState(), self.zoom))
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bound

    def image(self, ratio: float) -> QImage | None:
        """The map at the size it is painted, in device px."""
        if self._map is None:
            return None
        width = round(map_area(self.picture).width() * self.zoom * ratio)
        if self._shrunk is None or self._shrunk[0] != width:
            self._shrunk = (width, shrunk(self._map.image, width))
        return self._shrunk[1]

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        state, inks = self._state_with_map(painter), current_inks()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not _moves(state) or self.picture.shape != "map":
            paint_node(painter, inks, self.picture, state, self.zoom)
            return
        bright = bright_parts(self.picture, state, self.zoom)
        key = (theme.mode, language.code, state.hovered, state.computing, state.selected_row)
        pixels = DevicePixels.of(painter)
        self._kept.paint(painter, pixels, self._ground, self._paint_ground, key, bright)
        paint_marks(painter, inks, self.picture, state, self.zoom, bright)

    def _state_with_map(self, painter: QPainter) -> NodeState:
        if self._map is None or self.picture.shape != "map":
            return self.state
        image = self.image(painter.device().devicePixelRatioF())
        if self._whole is None or self._whole.image is not image:
            self._whole = replace(self.state, image=image, flat=self._map.flat)
        return self._whole

    def _paint_ground(self, painter: QPainter, dimmed: bool) -> None:
        still = replace(self._whole or self.state, seen=None, unit=None, compared=(), line="")
        still = replace(still, ports=(), awaits_image=False)
        paint_ground(painter, current_inks(), self.picture, still, self.zoom)
        if dimmed:
            paint_dimmed(painter, current_inks(), self.picture)


def _moves(state: NodeState) -> bool:
    """Whether a field is shown: it is another with every move of the pointer."""
    return state.seen is not None or bool(state.compared)
