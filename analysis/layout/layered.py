"""Layers from left to right, broken into rows like text, for graphs that are no U.

After Sugiyama, Tagawa and Toda 1981: a block's layer is its longest path from an input; wires
that skip layers of their row get a lane of their own in each; the order within a layer lets few
wires cross, and its members stand near the mean place of what they read. Layers fill a row, then
the next one below, so that a long network is a page and no strip. Wires from row to row run in
the gutters between them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil, sqrt

from analysis.layout.captions import caption_width, with_clear_captions
from analysis.layout.crossings import ordered
from analysis.layout.geometry import CAPTION_HEIGHT, PlacedBlock, Placement, Point, Role, bounds
from analysis.layout.gutters import Gutters, Page, Slot
from analysis.layout.wire_paths import route
from analysis.layout.wiring import Wire, Wiring, box

GAP_X, GAP_Y = 44, 24
LANE = 12
MOST_LANES = 5000
"""Beyond this many, long wires run straight: a dense network would drown in lanes."""
WIDEST, ASPECT = 2.5, 2.2
"""A picture wider than the first (width / height) is broken into rows, to about the second."""
SHORT, MORE_ROWS = 4, 3
"""So few layers stay in one row; and how many more rows are tried where a page is still wide."""


@dataclass(slots=True, eq=False)
class _Place:
    """A box or a lane in its layer; `before` are the places of its row that it reads."""

    name: str
    layer: int
    width: float
    above: float
    below: float
    before: list[_Place] = field(default_factory=list)
    y: float = 0.0


def place(
    wiring: Wiring, moved: Mapping[str, Point], expanded: frozenset[str] = frozenset()
) -> Placement:
    """Boxes and wires in layers; cards in `moved` stand where they were put."""
    boxes = {name: box(wiring, name, expanded) for name in wiring.blocks}
    if not boxes:
        return Placement({}, (), bounds({}, ()), "layered")
    for more in range(MORE_ROWS + 1):
        placed, count = _page_of_rows(wiring, boxes, {}, more)
        left, top, right, bottom = placed.bounds
        if count == 1 or right - left <= WIDEST * (bottom - top):
            break
    return _page_of_rows(wiring, boxes, moved, more)[0] if moved else placed


def _page_of_rows(
    wiring: Wiring, unplaced: Mapping[str, PlacedBlock], moved: Mapping[str, Point], more: int
) -> tuple[Placement, int]:
    """The picture with so many rows more than its size asks for, and how many it has."""
    boxes = dict(unplaced)
    layers, places = _layers(wiring, boxes)
    rows = _rows(layers, more)
    row_of = {layer: row for row, members in enumerate(rows) for layer in members}
    lanes = _lanes(wiring, places, layers, row_of)
    layers = ordered(layers, {spot: spot.before for layer in layers for spot in layer})
    for layer in layers:
        _settle(layer)
    page = _page(wiring, layers, rows, places)
    for name, spot in places.items():
        slot, card = page.slots[spot.layer], boxes[name]
        at = (slot.left + card.width / 2, spot.y + page.middles[row_of[spot.layer]])
        boxes[name] = _put(card, at, wiring)
    for name in moved.keys() & boxes.keys():
        boxes[name] = replace(boxes[name], x=moved[name][0], y=moved[name][1])
    gutters = Gutters(page, {name: spot.layer for name, spot in places.items()})
    stops = {
        wire: [(lane.layer, lane.y + page.middles[row_of[lane.layer]]) for lane in lanes[wire]]
        for wire in wiring.wires
    }
    routes = tuple(
        route(wire, gutters.path_points(wire, boxes, stops[wire])) for wire in wiring.wires
    )
    boxes = with_clear_captions(boxes, routes)
    return Placement(boxes, routes, bounds(boxes, routes), "layered"), len(rows)


def _put(card: PlacedBlock, at: Point, wiring: Wiring) -> PlacedBlock:
    role: Role = "join" if card.form == "circle" else "operator"
    key = wiring.facts.graph[wiring.blocks[card.id].output].operator.key
    if key in ("input", "output"):
        role = "input" if key == "input" else "output"
    placed = replace(card, x=at[0], y=at[1], role=role)
    return replace(placed, caption="above") if card.form == "card" else placed


def _layers(
    wiring: Wiring, boxes: Mapping[str, PlacedBlock]
) -> tuple[list[list[_Place]], dict[str, _Place]]:
    depth: dict[str, int] = {}
    for name in boxes:
        depth[name] = max((depth[wire.source] + 1 for wire in wiring.arriving[name]), default=0)
    layers: list[list[_Place]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    places: dict[str, _Place] = {}
    for name, card in boxes.items():
        named = card.form == "card"
        width = max(card.width, caption_width(name)) if named else card.width
        above = card.y - card.top + (CAPTION_HEIGHT if named else 0)
        places[name] = _Place(name, depth[name], width, above, card.bottom - card.y)
        layers[depth[name]].append(places[name])
    return layers, places


def _rows(layers: Sequence[Sequence[_Place]], more: int) -> list[list[int]]:
    """The layers of each row: one row, or as many as make a page of about `ASPECT`, and `more`."""
    widths = [max(spot.width for spot in layer) + GAP_X for layer in layers]
    heights = [sum(spot.above + spot.below + GAP_Y for spot in layer) for layer in layers]
    width, height = sum(widths), max(heights, default=1.0)
    if width <= WIDEST * height or len(layers) <= SHORT:
        return [list(range(len(layers)))]
    wanted = width / (more + ceil(sqrt(width / (ASPECT * (height + 2 * GAP_Y)))))
    rows: list[list[int]] = [[]]
    filled = 0.0
    for layer, each in enumerate(widths):
        if rows[-1] and filled + each / 2 > wanted:
            rows.append([])
            filled = 0.0
        rows[-1].append(layer)
        filled += each
    return rows


def _lanes(
    wiring: Wiring,
    places: Mapping[str, _Place],
    layers: list[list[_Place]],
    row_of: Mapping[int, int],
) -> dict[Wire, list[_Place]]:
    """A place in every layer between the two ends of a wire that stays in one row."""
    spans = {wire: (places[wire.source], places[wire.target]) for wire in wiring.wires}
    spans = {w: ends for w, ends in spans.items() if len({row_of[e.layer] for e in ends}) == 1}
    wanted = sum(max(0, end.layer - start.layer - 1) for start, end in spans.values())
    lanes: dict[Wire, list[_Place]] = {wire: [] for wire in wiring.wires}
    for wire, (start, end) in spans.items():
        before = start
        for layer in range(start.layer + 1, end.layer if wanted <= MOST_LANES else 0):
            lane = _Place("", layer, 0, LANE / 2, LANE / 2, [before])
            lanes[wire].append(lane)
            layers[layer].append(lane)
            before = lane
        end.before.append(before)
    return lanes


def _settle(layer: list[_Place]) -> None:
    """Stand free of each other in the given order, as near as can be to what each one reads."""
    wish = {
        spot: sum(b.y for b in spot.before) / len(spot.before) if spot.before else 0.0
        for spot in layer
    }
    for i, spot in enumerate(layer):
        spot.y = wish[spot]
        if i:
            last = layer[i - 1]
            spot.y = max(spot.y, last.y + last.below + GAP_Y + spot.above)
    shift = sum(wish[spot] - spot.y for spot in layer) / len(layer)
    for spot in layer:
        spot.y += shift


def _page(
    wiring: Wiring,
    layers: Sequence[Sequence[_Place]],
    rows: Sequence[Sequence[int]],
    places: Mapping[str, _Place],
) -> Page:
    """Columns and rows in px; gaps and gutters have room for the wires that turn in them."""
    row_of = {layer: row for row, members in enumerate(rows) for layer in members}
    turning, crossing = [0] * (len(layers) + 1), [0] * (len(rows) + 1)
    for wire in wiring.wires:
        start, end = places[wire.source].layer, places[wire.target].layer
        if row_of[start] != row_of[end]:
            turning[start + 1] += 1
            turning[end] += 1
            crossing[row_of[start] + 1] += 1
            crossing[row_of[end]] += 1
    slots: dict[int, Slot] = {}
    middles: list[float] = []
    edges: list[tuple[float, float]] = []
    y = 0.0
    for row, members in enumerate(rows):
        x = 0.0
        for layer in members:
            x += Page.room(turning[layer], GAP_X)
            width = max(spot.width for spot in layers[layer])
            slots[layer] = Slot(row, x, x + width)
            x += width
        top = min(spot.y - spot.above for layer in members for spot in layers[layer])
        bottom = max(spot.y + spot.below for layer in members for spot in layers[layer])
        y += Page.room(crossing[row], GAP_Y) if row else 0.0
        middles.append(y - top)
        edges.append((y, y + bottom - top))
        y += bottom - top
    return Page(slots, middles, edges)
