"""Moves the rows of a figure apart where wires bow between them, as far as larger text needs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from math import inf

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from viewer.drawing.network.block_picture import NodePicture
from viewer.drawing.network.figure import Figure
from viewer.drawing.network.wire import EdgePicture

LEVEL = 40.0
"""Px that a wire runs level between two rows, at least, where it bows over names."""

TRACKS = 2.0
"""How much further than on the canvas wires run apart that bow over the same names."""

Span = tuple[float, float]


def stretched(figure: Figure, above: float, below: float = 0.0, everywhere: float = 1.0) -> Figure:
    """The figure with as much height between rows as names there take, where wires bow over them.

    The names of a row stand above its blocks, `above` px high, and the wires above the names;
    `below` px are kept between a row and the first wire that runs level under it. On top of that
    all rows move apart to `everywhere` times the height between them. Blocks keep their size. A
    figure with frames, whose names stand in bands of their own, stays as it is.
    """
    if figure.frames or not figure.nodes:
        return figure
    spans = _merged(sorted((n.card.top(), n.card.bottom()) for n in figure.nodes.values()))
    levels = [y for edge in figure.edges for y in _level_places(edge.path)]
    named = [n.card.top() for n in figure.nodes.values() if n.caption == "above"]
    heights = _Heights(_knots(spans, levels, named, (above, below), everywhere), everywhere)
    nodes = {name: _moved(node, heights) for name, node in figure.nodes.items()}
    edges = tuple([_bent(edge, heights) for edge in figure.edges])
    ports = {name: tuple(map(heights.point, at)) for name, at in figure.ports.items()}
    return Figure(nodes, edges, ports, figure.frames)


def _merged(spans: Sequence[Span]) -> list[Span]:
    """Spans that overlap as one, from the top."""
    found: list[Span] = []
    for top, bottom in spans:
        if found and top <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], bottom))
        else:
            found.append((top, bottom))
    return found


def _level_places(path: QPainterPath) -> list[float]:
    """The heights at which a wire runs level for a while."""
    found = []
    for i in range(1, path.elementCount()):
        before, here = path.elementAt(i - 1), path.elementAt(i)
        if before.y == here.y and abs(before.x - here.x) > LEVEL / 3:
            found.append(here.y)
    return found


def _knots(
    spans: Sequence[Span],
    levels: Sequence[float],
    named: Sequence[float],
    room: Span,
    everywhere: float,
) -> list[Span]:
    """(a height, where it comes to be), from the top: rows, and the wires level between them."""
    above, below = room
    found: list[Span] = []
    at, end = spans[0][0], -inf
    for top, bottom in spans:
        bows = [y for y in levels if end < y < top]
        if bows and any(top <= y <= bottom for y in named):
            first, last = min(bows), max(bows)
            pieces = [] if end == -inf else [(first, max(first - end, below))]
            pieces += [(last, TRACKS * (last - first)), (top, max(top - last, above))]
        else:
            pieces = [(top, 0.0 if end == -inf else top - end)]
        if end == -inf:
            found.append((min(bows, default=top), at))
        for y, height in pieces:
            at += height * everywhere
            found.append((y, at))
        at, end = at + bottom - top, bottom
        found.append((end, at))
    return found


class _Heights:
    """Where each height comes to be: whatever lies in a row keeps its distance from it."""

    def __init__(self, knots: Sequence[Span], beyond: float) -> None:
        self._from, self._to = zip(*knots, strict=True)
        self._beyond = beyond
        """How much is stretched what lies above the first and below the last."""

    def of(self, y: float) -> float:
        """Where a height comes to be."""
        after = bisect_right(self._from, y)
        if after in (0, len(self._from)):
            near = -1 if after else 0
            return float(self._to[near] + (y - self._from[near]) * self._beyond)
        start, end = self._from[after - 1], self._from[after]
        share = (y - start) / (end - start)
        return float(self._to[after - 1] + (self._to[after] - self._to[after - 1]) * share)

    def point(self, point: QPointF) -> QPointF:
        """Where a point comes to be."""
        return QPointF(point.x(), self.of(point.y()))


def _moved(node: NodePicture, heights: _Heights) -> NodePicture:
    down = heights.of(node.card.top()) - node.card.top()

    def moved(rect: QRectF) -> QRectF:
        return rect.translated(0.0, down)

    rows = tuple(map(moved, node.row_rects))
    return replace(node, card=moved(node.card), map=moved(node.map), row_rects=rows)


def _bent(edge: EdgePicture, heights: _Heights) -> EdgePicture:
    elements = [edge.path.elementAt(i) for i in range(edge.path.elementCount())]
    points = [QPointF(each.x, heights.of(each.y)) for each in elements]
    bent = QPainterPath(points[0])
    for i in range(1, len(points) - 2, 3):
        bent.cubicTo(points[i], points[i + 1], points[i + 2])
    return replace(edge, path=bent, start=points[0], end=points[-1])
