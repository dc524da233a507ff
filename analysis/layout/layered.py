"""Layers from left to right, for graphs that are no U: longest paths, then fewer crossings.

After Sugiyama, Tagawa and Toda 1981: a block's layer is its longest path from an input; wires
that skip layers get a lane of their own in each; the order within a layer follows the mean
place of what it reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from analysis.layout.geometry import (
    CAPTION_HEIGHT,
    PlacedBlock,
    Placement,
    Point,
    Role,
    bounds,
    line,
)
from analysis.layout.wire_paths import route
from analysis.layout.wiring import Wire, Wiring, box

GAP_X, GAP_Y = 44, 24
LANE = 12
MOST_LANES = 5000
"""Beyond this many, long wires run straight: a dense network would drown in lanes."""


@dataclass(slots=True)
class _Place:
    """A box or a lane in its layer; `before` are the places it reads."""

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
    layers, lanes = _layers(wiring, boxes)
    xs = _columns(layers)
    for layer in layers:
        _settle(layer)
    for layer in layers:
        for spot in layer:
            if spot.name in boxes:
                boxes[spot.name] = _put(boxes[spot.name], (xs[spot.layer], spot.y), wiring)
    for name in moved.keys() & boxes.keys():
        boxes[name] = replace(boxes[name], x=moved[name][0], y=moved[name][1])
    routes = tuple(
        route(wire, _course(boxes, wire, [(xs[lane.layer], lane.y) for lane in lanes[wire]]))
        for wire in wiring.wires
    )
    return Placement(boxes, routes, bounds(boxes), "layered")


def _put(card: PlacedBlock, at: Point, wiring: Wiring) -> PlacedBlock:
    role: Role = "join" if card.form == "circle" else "operator"
    key = wiring.facts.graph[wiring.blocks[card.id].output].operator.key
    if key in ("input", "output"):
        role = "input" if key == "input" else "output"
    placed = replace(card, x=at[0], y=at[1], role=role)
    return replace(placed, caption="above") if card.form == "card" else placed


def _layers(
    wiring: Wiring, boxes: Mapping[str, PlacedBlock]
) -> tuple[list[list[_Place]], dict[Wire, list[_Place]]]:
    depth: dict[str, int] = dict.fromkeys(boxes, 0)
    arriving: dict[str, list[Wire]] = {name: [] for name in boxes}
    for wire in wiring.wires:
        arriving[wire.target].append(wire)
    for name in boxes:
        depth[name] = max((depth[wire.source] + 1 for wire in arriving[name]), default=0)
    layers: list[list[_Place]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    spots: dict[str, _Place] = {}
    for name, card in boxes.items():
        caption = CAPTION_HEIGHT if card.form == "card" else 0
        spot = _Place(
            name, depth[name], card.width, card.y - card.top + caption, card.bottom - card.y
        )
        spots[name] = spot
        layers[spot.layer].append(spot)
    lanes = _lanes(wiring, spots, layers)
    return layers, lanes


def _lanes(
    wiring: Wiring, spots: Mapping[str, _Place], layers: list[list[_Place]]
) -> dict[Wire, list[_Place]]:
    spans = {wire: (spots[wire.source], spots[wire.target]) for wire in wiring.wires}
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


def _columns(layers: list[list[_Place]]) -> list[float]:
    xs: list[float] = []
    end = 0.0
    for layer in layers:
        width = max(spot.width for spot in layer)
        xs.append(end + width / 2)
        end += width + GAP_X
    return xs


def _settle(layer: list[_Place]) -> None:
    """Order by the mean place of what is read, stand free of each other, keep that mean."""
    wish = {
        id(spot): sum(b.y for b in spot.before) / len(spot.before) if spot.before else 0.0
        for spot in layer
    }
    layer.sort(key=lambda spot: wish[id(spot)])
    for i, spot in enumerate(layer):
        spot.y = wish[id(spot)]
        if i:
            last = layer[i - 1]
            spot.y = max(spot.y, last.y + last.below + GAP_Y + spot.above)
    shift = sum(wish[id(spot)] - spot.y for spot in layer) / len(layer)
    for spot in layer:
        spot.y += shift


def _course(boxes: Mapping[str, PlacedBlock], wire: Wire, stops: list[Point]) -> tuple[Point, ...]:
    source, target = boxes[wire.source], boxes[wire.target]
    points: list[Point] = [(source.right, source.y)]
    for x, y in (*stops, (target.left, target.y)):
        x0, y0 = points[-1]
        if y0 == y:
            points += line((x0, y0), (x, y))
        else:
            points += [((x0 + x) / 2, y0), ((x0 + x) / 2, y), (x, y)]
    return tuple(points)
