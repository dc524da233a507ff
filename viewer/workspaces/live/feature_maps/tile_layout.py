"""Where the tiles of a layer's channels stand in the width and height that are seen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QPoint, QRect, QSize

GAP = 3
"""Between tiles; so that 16 of 54 px go side by side beside the docks of a 1600 px window."""
MARGIN, ABOVE = 12, 8
SMALLEST, LARGEST = 54, 112
"""Longer side of a tile, px."""


@dataclass(frozen=True)
class TileLayout:
    """Tiles of one size, wrapped to a width.

    They are as large as lets every channel be seen at once; where even the smallest do not fit,
    they are the smallest, and the rest is scrolled to.
    """

    channels: int
    map_size: tuple[int, int]
    """Height and width of one map: the shape of its tile."""
    width: int
    seen: int
    """Height in px that is seen without scrolling."""

    @cached_property
    def tile(self) -> QSize:
        """Size of a tile."""
        sizes = (self._sized(side) for side in range(LARGEST, SMALLEST, -2))
        return next(
            (size for size in sizes if self._high(size) <= self.seen), self._sized(SMALLEST)
        )

    @cached_property
    def columns(self) -> int:
        """How many tiles stand side by side."""
        return self._side_by_side(self.tile)

    @cached_property
    def height(self) -> int:
        """Height of all rows with what is kept clear above and below them."""
        return self._high(self.tile)

    def rect(self, at: int) -> QRect:
        """Where the tile at place `at` of the order is drawn."""
        row, column = divmod(at, self.columns)
        left = MARGIN + column * (self.tile.width() + GAP)
        top = ABOVE + row * (self.tile.height() + GAP)
        return QRect(QPoint(left, top), self.tile)

    def places_in(self, area: QRect) -> range:
        """The places in the order whose rows of tiles meet an area."""
        high = self.tile.height() + GAP
        first = max(0, (area.top() - ABOVE) // high)
        end = max(first, (area.bottom() - ABOVE) // high + 1)
        return range(
            min(first * self.columns, self.channels), min(end * self.columns, self.channels)
        )

    def place_at(self, point: QPoint) -> int | None:
        """The place in the order whose tile covers `point`."""
        column = (point.x() - MARGIN) // (self.tile.width() + GAP)
        row = (point.y() - ABOVE) // (self.tile.height() + GAP)
        if row < 0 or not 0 <= column < self.columns:
            return None
        at = row * self.columns + column
        return at if at < self.channels and self.rect(at).contains(point) else None

    def _sized(self, side: int) -> QSize:
        height, width = self.map_size
        scale = side / max(height, width, 1)
        return QSize(max(8, round(width * scale)), max(8, round(height * scale)))

    def _side_by_side(self, tile: QSize) -> int:
        return max(1, (self.width - 2 * MARGIN + GAP) // (tile.width() + GAP))

    def _high(self, tile: QSize) -> int:
        rows = math.ceil(self.channels / self._side_by_side(tile))
        return 2 * ABOVE + max(0, rows * (tile.height() + GAP) - GAP)
