"""The QGraphicsItem of one block: holds the block's picture and state, and paints them."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from viewer.canvas.items.block_cache import BlockCache
from viewer.drawing.network.block import (
    bright_parts,
    paint_dimmed,
    paint_ground,
    paint_marks,
    paint_node,
    paint_uncaptioned,
)
from viewer.drawing.network.block_caption import (
    NO_STATE,
    caption_rect,
    caption_room,
    second_line_rect,
)
from viewer.drawing.network.block_picture import NodePicture, NodeState, Side, map_area
from viewer.drawing.network.map_images import MapImage, shrunk
from viewer.drawing.painting.device_pixels import DevicePixels
from viewer.look.palette import Inks, current_inks
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.translation import language

RING = 12.0
MARK_REACH = 10.0
"""Screen px that outlines and marks reach past the map, at most."""
STILL = QGraphicsItem.CacheMode.DeviceCoordinateCache
"""Painted once into a pixmap, so that a moved gate or wire costs a copy of it."""
MOVING = QGraphicsItem.CacheMode.NoCache


class BlockItem(Guarded, QGraphicsItem):
    """Paints its block; the view asks the scene, not the item, what is under the pointer."""

    def __init__(self, picture: NodePicture) -> None:
        super().__init__()
        self.setCacheMode(STILL)
        self.picture = picture
        self.state = NodeState()
        self.zoom = 1.0
        self.captioned = picture
        """Its picture with the caption where that is painted."""
        self._named = True
        self._side: Side | None = None
        self._bare = False
        self._map: MapImage | None = None
        self._shrunk: tuple[int, QImage] | None = None
        self._kept = BlockCache()
        self._ground, self._bound = QRectF(), QRectF()
        self._marks, self._marked = QRectF(), QRectF()
        """Where marks of any field are, and those of the one that is shown with its line."""
        self._measure()

    def show_picture(self, picture: NodePicture) -> None:
        """Show another place, name or kind."""
        if picture is not self.picture and picture != self.picture:
            self.picture = picture
            self._kept.forget()
            self._place_caption()

    def show_state(self, state: NodeState) -> bool:
        """Show a state and return whether it is another; the image is set by `show_map`."""
        if state == self.state:
            return False
        self.state = state
        # No pixmap of a field outlives its painting.
        cache = MOVING if _lit(state) else STILL
        if cache != self.cacheMode():
            self.setCacheMode(cache)
        self._marked = self._bound
        self.update()
        return True

    def show_field(self, state: NodeState) -> None:
        """Show a state that differs in its field only: map and second line are painted again."""
        before = self.state
        if not (_lit(before) and _lit(state)):
            self.show_state(state)
        elif state != before:
            self.state = state
            if state.line != before.line:
                line = second_line_rect(self.captioned, state, self.zoom)
                self._marked, last = self._marks.united(line), self._marked
                self.update(self._marked.united(last))
            else:
                self.update(self._marked)

    def show_map(self, map_: MapImage | None) -> bool:
        """Show another image of the map; return whether it differs from the one shown."""
        if map_ is self._map:
            return False
        self._map = map_
        self._shrunk = None
        self._kept.forget()
        self.update()
        return True

    def show_zoom(self, zoom: float) -> None:
        """Set the zoom: captions keep their size on screen, so their size in canvas px changes."""
        self.zoom = zoom
        self._kept.forget()
        self._measure()

    def show_named(self, named: bool, side: Side | None = None, bare: bool = False) -> None:
        """Whether there is room for its name; selected and under the pointer it has one anyway.

        `side` is where, if not where the layout has left room for it; a `bare` one is without its
        size.
        """
        if (named, side, bare) != (self._named, self._side, self._bare):
            self._named = named
            self._kept.forget()
            if (side, bare) != (self._side, self._bare):
                self._side, self._bare = side, bare
                self._place_caption()
            self.update()

    @property
    def is_named(self) -> bool:
        """Whether its name is painted."""
        return self._named or self.state.hovered or self.state.selected

    def _place_caption(self) -> None:
        picture, side = self.picture, self._side
        picture = replace(picture, bare=True) if self._bare else picture
        self.captioned = picture if side is None else replace(picture, caption=side, aside=0.0)
        self._measure()

    def _measure(self) -> None:
        """Find the room it takes; a caption has room for any that a field may give it."""
        self.prepareGeometryChange()
        ring = max(RING, RING / self.zoom)
        card = self.picture.card.adjusted(-ring, -ring, ring, ring)
        self._ground = card.united(caption_rect(self.captioned, NO_STATE, self.zoom))
        self._bound = self._ground.united(caption_room(self.captioned, self.zoom))
        reach = MARK_REACH / self.zoom
        self._marks = self.picture.map.adjusted(-reach, -reach, reach, reach)
        self._marked = self._bound
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
        inks = current_inks()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._follows_field():
            state = self._state_with(self.image(painter.device().devicePixelRatioF()))
            paint = paint_node if self.is_named else paint_uncaptioned
            paint(painter, inks, self.captioned, state, self.zoom)
            return
        state = self.state
        bright = bright_parts(self.picture, state, self.zoom)
        key = (
            theme.mode,
            language.code,
            state.hovered,
            state.selected_row,
            state.gates,
            self.is_named,
        )
        pixels = DevicePixels.of(painter)
        self._kept.paint(painter, pixels, self._ground, self._paint_ground, key, bright)
        upright = pixels if pixels.upright else None
        paint_marks(painter, inks, self.captioned, state, self.zoom, bright, upright)

    def paint_zooming(self, painter: QPainter, inks: Inks, zoom: float) -> None:
        """Paint it at a zoom that it is not measured at, with the map in the size it had."""
        kept, ratio = self._shrunk, painter.device().devicePixelRatioF()
        state = self._state_with(kept[1] if kept is not None else self.image(ratio))
        paint = paint_node if self.is_named else paint_uncaptioned
        paint(painter, inks, self.captioned, state, zoom)

    def _follows_field(self) -> bool:
        """Whether it shows a field on an up-to-date map, which is another with every move."""
        picture, state = self.picture, self.state
        current = picture.shape == "map" and not (state.computing or picture.waits or picture.fault)
        return current and _lit(state)

    def _state_with(self, image: QImage | None) -> NodeState:
        if self._map is None or self.picture.shape != "map":
            return self.state
        return replace(self.state, image=image, flat=self._map.flat)

    def _paint_ground(self, painter: QPainter, dimmed: bool, ratio: float) -> None:
        state = self._state_with(self.image(ratio))
        still = replace(state, seen=None, unit=None, compared=(), line="", awaits_image=False)
        named = self.is_named
        paint_ground(painter, current_inks(), self.captioned, still, self.zoom, captioned=named)
        if dimmed:
            paint_dimmed(painter, current_inks(), self.picture)


def _lit(state: NodeState) -> bool:
    return state.seen is not None or bool(state.compared)
