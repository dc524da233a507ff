"""Lays out the paper's figure of a network that is no U: boxes where the canvas has its blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from analysis.layout.geometry import PlacedBlock, Placement, Route
from viewer.drawing.network.paper.labels import BoxLabels, Touching
from viewer.drawing.network.paper.maps import Maps
from viewer.drawing.network.paper.sheet import PlacedArrow, PlacedBox, Sheet, placed_box
from viewer.drawing.network.paper.sizes import BoxSize, box_sizes


def lay_out_page(
    found: Maps,
    placement: Placement,
    labels: BoxLabels,
    stroke: float,
    aspects: Mapping[str, float],
) -> Sheet:
    """The figure on the places and wires of a layout in layers."""
    sizes = box_sizes(found.boxes, aspects)
    boxes = {
        name: _placed(found, name, placement.boxes[name], sizes[name])
        for name in found.boxes
        if name in placement.boxes
    }
    routes = {(route.source, route.target): route for route in placement.routes}
    arrows = tuple(
        PlacedArrow(arrow, _path(route, boxes[arrow.source].rect, boxes[arrow.target].rect))
        for arrow in found.arrows
        if (route := routes.get((arrow.source, arrow.target))) is not None
    )
    written = labels.of_sheet(found, boxes, arrows, Touching())
    return Sheet(boxes, arrows, written, stroke, labels.numbered)


def _placed(found: Maps, name: str, card: PlacedBlock, size: BoxSize) -> PlacedBox:
    """A box in the middle of a card, no larger than it."""
    most_high = card.side or card.height
    height = min(size.height, most_high)
    shrink = min(1.0, card.width / max(size.width, 1.0))
    widths = tuple(width * shrink for width in size.widths)
    left = card.x - sum(widths) / 2
    return placed_box(found.boxes[name], left, card.y - height / 2, height, widths)


def _path(route: Route, source: QRectF, target: QRectF) -> QPainterPath:
    """A route, led on to the sides of boxes that are smaller than the cards it joins."""
    points: Sequence[QPointF] = [QPointF(*each) for each in route.points]
    path = QPainterPath(_nearest(source, points[0]))
    if path.currentPosition() != points[0]:
        path.lineTo(points[0])
    for i in range(1, len(points) - 2, 3):
        path.cubicTo(points[i], points[i + 1], points[i + 2])
    end = _nearest(target, points[-1])
    if end != points[-1]:
        path.lineTo(end)
    return path


def _nearest(rect: QRectF, point: QPointF) -> QPointF:
    x = min(max(point.x(), rect.left()), rect.right())
    y = min(max(point.y(), rect.top()), rect.bottom())
    return QPointF(x, y)
