"""Finds what lies under a point of the canvas: a block, a unit of its map, a wire, a gate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath, QPainterPathStroker

from viewer.canvas.items.wires_item import WiresItem
from viewer.drawing.network.block_picture import NodePicture, least_zoom, map_area
from viewer.drawing.network.wire import ribbon_width

SMALLEST_TARGET = 24.0


@dataclass(frozen=True)
class Hit:
    """The result of a hit test: `name` is a block, an operator of an opened one, or a skip.

    Of a frame its band is hit, the strip with its name; `sign` says that it is where it closes.
    """

    kind: Literal["nothing", "block", "row", "gate", "skip", "wire", "frame"] = "nothing"
    name: str = ""
    node: NodePicture | None = None
    unit: tuple[int, int] | None = None
    ends: tuple[str, str] = ("", "")
    """Of a wire the blocks at the ends of the piece that is hit."""
    sign: bool = False


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


def block_near(nodes: Mapping[str, NodePicture], point: QPointF, zoom: float) -> Hit | None:
    """The block under a point, a small one also from beside it, or the operator in an opened one.

    Pills and joins are there only where they are drawn.
    """
    for name, node in nodes.items():
        if node.shape != "map" and zoom < least_zoom(node):
            continue
        grow = max(0.0, (SMALLEST_TARGET / zoom - node.card.height()) / 2)
        if not node.card.adjusted(-grow, -grow, grow, grow).contains(point):
            continue
        for row, rect in zip(node.rows, node.row_rects, strict=True):
            if rect.contains(point):
                return Hit("row", row.node, node)
        return Hit("block", name, node, unit_at(node, point))
    return None


def skip_near(wires: WiresItem, point: QPointF, zoom: float) -> Hit | None:
    """The skip whose wire, as wide as it is drawn, lies under a point or next to it.

    A residual connection is one where its gate can be turned.
    """
    for i, edge in enumerate(wires.edges):
        if edge.kind == "plain" or edge.skip is None:
            continue
        if edge.kind == "residual" and not wires.turns(i):
            continue
        reach = max(ribbon_width(wires.state(i)) / 2 + 3, 8 / zoom)
        along = edge.path.controlPointRect().adjusted(-reach, -reach, reach, reach)
        if along.contains(point) and (edge.level or _on_path(edge.path, point, reach)):
            return Hit("skip", edge.skip)
    return None


def _on_path(path: QPainterPath, point: QPointF, reach: float) -> bool:
    """Whether a point lies within `reach` of a curve."""
    stroker = QPainterPathStroker()
    stroker.setWidth(2 * reach)
    return stroker.createStroke(path).contains(point)
