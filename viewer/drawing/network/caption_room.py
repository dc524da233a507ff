"""Finds room for captions in a figure whose text is larger than the layout has reckoned with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from viewer.drawing.network.block_picture import NodePicture, Side
from viewer.drawing.network.figure import Figure
from viewer.drawing.network.figure_caption import Caption, Line, caption
from viewer.drawing.network.occupied import Occupied

APART = 3.0
"""Px between two captions beside each other, in px of their text."""
SIDES: tuple[Side, ...] = ("above", "right", "left", "below")
Captions = dict[str, Caption]
STEP, STEPS = 4.0, 8
"""Px by which a caption above or below its card is moved aside, and how often at most."""
PIECES = 12
"""Small rectangles that cover a piece of a wire."""


class CaptionRoom:
    """Gives each caption as many of its lines as lie on no card, no other caption and no wire.

    Where none is clear of wires one may lie on them. Unless captions may stand `outside` of the
    rectangle round the cards, they are kept within it.
    """

    def __init__(self, figure: Figure, enlarged: float, outside: bool) -> None:
        self._enlarged, self._outside = enlarged, outside
        self._cards, self._said, self._wires = Occupied(), Occupied(), Occupied()
        self._within = QRectF()
        for node in figure.nodes.values():
            self._cards.add(node.card)
            self._within = self._within.united(node.card)
        for edge in figure.edges:
            for piece in _pieces(edge.path):
                self._wires.add(piece)

    def give(self, wanted: Mapping[str, tuple[NodePicture, tuple[Line, ...]]]) -> Captions:
        """The caption of each block as it has room; those with the least choice come first."""
        ways = {name: [*self._ways(*each)] for name, each in wanted.items()}
        choice = {
            name: sum(self._wires.is_free(each.rect) and self._is_free(each) for each in found)
            for name, found in ways.items()
        }
        found = {name: self._take(ways[name]) for name in sorted(ways, key=choice.__getitem__)}
        return {name: taken for name in wanted if (taken := found[name]) is not None}

    def _take(self, ways: Sequence[Caption]) -> Caption | None:
        free = [each for each in ways if self._is_free(each)]
        clear = (each for each in free if self._wires.is_free(each.rect))
        short = (each for each in free if len(each.lines) == 1)
        found = next(clear, None) or next(short, None)
        if found is not None:
            self._said.add(found.rect)
        return found

    def _ways(self, node: NodePicture, lines: tuple[Line, ...]) -> Iterator[Caption]:
        """The longest first, at its own side of the card, then moved off it, then elsewhere."""
        counts = range(len(lines), 0, -1)
        whole = [caption(node, lines[:count], self._enlarged) for count in counts]
        near, far = self._asides(node)
        yield from (each.moved(aside) for each in whole for aside in near)
        yield from (each.moved(aside) for each in whole for aside in far)
        for side in SIDES:
            moved = replace(node, caption=side, aside=0.0)
            yield from (caption(moved, lines[:count], self._enlarged) for count in counts)

    def _asides(self, node: NodePicture) -> tuple[list[float], list[float]]:
        """How far a caption above or below its card is moved: over the card, and off it."""
        if node.caption not in ("above", "below"):
            return [0.0], []
        step = STEP * self._enlarged
        asides = [way * number * step for number in range(1, STEPS + 1) for way in (-1, 1)]
        near = [aside for aside in asides if abs(aside) <= node.card.width() / 2]
        return [0.0, *near], asides[len(near) :]

    def _is_free(self, each: Caption) -> bool:
        apart = APART * self._enlarged
        return (
            (self._outside or self._within.contains(each.rect))
            and self._cards.is_free(each.rect)
            and self._said.is_free(each.rect.adjusted(-apart, 0, apart, 0))
        )


def _pieces(path: QPainterPath) -> list[QRectF]:
    """Small rectangles along a wire, which together cover it."""
    points = [QPointF(at.x, at.y) for at in map(path.elementAt, range(path.elementCount()))]
    found: list[QRectF] = []
    for i in range(0, len(points) - 3, 3):
        curve = QPainterPath(points[i])
        curve.cubicTo(*points[i + 1 : i + 4])
        places = [curve.pointAtPercent(step / PIECES) for step in range(PIECES + 1)]
        found += [
            QRectF(one, two).normalized().adjusted(-1, -1, 1, 1) for one, two in pairwise(places)
        ]
    return found
