"""Places a whole U: its cards in rows, then joins, wires, pills and captions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from analysis.layout import u_shape
from analysis.layout.captions import with_clear_captions
from analysis.layout.geometry import PlacedBlock, Placement, Point, Role, bounds
from analysis.layout.wire_paths import (
    ARC_CLEAR,
    ARC_STEP,
    arc_room,
    arcs,
    clear,
    path_points,
    pills_on,
    route,
)
from analysis.layout.wiring import Wire, Wiring, box


def place_u(
    wiring: Wiring,
    parts: Mapping[str, Role],
    moved: Mapping[str, Point],
    expanded: frozenset[str],
    spread: float = 0.0,
) -> Placement:
    """Boxes and wires of a U whose cards play these parts.

    Cards in `moved` stand where they were put; `spread` px more lie between the rows.
    """
    stage, boxes = _cards(wiring, parts, moved, expanded, {}, spread)
    heights = arcs(wiring.wires, boxes)
    if heights:  # rows move apart to make room for the wires that bow over them
        most: dict[int, float] = {}
        for wire, height in heights.items():
            level = boxes[wire.source].level
            most[level] = max(most.get(level, 0.0), height + arc_room(wire) + ARC_STEP / 2)
        stage, boxes = _cards(wiring, parts, moved, expanded, most, spread)
        heights = arcs(wiring.wires, boxes)
    points: dict[Wire, tuple[Point, ...]] = {}
    blank = {name: box(wiring, name, expanded) for name in wiring.with_form("pill")}
    for wire in wiring.wires:
        arc = ARC_CLEAR + heights.get(wire, 0.0)
        points[wire] = path_points(wire, boxes, stage.spans, arc)
    for wire, path in points.items():
        for name, pill in pills_on(wire, path, blank, u_shape.PILL_PITCH).items():
            boxes[name] = replace(clear(pill, boxes.values()), on_wire=True)
    routes = tuple(route(wire, path) for wire, path in points.items())
    ordered = with_clear_captions({name: boxes[name] for name in wiring.blocks}, routes)
    return Placement(ordered, routes, bounds(ordered, routes), "u")


def _cards(
    wiring: Wiring,
    parts: Mapping[str, Role],
    moved: Mapping[str, Point],
    expanded: frozenset[str],
    bowed: Mapping[int, float],
    spread: float,
) -> tuple[u_shape.Rows, dict[str, PlacedBlock]]:
    """Rows with room for so many wires above each level, and the cards and joins in them."""
    stage = u_shape.rows(wiring, parts, expanded, bowed, spread)
    boxes = {
        name: replace(card, x=moved[name][0], y=moved[name][1]) if name in moved else card
        for name, card in stage.cards.items()
    }
    for name in reversed(wiring.with_form("circle")):
        boxes[name] = _join(name, wiring, boxes)
    return stage, boxes


def _join(name: str, wiring: Wiring, boxes: Mapping[str, PlacedBlock]) -> PlacedBlock:
    """A join stands 10 px left of what reads it on its level, else right of what it reads there.

    Behind a card that stands half a row lower it stands in the row of the skip, which runs level.
    """
    circle = box(wiring, name, frozenset())
    out = u_shape.read_by(wiring, name)
    if out is not None:
        reader = boxes[out.target]
        x = reader.left - u_shape.join_gap(out) - circle.width / 2
        return replace(circle, x=x, y=reader.y, level=reader.level, lowered=reader.lowered)
    before = u_shape.level_sources(wiring, name) or u_shape.cards_at(wiring, name, up=True)
    if not before:
        return circle
    source = max((boxes[each] for each in before), key=lambda box: box.right)
    x = source.right + u_shape.room_behind(wiring, source.id, name) + circle.width / 2
    beside = next((boxes[each] for each in before if not boxes[each].lowered), source)
    return replace(circle, x=x, y=beside.y, level=beside.level, lowered=beside.lowered)


def overlaps(placement: Placement) -> bool:
    """Whether two boxes lie on each other: a network with joins and levels past all custom."""
    boxes = sorted(placement.boxes.values(), key=lambda box: box.left)
    near: list[PlacedBlock] = []
    for here in boxes:
        near = [other for other in near if other.right > here.left]
        if any(other.top < here.bottom and here.top < other.bottom for other in near):
            return True
        near.append(here)
    return False
