"""Finds what lies under a point of the canvas: a block, a unit of its map, a wire, a gate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath, QPainterPathStroker

from viewer.drawing.network.block_picture import NodePicture, map_area

SMALLEST_TARGET = 24.0


@dataclass(frozen=True)
class Hit:
    """The result of a hit test: `name` is a block, an operator of an opened one, or a skip."""

    kind: Literal["nothing", "block", "row", "gate", "skip", "wire"] = "nothing"
    name: str = ""
    node: NodePicture | None = None
    unit: tuple[int, int] | None = None
    ends: tuple[str, str] = ("", "")
    """Of a wire the blocks at the ends of the piece that is hit."""


NOTHING = Hit()


def unit_at(node: NodePicture, point: QPointF) -> tuple[int, int] | None:
    """The unit (y, x) of the block's map under a point, None outside the map."""
    area = map_area(node)
    if node.shape != "map" or node.spatial is None or not area.contains(point):
        return None
    rows, columns = node.spatial
    y = int((point.y() - area.top()) / area.height() * rows)
    x = int((point.x() - area.left()) / area.width() * columns)
    return min(y, rows - 1), min(x, columns - 1)


def unit_near(node: NodePicture, point: QPointF) -> tuple[int, int]:
    """The unit of the block's map that lies nearest to a point. The block must be a map."""
    area, (rows, columns) = map_area(node), node.spatial or (1, 1)
    y = int((point.y() - area.top()) / area.height() * rows)
    x = int((point.x() - area.left()) / area.width() * columns)
    return min(max(y, 0), rows - 1), min(max(x, 0), columns - 1)


def _on_path(path: QPainterPath, point: QPointF, reach: float) -> bool:
    """Whether a point lies within `reach` of a curve."""
    stroker = QPainterPathStroker()
    stroker.setWidth(2 * reach)
    return stroker.createStroke(path).contains(point)


def _near(a: QPointF, b: QPointF, reach: float) -> bool:
    return (a.x() - b.x()) ** 2 + (a.y() - b.y()) ** 2 <= reach * reach
