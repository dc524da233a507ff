"""Moves the rows of a figure apart where wires bow between them, as far as larger text needs."""

from __future__ import annotations

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

Span = tuple[float, float]


def stretched(figure: Figure, by: float, everywhere: float = 1.0) -> Figure:
    """The figure with `by` times the height between rows, where wires bow over names there.

    On top of that all rows move apart to `everywhere` times the height between them.

    The names stand above their blocks and the wires above the names: what has room for text of the
    natural size then has it for text that is enlarged as much. Blocks keep their size. A figure
    with frames, whose names stand in bands of their own, stays as it is.
    """
    if figure.frames or not figure.nodes:
        return figure
    spans = _merged(sorted((n.card.top(), n.card.bottom()) for n in figure.nodes.values()))
    levels = [y for edge in figure.edges for y in _level_places(edge.path)]
    named = [n.card.top() for n in figure.nodes.values() if n.caption == "above"]
    heights = _Heights(spans, levels, named, by, everywhere)
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


class _Heights:
    """Where each height comes to be: whatever lies in a row keeps its distance from it."""

    def __init__(
        self,
        spans: Sequence[Span],
        levels: Sequence[float],
        named: Sequence[float],
        by: float,
        everywhere: float,
    ) -> None:
        self._pieces: list[tuple[float, float, float]] = []
        """From where on, where that comes to be, and how much what follows is stretched."""

        def factor(upper: float, lower: Span) -> float:
            bows = any(upper < y < lower[0] for y in levels)
            names = any(lower[0] <= y <= lower[1] for y in named)
            return by * everywhere if bows and names else everywhere

        self._top = spans[0][0]
        self._above = factor(-inf, spans[0])
        at = self._top
        for span, after in zip(spans, [*spans[1:], (inf, inf)], strict=True):
            (top, bottom), much = span, factor(span[1], after)
            self._pieces += [(top, at, 1.0), (bottom, at + bottom - top, much)]
            at += bottom - top + (after[0] - bottom) * much

    def of(self, y: float) -> float:
        """Where a height comes to be."""
        if y < self._top:
            return self._top - (self._top - y) * self._above
        start, place, factor = next(each for each in reversed(self._pieces) if each[0] <= y)
        return place + (y - start) * factor

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
