"""Paints one wire: plain, a skip as a ribbon with its gate, a residual connection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF

from analysis.comparison import Difference
from analysis.layout.geometry import Route
from viewer.drawing.network.arrows import filled_arrow, open_arrow
from viewer.drawing.network.difference_marks import FADED, TOKENS, difference_pen
from viewer.look.icons import paint_icon
from viewer.look.palette import Inks
from viewer.text.number_format import is_nothing

if TYPE_CHECKING:
    from viewer.drawing.network.block_picture import NodePicture

Kind = Literal["plain", "skip", "residual"]
KINDS: tuple[Kind, ...] = get_args(Kind)
PLAIN, SKIP, IN_FIELD = 1.5, 3.0, 2.0
FAINTEST = 0.4
"""Of a pixel that a wire covers seen from far."""
PORT_RADIUS = 4.0
RIBBON_SCALE, RIBBON_LEAST, RIBBON_MOST, HOLLOW_LEAST = 64.0, 2.0, 28.0, 6.0
GATE_RADIUS = 10.0
AROUND = 40.0
"""Canvas px that a ribbon, a ring or an arrow reaches from its wire, at most."""
SAMPLES = 48
"""Straight pieces that a pointer's distance to a wire is taken from."""


@dataclass(frozen=True)
class EdgePicture:
    """The path of one wire in canvas px."""

    source: str
    target: str
    kind: Kind
    skip: str | None
    via: tuple[str, ...]
    path: QPainterPath
    start: QPointF
    end: QPointF
    into_join: bool
    from_join: bool = False
    joins: bool = True
    """Whether a skip ends here; the wires before it have no gate and no label."""

    @property
    def gated(self) -> bool:
        """Whether the gate and the label of a skip, or of a residual connection, stand on it."""
        return self.skip is not None and self.kind != "plain" and self.joins

    @property
    def level(self) -> bool:
        """A skip that runs level is drawn as a ribbon."""
        return self.kind == "skip" and self.path.controlPointRect().height() < 1.0

    def meets(self, area: QRectF) -> bool:
        """Whether something of the wire may be seen in an area, its ribbon and arrow included."""
        for piece in self._pieces:  # noqa: SIM110 - of every wire in every frame
            if piece.intersects(area):
                return True
        return False

    @cached_property
    def _pieces(self) -> tuple[QRectF, ...]:
        """A rectangle round each curve of the path, with room for what is painted along it."""
        path = self.path
        points = [(e.x, e.y) for e in map(path.elementAt, range(path.elementCount()))]
        found = []
        for first in range(0, max(len(points) - 3, 1), 3):
            xs, ys = zip(*points[first : first + 4], strict=True)
            corner, far = QPointF(min(xs), min(ys)), QPointF(max(xs), max(ys))
            found.append(QRectF(corner, far).adjusted(-AROUND, -AROUND, AROUND, AROUND))
        return tuple(found)

    @cached_property
    def arrow(self) -> QPolygonF:
        """The strokes in which it ends at a card."""
        return open_arrow(self.path)

    @cached_property
    def arrow_at_port(self) -> QPolygonF:
        """The same where the card shows a port there."""
        return open_arrow(self.path, PORT_RADIUS + 1)

    @cached_property
    def samples(self) -> NDArray[np.float64]:
        """Points along the path, the first and the last among them: (`SAMPLES` + 1, x and y)."""
        along = (self.path.pointAtPercent(each / SAMPLES) for each in range(SAMPLES + 1))
        return np.array([point.toTuple() for point in along])

    def gate(self, scale: float) -> QPointF:
        """Where the gate handle stands: at the left end. `scale` is canvas px for a screen px."""
        distance = (GATE_RADIUS + 7.0) * scale
        if self.level:
            return QPointF(self.start.x() + distance, self.start.y())
        return self.path.pointAtPercent(min(1.0, distance / max(distance, self.path.length())))


@dataclass(frozen=True)
class EdgeState:
    """The state of a wire that changes without an edit: field, measure and gate, pointer."""

    in_field: bool = False
    live: bool = False
    fraction: float | None = None
    """The measure of a skip as a part of the one drawn at full width, signed."""
    number: str = ""
    """The measure as it is written."""
    stale: bool = False
    gate: float = 1.0
    gate_hovered: bool = False
    has_gate: bool = False
    """Of a residual connection whether its gate can be turned: only where no skip is long."""
    pointed: bool = False
    """Whether the pointer is on the wire or its gate."""
    selected: bool = False
    broken: bool = False
    ports: bool = False
    """Whether the card it runs into shows a port, before which the arrow then ends."""
    width: float | None = None
    """Width of the ribbon on its way to the measure's."""
    difference: Difference | None = None
    """How the wire differs from another network's, where two are compared."""

    def shows_gate(self, kind: str) -> bool:
        """Whether the handle stands on it: of a residual connection where it matters now."""
        turned = self.gate != 1.0 or self.selected or self.pointed
        return self.live and (kind == "skip" or (self.has_gate and turned))


