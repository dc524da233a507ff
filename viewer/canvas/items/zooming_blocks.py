"""The blocks of a large network while its zoom changes, painted by one item.

At every step of the wheel each block would be measured again and painted into a pixmap of its own,
of which the next step needs nothing. Until the zoom rests the items are hidden, and this one paints
those that are in view as they were. A hidden item repaints nothing: what changes meanwhile has to
update this one.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from viewer.canvas.items.block_item import BlockItem
from viewer.drawing.painting.text import text_scale
from viewer.look.palette import current_inks
from viewer.override_guard import Guarded

AT_ONCE = 150
"""Blocks that are measured in one turn of the event loop when the zoom rests."""
REACH = 48.0
"""Px of text that a name above or below its card reaches past that, at most."""


class ZoomingBlocks(Guarded, QGraphicsItem):
    """Paints the blocks whose items are hidden, from the first step of a zoom until it rests."""

    def __init__(self, items: Mapping[str, BlockItem]) -> None:
        """`items` is the scene's own mapping, which changes with the figure."""
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.setVisible(False)
        self.is_on = False
        self.zoom = 1.0
        self._items = items
        self._bound = QRectF()

    def show_zoom(self, zoom: float, room: QRectF) -> None:
        """Paint the blocks at another zoom, in place of their items; `room` is what they take."""
        self.zoom = zoom
        self.prepareGeometryChange()
        reach = REACH * text_scale(zoom)
        self._bound = room.adjusted(-reach, -reach, reach, reach)
        if not self.is_on:
            self.is_on = True
            for item in self._items.values():
                item.setVisible(False)
            self.setVisible(True)
        self.update()

    def measure_some(self) -> bool:
        """Measure a few of the items at the zoom that is shown; False when all of them are."""
        if not self.is_on:
            return False
        behind = [each for each in self._items.values() if each.zoom != self.zoom][:AT_ONCE]
        for item in behind:
            item.show_zoom(self.zoom)
        return bool(behind)

    def stop(self) -> None:
        """Leave the blocks to their items, which the scene shows."""
        self.is_on = False
        self.setVisible(False)

    def boundingRect(self) -> QRectF:
        return self._bound

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        inks, reach = current_inks(), REACH * text_scale(self.zoom)
        seen = option.exposedRect.adjusted(-reach, -reach, reach, reach)
        for item in self._items.values():
            if item.picture.card.intersects(seen) and not item.isVisible():
                item.paint_zooming(painter, inks, self.zoom)
