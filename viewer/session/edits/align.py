"""Aligns and spreads the selected blocks; each is one undoable step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from analysis.layout.geometry import PlacedBlock, Point
from viewer.session.edits.blocks import move_blocks, stands_free
from viewer.session.session import Session
from viewer.text.translation import mark, tr

Side = Literal["left", "centre", "right", "top", "middle", "bottom", "across", "down"]
TITLES: Mapping[Side, str] = {
    "left": mark("Align left"),
    "centre": mark("Align centres"),
    "right": mark("Align right"),
    "top": mark("Align top"),
    "middle": mark("Align middles"),
    "bottom": mark("Align bottom"),
    "across": mark("Spread across"),
    "down": mark("Spread down"),
}
"""What each is called on screen, marked."""


def selected_cards(session: Session) -> list[PlacedBlock]:
    """The boxes of the selected blocks that can be put somewhere by hand."""
    boxes = session.placement.boxes
    found = [boxes[name] for name in session.view.selected if name in boxes]
    return [box for box in found if box.form == "card" and stands_free(session, box.id)]


def align(session: Session, side: Side) -> bool:
    """Put the selected blocks in one line, or at equal distances; whether there were enough."""
    cards = selected_cards(session)
    if len(cards) < (3 if side in ("across", "down") else 2):
        return False
    move_blocks(session, _places(cards, side), label=lambda: tr(TITLES[side]))
    return True


def _places(cards: list[PlacedBlock], side: Side) -> dict[str, Point]:
    if side in ("across", "down"):
        return _spread(cards, side == "across")
    edge, of = _EDGES[side]
    goal = edge([of(card) for card in cards])
    level = side in ("left", "centre", "right")
    return {
        card.id: (
            (card.x + goal - of(card), card.y) if level else (card.x, card.y + goal - of(card))
        )
        for card in cards
    }


def _mean(values: list[float]) -> float:
    return (min(values) + max(values)) / 2


_EDGES: Mapping[str, tuple[Callable[[list[float]], float], Callable[[PlacedBlock], float]]] = {
    "left": (min, lambda card: card.left),
    "centre": (_mean, lambda card: card.x),
    "right": (max, lambda card: card.right),
    "top": (min, lambda card: card.top),
    "middle": (_mean, lambda card: card.y),
    "bottom": (max, lambda card: card.bottom),
}


def _spread(cards: list[PlacedBlock], across: bool) -> dict[str, Point]:
    """Equal distances between the middles; the outermost stay."""
    ordered = sorted(cards, key=lambda card: card.x if across else card.y)
    first, last = ordered[0], ordered[-1]
    found: dict[str, Point] = {}
    for number, card in enumerate(ordered):
        part = number / (len(ordered) - 1)
        if across:
            found[card.id] = (first.x + part * (last.x - first.x), card.y)
        else:
            found[card.id] = (card.x, first.y + part * (last.y - first.y))
    return found
