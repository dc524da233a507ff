"""One block on the canvas: holds what it looks like and paints it."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from viewer.drawing.caption import caption_rect
from viewer.drawing.device_pixels import DevicePixels
from viewer.drawing.inks import current_inks
from viewer.drawing.node import paint_ground, paint_marks, paint_node
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
        self._still: tuple[object, QImage, QImage | None] | None = None
        self._bound = QRectF()
        self._measure()

    def show_picture(self, picture: NodePicture) -> None:
        """Take another place, name or kind."""
        if picture != self.picture:
            self.picture = picture
            self._measure()

    def show_state(self, state: NodeState) -> None:
        """Take another state; the image is set apart, by `show_map`."""
        if state != self.state:
            self.state = state
            # A field is another with every move of the pointer: no pixmap outlives its painting.
            moves = state.seen is not None
            self.setCacheMode(MOVING if moves else STILL)
            self._measure()

    def show_map(self, map_: MapImage | None) -> bool:
        """Take another image; answers whether it is another."""
        if map_ is self._map:
            return False
        self._map = map_
        self._shrunk = None
        self.update()
        return True

    def show_zoom(self, zoom: float) -> None:
        """Captions keep their size on screen, so the room they take depends on the zoom."""
        self.zoom = zoom
        self._measure()

    def _measure(self) -> None:
        self.prepareGeometryChange()
        ring = max(RING, RING / self.zoom)
        bound = self.picture.card.adjusted(-ring, -ring, ring, ring)
        self._bound = bound.united(caption_rect(self.picture, self.state, self.zoom))
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
        state = self.state
        if self.picture.shape == "map" and self._map is not None:
            ratio = painter.device().devicePixelRatioF()
            state = replace(state, image=self.image(ratio), flat=self._map.flat)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state.seen is None or self.picture.shape != "map":
            paint_node(painter, current_inks(), self.picture, state, self.zoom)
            return
        self._paint_still(painter, state)
        paint_marks(painter, current_inks(), self.picture, state, self.zoom)

    def _paint_still(self, painter: QPainter, state: NodeState) -> None:
        """What a moving field leaves alone, kept as pixels: it is most of the work."""
        ground = replace(
            state, seen=None, unit=None, compared=(), line="", ports=(), awaits_image=False
        )
        pixels = DevicePixels.of(painter)
        corner = pixels.to_device.map(self._bound.topLeft())
        whole = QPointF(math.floor(corner.x()), math.floor(corner.y()))
        part = corner - whole
        ratio = painter.device().devicePixelRatioF()
        key = (ground, id(ground.image), theme.mode, language.code, self.zoom, ratio,
               round(part.x(), 3), round(part.y(), 3), self.picture)  # fmt: skip
        if self._still is None or self._still[0] != key:
            scale = pixels.to_device.m11()
            size = (self._bound.size() * scale).toSize() + QSize(2, 2)
            image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
            image.fill(Qt.GlobalColor.transparent)
            brush = QPainter(image)
            brush.setRenderHint(QPainter.RenderHint.Antialiasing)
            brush.translate(part)
            brush.scale(scale, scale)
            brush.translate(-self._bound.topLeft())
            paint_ground(brush, current_inks(), self.picture, ground, self.zoom)
            brush.end()
            image.setDevicePixelRatio(ratio)
            self._still = (key, image, ground.image)
        painter.save()
        painter.resetTransform()
        painter.drawImage(pixels.from_device.map(whole), self._still[1])
        painter.restore()
