"""Finds room for captions in a figure whose text is larger than the layout has reckoned with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF

from viewer.drawing.network.block_picture import NodePicture, Side
from viewer.drawing.network.figure import Figure
from viewer.drawing.network.figure_caption import Caption, Line, caption
from viewer.drawing.network.occupied import Occupied
from viewer.drawing.network.path_cover import covered

APART = 3.0
"""Px between two captions beside each other, in px of their text."""
SIDES: tuple[Side, ...] = ("above", "right", "left", "below")
_NUMBERS = re.compile(r"\d+–\d+$")
"""The end of a step's name."""
Captions = dict[str, Caption]
STEP, STEPS = 4.0, 8
"""Px by which a caption is moved along its side of the card, and how often at most."""


class CaptionRoom:
    """Gives each caption as many of its lines as lie on no card, no other caption and no wire.

    Unless captions may stand `outside` of the
    rectangle round the cards, they are kept within it.
    """

    def __init__(self, figure: Figure, enlarged: float, outside: bool) -> None:
        self._enlarged, self._outside = enlarged, outside
        self._cards, self._said, self._wires = Occupied(), Occupied(), Occupied()
        self._within = QRectF()
        self._rows: dict[float, list[QRectF]] = {}
        for node in figure.nodes.values():
            self._cards.add(node.card)
            self._rows.setdefault(round(node.centre.y()), []).append(node.card)
            self._within = self._within.united(node.card)
        for edge in figure.edges:
            for piece in covered(edge.path):
                self._wires.add(piece)

    def give(self, wanted: Mapping[str, tuple[NodePicture, tuple[Line, ...]]]) -> Captions:
        """The caption of each block as it has room; those with the least choice come first.

        A step left without room is called by its numbers alone, and the others are placed anew.
        """
        ways = {
            name: [way for way in self._ways(*each) if self._is_over_its_own(way, each[0])]
            for name, each in wanted.items()
        }
        choice = {
            name: sum(self._wires.is_free(each.rect) and self._is_free(each) for each in found)
            for name, found in ways.items()
        }
        order = sorted(ways, key=choice.__getitem__)
        short: dict[str, list[Caption]] = {}
        while True:
            self._said = Occupied()
            found = {n: self._take(short.get(n) or ways[n]) for n in (*short, *order)}
            more = {n: self._short_ways(*wanted[n]) for n in order if found[n] is None}
            more = {name: each for name, each in more.items() if each and name not in short}
            if not more:
                break
            short = {**more, **short}
            order = [name for name in order if name not in short]
        return {name: taken for name in wanted if (taken := found[name]) is not None}

    def _is_over_its_own(self, way: Caption, node: NodePicture) -> bool:
        """Whether a caption stands over or under its own card more than any other of its row."""

        def shared(card: QRectF) -> float:
            return min(way.rect.right(), card.right()) - max(way.rect.left(), card.left())

        if way.rect.bottom() > node.card.top() and way.rect.top() < node.card.bottom():
            return True
        row = self._rows[round(node.centre.y())]
        return all(shared(card) <= shared(node.card) for card in row)

    def _take(self, ways: Sequence[Caption]) -> Caption | None:
        free = (each for each in ways if self._is_free(each))
        found = next((each for each in free if self._wires.is_free(each.rect)), None)
        if found is not None:
            self._said.add(found.rect)
        return found

    def _ways(self, node: NodePicture, lines: tuple[Line, ...]) -> Iterator[Caption]:
        """The longest first, at its own side of the card, then moved off it, then elsewhere."""
        counts = range(len(lines), 0, -1)
        whole = [caption(node, lines[:count], self._enlarged) for count in counts]
        near, far = self._asides(node)
        yield from (each.moved(aside) for each in whole for aside in near)
        for side in SIDES:
            moved = replace(node, caption=side, aside=0.0)
            yield from (caption(moved, lines[:count], self._enlarged) for count in counts)
        yield from (each.moved(aside) for each in whole for aside in far)
        for side in SIDES:
            moved = replace(node, caption=side, aside=0.0)
            name = caption(moved, lines[:1], self._enlarged)
            yield from (name.moved(aside) for each in self._asides(moved) for aside in each)

    def _short_ways(self, node: NodePicture, lines: tuple[Line, ...]) -> list[Caption]:
        """The numbers alone of a step's name, at its own side of the card."""
        numbers = _NUMBERS.search(lines[0].text)
        if numbers is None:
            return []
        short = caption(node, (replace(lines[0], text=numbers[0]),), self._enlarged)
        return [short.moved(aside) for each in self._asides(node) for aside in each]

    def _asides(self, node: NodePicture) -> tuple[list[QPointF], list[QPointF]]:
        """How far a caption is moved along its side of the card: over the card, and off it."""
        step = STEP * self._enlarged
        moves = [0.0, *(way * n * step for n in range(1, STEPS + 1) for way in (-1, 1))]
        if node.caption not in ("above", "below"):
            half = node.card.height() / 2
            return [QPointF(0.0, by) for by in moves if abs(by) <= half], []
        half = node.card.width() / 2
        over = [QPointF(by, 0.0) for by in moves if abs(by) <= half]
        return over, [QPointF(by, 0.0) for by in moves if abs(by) > half]

    def _is_free(self, each: Caption) -> bool:
        apart = APART * self._enlarged
        return (
            (self._outside or self._within.contains(each.rect))
            and self._cards.is_free(each.rect)
            and self._said.is_free(each.rect.adjusted(-apart, 0, apart, 0))
        )
