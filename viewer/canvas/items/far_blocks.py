"""All blocks of a network seen from far, painted by one item: there each is but a tile."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from viewer.canvas.items.block_item import BlockItem
from viewer.drawing.network.block import paint_node
from viewer.drawing.network.block_picture import REDUCED, NodePicture
from viewer.drawing.network.figure import united
from viewer.look.palette import current_inks
from viewer.override_guard import Guarded

REACH = 48.0
"""Canvas px that the tile of a faulty block can reach past its card, at most, with its outline."""


class FarBlocks(Guarded, QGraphicsItem):
    """Shown in the place of the items of the blocks below `REDUCED`.

    Its pixels are kept, so that a repaint copies one picture and not hundreds.
    """

    def __init__(self, items: Mapping[str, BlockItem]) -> None:
        """`items` is the scene's own mapping, which changes with the figure."""
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setVisible(False)
        self.zoom = 1.0
        self._items = items
        self._rooms: dict[str, QRectF] = {}
        self._bound = QRectF()

    def show_zoom(self, zoom: float) -> None:
        """Set the zoom; from near the blocks are left to their own items."""
        self.zoom = zoom
        self.setVisible(zoom < REDUCED)
        self.update()

    def show_figure(self) -> None:
        """The blocks are others, or elsewhere."""
        self.prepareGeometryChange()
        self._rooms = {name: _room(item.picture) for name, item in self._items.items()}
        self._bound = united(tuple(self._rooms.values()))
        self.update()

    def show_again(self, block: BlockItem) -> None:
        """The state of one block is another."""
        self.update(_room(block.picture))

    def boundingRect(self) -> QRectF:
        return self._bound

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        inks, seen = current_inks(), option.exposedRect
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for name, item in self._items.items():
            if self._rooms[name].intersects(seen):
                paint_node(painter, inks, item.picture, item.state, self.zoom)


def _room(picture: NodePicture) -> QRectF:
    return picture.card.adjusted(-REACH, -REACH, REACH, REACH)