def edge_picture(route: Route, nodes: Mapping[str, NodePicture]) -> EdgePicture:
    """A route's curves as a path."""
    points = [QPointF(*point) for point in route.points]
    path = QPainterPath(points[0])
    for i in range(1, len(points) - 2, 3):
        path.cubicTo(points[i], points[i + 1], points[i + 2])
    into_join = nodes[route.target].shape == "join"
    return EdgePicture(
        route.source,
        route.target,
        route.kind,
        route.skip,
        route.via,
        path,
        points[0],
        points[-1],
        into_join,
        nodes[route.source].shape == "join",
        route.joins,
    )


def shifted(edge: EdgePicture, offsets: Mapping[str, QPointF]) -> EdgePicture:
    """The wire bent so that its ends are off their places as its blocks are, by their ids.

    Level pieces stay level and upright ones upright.
    """
    first, last = offsets.get(edge.source), offsets.get(edge.target)
    if first is None and last is None:
        return edge
    first, last = first or QPointF(), last or QPointF()
    start, end = edge.start, edge.end
    path, most = QPainterPath(edge.path), max(edge.path.elementCount() - 1, 1)
    for i in range(edge.path.elementCount()):
        at = edge.path.elementAt(i)
        x, y = _part(at.x, start.x(), end.x(), i / most), _part(at.y, start.y(), end.y(), i / most)
        path.setElementPositionAt(
            i,
            at.x + first.x() * (1 - x) + last.x() * x,
            at.y + first.y() * (1 - y) + last.y() * y,
        )
    return replace(edge, path=path, start=start + first, end=end + last)


def _part(at: float, start: float, end: float, along: float) -> float:
    """How far a coordinate lies between two others; `along` where those are the same."""
    if abs(end - start) < 1.0:
        return along
    return min(max((at - start) / (end - start), 0.0), 1.0)


def ribbon_width(state: EdgeState) -> float:
    """Height of a skip's ribbon: 64 px × |fraction|, within what can be seen and what fits."""
    if not state.live or state.fraction is None:
        return SKIP
    width = min(max(RIBBON_SCALE * abs(state.fraction), RIBBON_LEAST), RIBBON_MOST)
    return max(width, HOLLOW_LEAST) if is_negative(state) else width


def is_negative(state: EdgeState) -> bool:
    """Whether the measure is shown as negative."""
    return state.fraction is not None and state.fraction < 0 and not is_nothing(state.fraction)


