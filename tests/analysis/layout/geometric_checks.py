"""What no picture may show: a wire through a block, two wires that read as another connection."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from analysis.facts import analyse
from analysis.graph import Graph
from analysis.graph.readable_blocks import MOST_CARDS, readable_blocks
from analysis.layout import place
from analysis.layout.captions import caption_box
from analysis.layout.geometry import Placement, Point, Route, along

WIDEST = 2.5
"""Times as wide as high that a picture may be."""
NEAR, TOGETHER = 3.0, 6.0
"""Px between two tracks that look like one, and how far they may run so."""


def places_on(route: Route) -> Iterator[Point]:
    """Places on a wire, at most 4 px apart."""
    for i in range(0, len(route.points) - 1, 3):
        start, rest = route.points[i], route.points[i + 1 : i + 4]
        length = abs(rest[2][0] - start[0]) + abs(rest[2][1] - start[1])
        count = int(length / 4) + 2
        for step in range(count + 1):
            yield along(start, rest, step / count)


def wires_through_blocks(placement: Placement) -> set[tuple[str, str, str]]:
    """(source, target, block) for every block that a wire of others runs through."""
    found: set[tuple[str, str, str]] = set()
    for route in placement.routes:
        own = {route.source, route.target, *route.via}
        places = list(places_on(route))
        for box in placement.boxes.values():
            if box.id not in own and any(
                box.left + 1 < x < box.right - 1 and box.top + 1 < y < box.bottom - 1
                for x, y in places
            ):
                found.add((route.source, route.target, box.id))
    return found


def wires_on_one_track(placement: Placement) -> list[tuple[Route, Route]]:
    """Pairs of wires with other ends that lie on each other for a while."""
    pairs = itertools.combinations(_straight_pieces(placement), 2)
    return [
        (one[0], two[0])
        for one, two in pairs
        if one[0] is not two[0]
        and one[0].source != two[0].source
        and one[0].target != two[0].target
        and one[1] == two[1]
        and abs(one[2] - two[2]) < NEAR
        and min(one[4], two[4]) - max(one[3], two[3]) > TOGETHER
    ]


def struck_captions(placement: Placement) -> set[tuple[str, str, str]]:
    """(block, source, target) for every wire that runs over the caption of a block."""
    cards = [box for box in placement.boxes.values() if box.form == "card"]
    rooms = {card.id: caption_box(card) for card in cards}
    return {
        (each, route.source, route.target)
        for route in placement.routes
        for x, y in places_on(route)
        for each, (left, top, right, bottom) in rooms.items()
        if left < x < right and top < y < bottom
    }


def wires_in_and_out_at_one_point(placement: Placement) -> set[str]:
    """The cards where a wire ends at the very point another begins at."""
    return {
        one.target
        for one in placement.routes
        for two in placement.routes
        if one.target == two.source
        and placement.boxes[one.target].form == "card"
        and all(abs(a - b) < NEAR for a, b in zip(one.points[-1], two.points[0], strict=True))
    }


def _straight_pieces(placement: Placement) -> list[tuple[Route, int, float, float, float]]:
    """(wire, axis it keeps, where, from, to) of every level or upright piece."""
    found = []
    for route in placement.routes:
        for i in range(0, len(route.points) - 1, 3):
            piece = route.points[i : i + 4]
            for axis in (0, 1):
                if len({point[axis] for point in piece}) == 1:
                    low, high = sorted((piece[0][1 - axis], piece[3][1 - axis]))
                    found.append((route, axis, piece[0][axis], low, high))
    return found


def assert_legible(graph: Graph) -> None:
    """A network at first sight: not too many blocks, no strip, and no wire that misleads."""
    facts = analyse(graph)
    placement = place(readable_blocks(graph, facts.drawn_levels), facts)
    left, top, right, bottom = placement.bounds
    assert sum(box.form == "card" for box in placement.boxes.values()) <= MOST_CARDS
    assert (right - left) / (bottom - top) <= WIDEST
    assert wires_through_blocks(placement) == set()
    assert wires_on_one_track(placement) == []
    assert wires_in_and_out_at_one_point(placement) == set()
    assert struck_captions(placement) == set()
