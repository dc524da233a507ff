"""Places the blocks of a graph: as a U where there is one, else in layers from left to right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil

from analysis.facts import Facts
from analysis.graph.inner_blocks import Insides
from analysis.graph.scopes import Block
from analysis.layout import layered, u_shape
from analysis.layout.frames import opened_groups, with_frames
from analysis.layout.geometry import PlacedBlock, Placement, Point, Role, Route, bounds
from analysis.layout.whole_u import overlaps, place_u
from analysis.layout.wiring import Wiring, sort

WIDEST_U = 7.0
"""A U wider than this (width / height) is drawn in layers, broken into rows."""
WIDE_U = 2.5
"""The rows of a U wider than this move apart, until it is not."""

LOOSER = 18.0
"""Px by which the rows of a U move apart where a caption is clear nowhere, if that helps."""

__all__ = ["PlacedBlock", "Placement", "Route", "place"]


def place(
    blocks: Sequence[Block],
    facts: Facts,
    positions: Mapping[str, Point] | None = None,
    expanded: frozenset[str] = frozenset(),
    inside: Insides | None = None,
) -> Placement:
    """Boxes and wires of these blocks. Pixels at 100 %, x to the right, y down.

    `positions` are (x, y) of cards that someone has moved, by block id; joins, pills and wires
    follow them. Blocks in `expanded` show their operators as rows inside their card; those of
    `inside` that are a U stand as one in a frame, for which the others make room.
    """
    moved = positions or {}
    opened = opened_groups(blocks, facts, inside or {}, expanded)
    if not opened:
        return _closed(blocks, facts, moved, expanded)[0]
    closed, spread = _closed(blocks, facts, {}, expanded - opened.keys())
    framed = {name: group.box for name, group in opened.items()}
    found = _framed(blocks, facts, {}, expanded, framed, closed.shape, spread)
    shifts = {
        name: (box.x - closed.boxes[name].x, box.y - closed.boxes[name].y)
        for name, box in found.boxes.items()
    }
    if moved:
        here = {
            name: (x + shifts[name][0], y + shifts[name][1])
            for name, (x, y) in moved.items()
            if name in shifts
        }
        found = _framed(blocks, facts, here, expanded, framed, found.shape, spread)
    return replace(with_frames(found, opened), shifts=shifts)


def _closed(
    blocks: Sequence[Block],
    facts: Facts,
    moved: Mapping[str, Point],
    expanded: frozenset[str],
) -> tuple[Placement, float]:
    """The picture without a frame, and by how many px the rows of its U are spread."""
    wiring = sort(blocks, facts)
    parts = u_shape.roles(wiring)
    if parts is not None and not _is_strip(wiring, parts, expanded):
        u = place_u(wiring, parts, {}, expanded)
        if _aspect(u) <= WIDEST_U and not overlaps(u):
            spread = _spread(u)
            if crowd := _crowded(u):
                roomier = place_u(wiring, parts, {}, expanded, spread + LOOSER)
                spread += LOOSER if _crowded(roomier) < crowd else 0.0
            changed = moved or spread
            return place_u(wiring, parts, moved, expanded, spread) if changed else u, spread
    return layered.place(sort(blocks, facts, pills=False), moved, expanded), 0.0


def _framed(
    blocks: Sequence[Block],
    facts: Facts,
    moved: Mapping[str, Point],
    expanded: frozenset[str],
    framed: Mapping[str, PlacedBlock],
    shape: str,
    spread: float,
) -> Placement:
    """The picture with a box for each frame, of the shape that it has without them."""
    if shape == "u":
        wiring = sort(blocks, facts, framed=framed)
        parts = u_shape.roles(wiring)
        found = place_u(wiring, parts, moved, expanded, spread) if parts is not None else None
        if found is not None and (moved or not overlaps(found)):
            return found
    return layered.place(sort(blocks, facts, pills=False, framed=framed), moved, expanded)


def _is_strip(wiring: Wiring, parts: Mapping[str, Role], expanded: frozenset[str]) -> bool:
    """Whether the cards alone are far too wide for a U, whatever room the wires need."""
    left, top, right, bottom = bounds(u_shape.rows(wiring, parts, expanded, {}).cards)
    return (right - left) > 2 * WIDEST_U * (bottom - top)


def _spread(u: Placement) -> float:
    """Whole px that the rows of a U must move apart so that it is no wider than `WIDE_U`."""
    gaps = len({card.row for card in u.boxes.values() if card.form == "card"}) - 1
    left, top, right, bottom = u.bounds
    lacking = (right - left) / WIDE_U - (bottom - top)
    return float(ceil(max(0.0, lacking) / gaps)) if gaps else 0.0


def _crowded(placement: Placement) -> int:
    """How many captions are clear nowhere; a fault that is said moves no row."""
    return sum(box.crowded and not box.tells for box in placement.boxes.values())


def _aspect(placement: Placement) -> float:
    left, top, right, bottom = placement.bounds
    return (right - left) / max(bottom - top, 1.0)
