"""Where the blocks of a graph stand: the U where there is one, layers from left to right else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from analysis.facts import Facts
from analysis.graph.scopes import Block
from analysis.layout import layered, u_shape
from analysis.layout.geometry import PlacedBlock, Placement, Point, Role, Route, bounds
from analysis.layout.wire_paths import clear, course, pills_on, route
from analysis.layout.wiring import Wire, Wiring, box, sort

__all__ = ["PlacedBlock", "Placement", "Route", "place"]


def place(
    blocks: Sequence[Block],
    facts: Facts,
    positions: Mapping[str, Point] | None = None,
    expanded: frozenset[str] = frozenset(),
) -> Placement:
    """Boxes and wires of these blocks. Pixels at 100 %, x to the right, y down.

    `positions` are (x, y) of cards that someone has moved, by block id; joins, pills and wires
    follow them. Blocks in `expanded` show their operators as rows inside their card.
    """
    moved = positions or {}
    wiring = sort(blocks, facts)
    parts = u_shape.roles(wiring)
    if parts is None:
        return layered.place(sort(blocks, facts, pills=False), moved, expanded)
    return _place_u(wiring, parts, moved, expanded)


def _place_u(
    wiring: Wiring,
    parts: Mapping[str, Role],
    moved: Mapping[str, Point],
    expanded: frozenset[str],
) -> Placement:
    stage = u_shape.rows(wiring, parts, expanded)
    boxes = {
        name: replace(card, x=moved[name][0], y=moved[name][1]) if name in moved else card
        for name, card in stage.cards.items()
    }
    for name in reversed(wiring.with_form("circle")):
        boxes[name] = _join(name, wiring, boxes)
    points: dict[Wire, tuple[Point, ...]] = {}
    blank = {name: box(wiring, name, expanded) for name in wiring.with_form("pill")}
    for wire in wiring.wires:
        points[wire] = course(wire, boxes, stage.spans)
    for wire, path in points.items():
        for name, pill in pills_on(wire, path, blank, u_shape.PILL_PITCH).items():
            boxes[name] = clear(pill, boxes.values())
    ordered = {name: boxes[name] for name in wiring.blocks}
    routes = tuple(route(wire, path) for wire, path in points.items())
    return Placement(ordered, routes, bounds(ordered), "u")


def _join(name: str, wiring: Wiring, boxes: Mapping[str, PlacedBlock]) -> PlacedBlock:
    """A join stands 10 px left of what reads it, else right of what it reads."""
    circle = box(wiring, name, frozenset())
    out = next((wire for wire in wiring.wires if wire.source == name), None)
    if out is not None:
        reader = boxes[out.target]
        x = reader.left - u_shape.join_gap(out) - circle.width / 2
        return replace(circle, x=x, y=reader.y, level=reader.level)
    source = next((boxes[wire.source] for wire in wiring.wires if wire.target == name), None)
    if source is None:
        return circle
    x = source.right + u_shape.JOIN_GAP + circle.width / 2
    return replace(circle, x=x, y=source.y, level=source.level)
