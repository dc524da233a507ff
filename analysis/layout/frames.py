"""Places a group that is a U of its own in a frame, and joins the wires of both sides of it.

What enters comes to one port at the left of the frame's first row, what leaves goes from one at
the right: wires to other rows run upright in the gutters at the two sides, level ones go straight
on. A group that is entered or left otherwise opens to its operators instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.facts import Facts
from analysis.graph.inner_blocks import Insides
from analysis.graph.scopes import Block
from analysis.layout import u_shape
from analysis.layout.captions import caption_box
from analysis.layout.frame_wires import ENTRY, EXIT, Gate, joined
from analysis.layout.geometry import (
    HEADER,
    PlacedBlock,
    PlacedFrame,
    Placement,
    Point,
    Route,
    bounds,
)
from analysis.layout.whole_u import overlaps, place_u
from analysis.layout.wiring import sort

GUTTER, CLEAR, FOOT = 14.0, 12.0, 16.0
"""Px from a gutter's wire to the frame, from it to what is inside, and below what is inside."""
TITLE = 12.0
"""Px from the wire in the left gutter to the frame's name."""
_PORT = PlacedBlock("", "port", "operator", 0, 0.0, 0.0, 2.0, 2.0)


@dataclass(frozen=True)
class Opened:
    """A group as a U: its picture with both ports, its frame, and the box that the frame takes.

    `box` stands at (0, 0); `at` is where that is in the picture.
    """

    picture: Placement
    frame: PlacedFrame
    box: PlacedBlock
    at: Point
    gate: Gate


def opened_groups(
    blocks: Sequence[Block], facts: Facts, inside: Insides, expanded: frozenset[str]
) -> dict[str, Opened]:
    """The groups among the blocks that open to a U of their own, by id."""
    if not inside:
        return {}
    top = min(round(facts.drawn_levels[block.output]) for block in blocks)
    return _opened(blocks, facts, inside, expanded, top)


def _opened(
    blocks: Sequence[Block], facts: Facts, inside: Insides, expanded: frozenset[str], top: int
) -> dict[str, Opened]:
    found = ((b.id, _open(b, facts, inside, expanded, top)) for b in blocks if b.id in inside)
    return {name: group for name, group in found if group is not None}


def _open(
    block: Block, facts: Facts, inside: Insides, expanded: frozenset[str], top: int
) -> Opened | None:
    parts = inside[block.id]
    ends = _ends(block, parts, facts)
    if ends is None:
        return None
    entry, exit_ = ends
    inner = _opened(parts, facts, inside, expanded, top)
    framed = {name: group.box for name, group in inner.items()}
    framed |= {name: replace(_PORT, id=name) for name in (ENTRY, EXIT)}
    wiring = sort((entry, *parts, exit_), facts, framed=framed, top=top)
    roles = u_shape.roles(wiring)
    if roles is None:
        return None
    placed = place_u(wiring, roles, {}, expanded)
    if overlaps(placed):
        return None
    boxes = {n: replace(box, level=box.level + wiring.base) for n, box in placed.boxes.items()}
    return _in_frame(block.id, with_frames(replace(placed, boxes=boxes), inner))


def _ends(block: Block, parts: Sequence[Block], facts: Facts) -> tuple[Block, Block] | None:
    """Stand-ins for what the group reads and for what reads it, None where they need several.

    All that is read must go to the same blocks, and one block must give all that is given.
    """
    graph, members = facts.graph, set(block.nodes)
    owner = {node: part for part in parts for node in part.nodes}
    entered: dict[str, set[str]] = {}
    given: dict[str, None] = {}
    readers: dict[str, None] = {}
    for node in block.nodes:
        for source in graph[node].inputs:
            if source not in members:
                entered.setdefault(source, set()).add(owner[node].id)
        outside = [each for each in graph.consumers[node] if each not in members]
        if outside:
            given[owner[node].id] = None
            readers |= dict.fromkeys(outside)
    first = next(iter(entered.values()), set())
    if not entered or len(given) != 1 or any(each != first for each in entered.values()):
        return None
    level_of = next(part for part in parts if part.id in first)
    entry = Block(ENTRY, "", tuple(entered), (), level_of.output, "", "group")
    return entry, Block(EXIT, "", tuple(readers), (), block.output, "", "group")


