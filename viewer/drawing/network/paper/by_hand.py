"""Keeps what somebody meant by moving blocks, as far as rows by resolution let it.

The order of a row is that of the canvas where data does not ask for another one; which row a map
stands in is its resolution and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from heapq import heappop, heappush
from itertools import combinations
from statistics import median

from analysis.layout.geometry import PlacedBlock
from viewer.drawing.network.paper.maps import MapBox, Maps


def in_canvas_order(found: Maps, places: Mapping[str, PlacedBlock]) -> Maps:
    """The boxes in topological order, and from left to right where that lets them choose.

    `places` are the blocks of the canvas by the id of the box that is theirs.
    """
    waits = dict.fromkeys(found.boxes, 0)
    readers: dict[str, list[str]] = {name: [] for name in found.boxes}
    for arrow in found.arrows:
        waits[arrow.target] += 1
        readers[arrow.source].append(arrow.target)
    rank = {name: i for i, name in enumerate(found.boxes)}
    ready: list[tuple[float, int, str]] = []

    def offer(name: str) -> None:
        heappush(ready, (places[name].x if name in places else 0.0, rank[name], name))

    for name in (each for each, count in waits.items() if not count):
        offer(name)
    order: dict[str, MapBox] = {}
    while ready:
        name = heappop(ready)[2]
        order[name] = found.boxes[name]
        for reader in readers[name]:
            waits[reader] -= 1
            if not waits[reader]:
                offer(reader)
    return replace(found, boxes=order) if len(order) == len(found.boxes) else found


def not_kept(
    found: Maps,
    places: Mapping[str, PlacedBlock],
    moved: Collection[str],
    lefts: Mapping[str, float],
) -> frozenset[str]:
    """The blocks that were moved by hand and whose row or order the figure cannot keep.

    `lefts` are the left edges of the boxes in the figure, by their ids.
    """
    cards = {name: box for name, box in places.items() if box.form == "card"}
    return _in_other_rows(found, cards, moved) | _in_other_order(found, cards, moved, lefts)


def _in_other_rows(
    found: Maps, cards: Mapping[str, PlacedBlock], moved: Collection[str]
) -> frozenset[str]:
    """The moved ones that are nearer to another row of the canvas than to that of their size."""
    heights: dict[int, list[float]] = {}
    for name, card in cards.items():
        if card.id not in moved:
            heights.setdefault(found.boxes[name].level, []).append(card.y)
    rows = {level: median(each) for level, each in heights.items()}
    lost = set()
    for name, card in cards.items():
        own = found.boxes[name].level
        nearest = min(rows, key=lambda row: abs(rows[row] - card.y), default=own)
        if card.id in moved and own in rows and nearest != own:
            lost.add(card.id)
    return frozenset(lost)


def _in_other_order(
    found: Maps,
    cards: Mapping[str, PlacedBlock],
    moved: Collection[str],
    lefts: Mapping[str, float],
) -> frozenset[str]:
    """The moved ones that stand on the other side of a block of their row than on the canvas."""
    lost = set()
    for one, other in combinations(cards, 2):
        if found.boxes[one].level != found.boxes[other].level or cards[one].id == cards[other].id:
            continue
        turned = (cards[one].x - cards[other].x) * (lefts[one] - lefts[other]) < 0
        if turned:
            lost |= {cards[each].id for each in (one, other)} & set(moved)
    return frozenset(lost)