def paint_edge(painter: QPainter, inks: Inks, edge: EdgePicture, state: EdgeState) -> None:
    """Draw one wire without its label and handle."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if state.difference is not None:
        _paint_compared(painter, inks, edge, state)
    elif state.broken:
        _paint_broken(painter, inks, edge)
    elif edge.kind == "skip" and not state.in_field:
        _paint_skip(painter, inks, edge, state)
    else:
        token, width = _line(edge, state)
        if state.selected:
            _paint_ring(painter, inks, edge, width)
        pen = QPen(inks.color(token), width)
        painter.setPen(_dotted(pen) if _is_off(edge, state) else pen)
        painter.drawPath(edge.path)
        painter.setPen(pen)
        if edge.kind == "skip":
            filled_arrow(painter, inks.color(token), edge.path, 4.5, 8.0)
        elif not (edge.into_join or edge.from_join):
            painter.drawPolyline(edge.arrow_at_port if state.ports else edge.arrow)


def _paint_compared(painter: QPainter, inks: Inks, edge: EdgePicture, state: EdgeState) -> None:
    """A wire of two networks that are compared: as thick as what it is, as pale as what stayed."""
    difference = state.difference or "same"
    marked = difference in TOKENS
    width = SKIP if edge.kind == "skip" else IN_FIELD if marked else PLAIN
    pen = difference_pen(inks, difference, width)
    if not marked:
        colour = inks.color("skip" if edge.kind != "plain" else "edge", 1.0 - FADED / 1.5)
        pen.setColor(colour)
    painter.setPen(pen)
    painter.drawPath(edge.path)
    if edge.kind == "skip":
        filled_arrow(painter, pen.color(), edge.path, 4.5, 8.0)
    elif not (edge.into_join or edge.from_join):
        pen.setStyle(Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        painter.drawPolyline(edge.arrow_at_port if state.ports else edge.arrow)


def is_plain(edge: EdgePicture, state: EdgeState) -> bool:
    """Whether a wire is a line in the colour of its kind, without a state that shows."""
    if state.in_field or state.selected or state.broken:
        return False
    if edge.kind == "skip" and (state.difference, state.fraction, state.width) != (None,) * 3:
        return False
    if _is_off(edge, state):
        return False
    return state.difference is None or (edge.kind == "plain" and state.difference not in TOKENS)


def paint_plain_wires(
    painter: QPainter, inks: Inks, kind: Kind, path: QPainterPath, zoom: float
) -> None:
    """Draw many plain wires as one path, without their arrows: from far those are under a pixel.

    However far, a skip is a whole pixel wide and another wire is as strong as `FAINTEST`.
    """
    painter.setBrush(Qt.BrushStyle.NoBrush)
    least, width = (1.0, SKIP) if kind == "skip" else (FAINTEST, PLAIN)
    pen = QPen(inks.color("edge" if kind == "plain" else "skip"), max(width * zoom, least))
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.drawPath(path)


def _line(edge: EdgePicture, state: EdgeState) -> tuple[str, float]:
    if state.in_field:
        return "fieldedge", IN_FIELD
    if edge.kind == "residual":
        return "skip", PLAIN
    return "edge", PLAIN


def _is_off(edge: EdgePicture, state: EdgeState) -> bool:
    """Whether nothing passes a gate that is shown on this wire or further on the same way."""
    return state.live and state.gate == 0.0 and edge.kind != "plain"


def _dotted(pen: QPen) -> QPen:
    """The pen of a connection that is off."""
    pen = QPen(pen)
    pen.setWidthF(1.5)
    pen.setDashPattern([3 / 1.5, 4 / 1.5])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def _paint_skip(painter: QPainter, inks: Inks, edge: EdgePicture, state: EdgeState) -> None:
    negative = state.live and is_negative(state)
    colour = inks.color("skipneg" if negative else "skip")
    if state.stale:
        colour.setAlphaF(0.5)
    width = state.width if state.width is not None else ribbon_width(state)
    if state.selected:
        _paint_ring(painter, inks, edge, SKIP if _is_off(edge, state) else width)
    if _is_off(edge, state):
        painter.setPen(_dotted(QPen(colour, 1.5)))
        painter.drawPath(edge.path)
        filled_arrow(painter, colour, edge.path, 4.5, 8.0)
    elif not edge.level:
        painter.setPen(QPen(colour, width))
        painter.drawPath(edge.path)
        filled_arrow(painter, colour, edge.path, width / 2 + 3.5, 9.0)
    else:
        shape = _ribbon(edge, width)
        painter.setPen(QPen(colour, 1.5) if negative else Qt.PenStyle.NoPen)
        painter.setBrush(inks.color("canvas") if negative else colour)
        painter.drawPolygon(shape)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_ring(painter: QPainter, inks: Inks, edge: EdgePicture, width: float) -> None:
    """The selection, round a skip that keeps the colour of its sign."""
    for token, room in (("accent", 10.0), ("canvas", 6.0)):
        pen = QPen(inks.color(token), room)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if edge.level:
            painter.setPen(pen)
            painter.setBrush(inks.color(token))
            painter.drawPolygon(_ribbon(edge, width))
        else:
            pen.setWidthF(width + room)
            painter.setPen(pen)
            painter.drawPath(edge.path)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _ribbon(edge: EdgePicture, width: float) -> QPolygonF:
    """A level arrow of that height, its head a little higher."""
    left, right, y = edge.start.x(), edge.end.x(), edge.start.y()
    if right < left:
        left, right = right, left
    half, flare, head = width / 2, 3.5, min(8.0 + width / 8, right - left)
    neck = right - head
    points = [
        (left, y - half),
        (neck, y - half),
        (neck, y - half - flare),
        (right, y),
        (neck, y + half + flare),
        (neck, y + half),
        (left, y + half),
    ]
    return QPolygonF([QPointF(x, at) for x, at in points])


def _paint_broken(painter: QPainter, inks: Inks, edge: EdgePicture) -> None:
    colour = inks.color("error")
    pen = QPen(colour, 1.5)
    pen.setDashPattern([6 / 1.5, 4 / 1.5])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawPath(edge.path)
    filled_arrow(painter, colour, edge.path, 4.0, 7.0)
    at = edge.path.pointAtPercent(0.5)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(inks.color("canvas"))
    painter.drawEllipse(at, 11, 11)
    paint_icon(painter, "error", QRectF(at.x() - 9, at.y() - 9, 18, 18), colour)
