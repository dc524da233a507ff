"""A picture at once, from the one before: blocks stay, new ones stand by what they are joined to.

For networks that are too large to be laid out while somebody waits. Nothing is routed round
anything: a wire whose ends stand as they did keeps its path, every other one is straight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from analysis.facts import Facts
from analysis.graph import Graph
from analysis.graph.inner_blocks import Insides, with_insides
from analysis.graph.kept_blocks import kept_blocks, touched_nodes
from analysis.graph.scopes import Block
from analysis.layout.geometry import PlacedBlock, Placement, Point, Route, bounds, line
from analysis.layout.picture import Picture
from analysis.layout.wire_paths import route
from analysis.layout.wiring import Wire, Wiring, box, sort

AWAY = 60.0
"""Px to the right of what a new block reads, and to the left of what reads it."""


def rough_picture(
    facts: Facts,
    positions: Mapping[str, Point],
    before: Picture,
    edited: bool = True,
    graph_before: Graph | None = None,
) -> Picture | None:
    """`before` of an edited network, or with blocks moved by hand; None where too much is new.

    Costs about as much for every block and operator there is: no search, no routing. `edited`
    says that the graph may be another than that of `before`, which is `graph_before`, if known.
    """
    if not edited:
        placed = _placed(before.blocks, facts, positions, before.placement)
        return replace(before, placement=placed)
    graph = facts.graph
    touched = touched_nodes(graph_before, graph) if graph_before is not None else None
    outer = kept_blocks(graph, before.outer, touched=touched)
    inside = _kept_insides(graph, outer, before)
    blocks = with_insides(graph, outer, inside)
    fresh = sum(block.id not in before.placement.boxes for block in blocks)
    if 2 * fresh > len(blocks):
        return None
    return Picture(blocks, outer, inside, _placed(blocks, facts, positions, before.placement))


def _kept_insides(graph: Graph, outer: Sequence[Block], before: Picture) -> Insides:
    """What is in the frames, those in frames among them."""
    found: dict[str, tuple[Block, ...]] = {}
    waiting = list(outer)
    while waiting:
        group = waiting.pop()
        if group.id not in before.inside:
            continue
        parts = kept_blocks(graph, before.inside[group.id], frozenset(group.nodes))
        found[group.id] = parts
        waiting += parts
    return found


def _placed(
    blocks: Sequence[Block], facts: Facts, moved: Mapping[str, Point], before: Placement
) -> Placement:
    held = _with_frames_moved(before, moved)
    wiring = sort(blocks, facts, pills=before.shape == "u")
    boxes: dict[str, PlacedBlock] = {}
    for name in wiring.blocks:
        old = held.boxes.get(name)
        if old is not None and old.form == wiring.forms[name]:
            boxes[name] = _moved(old, moved, before)
            continue
        made = box(wiring, name, frozenset())
        if old is not None:
            boxes[name] = replace(made, x=old.x, y=old.y)
        else:
            boxes[name] = _beside(made, wiring, boxes, before)
    old_routes = {(each.source, each.target): each for each in before.routes}
    at_rest = {name for name, each in boxes.items() if each is before.boxes.get(name)}
    at_rest.update([n for n in boxes.keys() - at_rest if boxes[n] == before.boxes.get(n)])
    routes = tuple([_route(wire, boxes, at_rest, old_routes) for wire in wiring.wires])
    return replace(held, boxes=boxes, routes=routes, bounds=bounds(boxes, routes))


def _with_frames_moved(before: Placement, moved: Mapping[str, Point]) -> Placement:
    """The frames that were put by hand with all that is in them, where they were put."""
    boxes, frames = dict(before.boxes), dict(before.frames)
    for name in moved.keys() & frames.keys():
        outer = frames[name]
        (x, y), (right, down) = moved[name], before.shifts.get(name, (0.0, 0.0))
        by = x + right - outer.at[0], y + down - outer.at[1]
        for each in [f for f in frames.values() if f.inside <= outer.inside]:
            frames[each.id] = each.moved(by)
        for part in outer.inside & boxes.keys():
            inner = boxes[part]
            boxes[part] = replace(inner, x=inner.x + by[0], y=inner.y + by[1])
    return replace(before, boxes=boxes, frames=frames)


def _moved(old: PlacedBlock, moved: Mapping[str, Point], before: Placement) -> PlacedBlock:
    if old.id not in moved:
        return old
    (x, y), (right, down) = moved[old.id], before.shifts.get(old.id, (0.0, 0.0))
    return replace(old, x=x + right, y=y + down)


def _beside(
    made: PlacedBlock, wiring: Wiring, boxes: Mapping[str, PlacedBlock], before: Placement
) -> PlacedBlock:
    """Between what a new block reads and what reads it, as far as these have places."""
    read = [boxes[w.source] for w in wiring.arriving[made.id] if w.source in boxes]
    readers = [w.target for w in wiring.leaving[made.id]]
    near = [before.boxes[name] for name in readers if name in before.boxes]
    rights, lefts = [b.right for b in read], [b.left for b in near]
    heights = [b.y for b in (*read, *near)]
    if not heights:
        left, _, _, bottom = before.bounds
        return replace(made, x=left + made.width, y=bottom + made.height)
    x = (
        (max(rights) + min(lefts)) / 2
        if rights and lefts
        else max(rights) + AWAY
        if rights
        else min(lefts) - AWAY
    )
    return replace(made, x=x, y=sum(heights) / len(heights))


def _route(
    wire: Wire,
    boxes: Mapping[str, PlacedBlock],
    at_rest: Set[str],
    old_routes: Mapping[tuple[str, str], Route],
) -> Route:
    old = old_routes.get((wire.source, wire.target))
    if old is not None and wire.source in at_rest and wire.target in at_rest:
        made = route(wire, old.points)
        return old if made == old else made
    source, target = boxes[wire.source], boxes[wire.target]
    start, end = (source.right, source.y), (target.left, target.y)
    return route(wire, (start, *line(start, end)))