def _in_frame(name: str, placed: Placement) -> Opened:
    """The picture with its frame round all but the ports."""
    entry, exit_ = placed.boxes[ENTRY], placed.boxes[EXIT]
    boxes = {n: box for n, box in placed.boxes.items() if n not in (ENTRY, EXIT)}
    left, top, right, bottom = _extent(boxes, placed)
    into, out = min(entry.x, left - CLEAR), max(exit_.x, right + CLEAR)
    frame = PlacedFrame(
        id=name,
        left=into - GUTTER,
        top=top - HEADER,
        right=out + GUTTER,
        bottom=bottom + FOOT,
        title=into + TITLE,
        inside=frozenset(boxes),
    )
    middle = (frame.left + frame.right) / 2
    frame = replace(frame, at=(middle, exit_.y))
    box = PlacedBlock(
        id=name,
        form="frame",
        role="operator",
        level=0,
        x=0.0,
        y=0.0,
        width=frame.right - frame.left,
        height=frame.bottom - frame.top,
        above=exit_.y - frame.top,
        enters=into - middle,
        leaves=out - middle,
    )
    gate = Gate((into, entry.y), (out, exit_.y), frame.left, frame.right)
    return Opened(placed, frame, box, (middle, exit_.y), gate)


def _extent(
    boxes: Mapping[str, PlacedBlock], placed: Placement
) -> tuple[float, float, float, float]:
    """(left, top, right, bottom) of blocks, names, frames and wires, sideways without the ports."""
    rooms = [(box.left, box.top, box.right, box.bottom) for box in boxes.values()]
    named = (box for box in boxes.values() if box.form == "card" and box.caption != "none")
    rooms += [caption_box(box) for box in named]
    rooms += [(each.left, each.top, each.right, each.bottom) for each in placed.frames.values()]
    heights = [y for route in placed.routes for _, y in route.points]
    sides = [
        x
        for route in placed.routes
        if route.source != ENTRY and route.target != EXIT
        for x, _ in route.points
    ]
    return (
        min([*(room[0] for room in rooms), *sides]),
        min([*(room[1] for room in rooms), *heights]),
        max([*(room[2] for room in rooms), *sides]),
        max([*(room[3] for room in rooms), *heights]),
    )


def with_frames(placed: Placement, opened: Mapping[str, Opened]) -> Placement:
    """The picture with every box of an opened group replaced by what is in it."""
    if not opened:
        return placed
    boxes: dict[str, PlacedBlock] = {}
    frames: dict[str, PlacedFrame] = {}
    within: dict[str, tuple[Gate, tuple[Route, ...]]] = {}
    for name, box in placed.boxes.items():
        if name not in opened:
            boxes[name] = box
            continue
        group = opened[name]
        by = box.x - group.at[0], box.y - group.at[1]
        for inner in group.picture.boxes.values():
            if inner.id not in (ENTRY, EXIT):
                boxes[inner.id] = replace(inner, x=inner.x + by[0], y=inner.y + by[1])
        for frame in (group.frame, *group.picture.frames.values()):
            frames[frame.id] = frame.moved(by)
        within[name] = group.gate.moved(by), tuple(_along(r, by) for r in group.picture.routes)
    routes = joined(placed.routes, within)
    return replace(
        placed, boxes=boxes, routes=routes, frames=frames, bounds=_whole(boxes, routes, frames)
    )


def _along(route: Route, by: Point) -> Route:
    return replace(route, points=tuple((x + by[0], y + by[1]) for x, y in route.points))


def _whole(
    boxes: Mapping[str, PlacedBlock], routes: Sequence[Route], frames: Mapping[str, PlacedFrame]
) -> tuple[float, float, float, float]:
    left, top, right, bottom = bounds(boxes, routes)
    return (
        min(left, *(frame.left for frame in frames.values())),
        min(top, *(frame.top for frame in frames.values())),
        max(right, *(frame.right for frame in frames.values())),
        max(bottom, *(frame.bottom for frame in frames.values())),
    )
