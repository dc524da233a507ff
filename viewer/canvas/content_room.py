"""Finds how much of the canvas blocks and wires take, once while nothing of it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF

from viewer.drawing.network.block_picture import NodeState
from viewer.drawing.network.figure import Figure, united

MOST_KEPT = 8


class Room(NamedTuple):
    """The rectangles that the drawing needs: each card, each caption, and all with the wires.

    `captions` are those of the blocks that are captions.
    """

    blocks: Sequence[QRectF]
    whole: QRectF
    captions: Sequence[QRectF] = ()


class ContentRoom:
    """Keeps the last few answers for a figure: to fit a network asks for several zooms."""

    def __init__(self) -> None:
        self._kept: dict[object, Room] = {}

    def forget(self) -> None:
        """There is another figure."""
        self._kept.clear()

    def at(
        self, figure: Figure, wires: QRectF, states: Mapping[str, NodeState], zoom: float
    ) -> Room:
        """At that zoom; `wires` is what those take, `states` are those of all blocks."""
        key = zoom, tuple([state.line for state in states.values()])  # all that captions show of it
        found = self._kept.get(key)
        if found is None:
            cards, round_cards = figure.cards
            captions = [*figure.captions(zoom, states)]
            blocks = [*cards, *captions]
            whole = wires.united(round_cards).united(united(captions))
            for frame in figure.frames:
                whole = whole.united(frame.rect.adjusted(-2, -2, 2, 2))
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            found = self._kept[key] = Room(blocks, whole, captions)
        return found
