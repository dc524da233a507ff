"""Places the blocks of a graph: as a U where there is one, else in layers from left to right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from analysis.facts import Facts
from analysis.graph.scopes import Block
from analysis.layout import layered, u_shape
from analysis.layout.captions import with_clear_captions
from analysis.layout.geometry import (
    CAPTION_HEIGHT,
    PlacedBlock,
    Placement,
    Point,
    Role,
    Route,
    bounds,
)
from analysis.layout.wire_paths import ARC_STEP, arcs, clear, path_points, pills_on, route
from analysis.layout.wiring import Wire, Wiring, box, sort

WIDEST_U = 7.0
"""A U wider than this (width / height) is drawn in layers, broken into rows."""
WIDE_U = 2.5
"""The rows of a U wider than this move apart, until it is not."""

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
    if parts is not None and not _is_strip(wiring, parts, expanded):
        u = _place_u(wiring, parts, {}, expanded)
        if _aspect(u) <= WIDEST_U and not _overlaps(u):
            spread = _spread(u)
            changed = moved or spread
            return _place_u(wiring, parts, moved, expanded, spread) if changed else u
    return layered.place(sort(blocks, facts, pills=False), moved, expanded)


def _is_strip(wiring: Wiring, parts: Mapping[str, Role], expanded: frozenset[str]) -> bool:
    """Whether the cards alone are far too wide for a U, whatever room the wires need."""
    left, top, right, bottom = bounds(u_shape.rows(wiring, parts, expanded, {}).cards)
    return (right - left) > 2 * WIDEST_U * (bottom - top)


def _spread(u: Placement) -> float:
    """Px that the rows of a U must move apart so that it is no wider than `WIDE_U`."""
    gaps = len({card.row for card in u.boxes.values() if card.form == "card"}) - 1
    left, top, right, bottom = u.bounds
    lacking = (right - left) / WIDE_U - (bottom - top)
    return max(0.0, lacking) / gaps if gaps else 0.0


def _aspect(placement: Placement) -> float:
    left, top, right, bottom = placement.bounds
    return (right - left) / max(bottom - top, 1.0)


def _overlaps(placement: Placement) -> bool:
    """Whether two boxes lie on each other: a network with joins and levels past all custom."""
    boxes = sorted(placement.boxes.values(), key=lambda box: box.left)
    near: list[PlacedBlock] = []
    for here in boxes:
        near = [other for other in near if other.right > here.left]
        if any(other.top < here.bottom and here.top < other.bottom for other in near):
            return True
        near.append(here)
    return False


def _place_u(
    wiring: Wiring,
    parts: Mapping[str, Role],
    moved: Mapping[str, Point],
    expanded: frozenset[str],
    spread: float = 0.0,
) -> Placement:
    stage, boxes = _rows(wiring, parts, moved, expanded, {}, spread)
    heights = arcs(wiring.wires, boxes)
    if heights:  # rows move apart to make room for the wires that bow over them
        most: dict[int, int] = {}
        for wire, height in heights.items():
            level = boxes[wire.source].level
            most[level] = max(most.get(level, 0), height + 1)
        stage, boxes = _rows(wiring, parts, moved, expanded, most, spread)
        heights = arcs(wiring.wires, boxes)
    points: dict[Wire, tuple[Point, ...]] = {}
    blank = {name: box(wiring, name, expanded) for name in wiring.with_form("pill")}
    for wire in wiring.wires:
        arc = CAPTION_HEIGHT + ARC_STEP * heights.get(wire, 0)
        points[wire] = path_points(wire, boxes, stage.spans, arc)
    for wire, path in points.items():
        for name, pill in pills_on(wire, path, blank, u_shape.PILL_PITCH).items():
            boxes[name] = clear(pill, boxes.values())
    routes = tuple(route(wire, path) for wire, path in points.items())
    ordered = with_clear_captions({name: boxes[name] for name in wiring.blocks}, routes)
    return Placement(ordered, routes, bounds(ordered, routes), "u")


def _rows(
    wiring: Wiring,
    parts: Mapping[str, Role],
    moved: Mapping[str, Point],
    expanded: frozenset[str],
    bowed: Mapping[int, int],
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
    """A join stands 10 px left of what reads it, else right of what it reads."""
    circle = box(wiring, name, frozenset())
    out = next(iter(wiring.leaving[name]), None)
    if out is not None:
        reader = boxes[out.target]
        x = reader.left - u_shape.join_gap(out) - circle.width / 2
        return replace(circle, x=x, y=reader.y, level=reader.level, lowered=reader.lowered)
    before = u_shape.cards_at(wiring, name, up=True)
    if not before:
        return circle
    source = boxes[before[0]]
    x = source.right + u_shape.JOIN_GAP + circle.width / 2
    return replace(circle, x=x, y=source.y, level=source.level, lowered=source.lowered)
