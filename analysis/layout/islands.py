"""Places a graph whose blocks hang together in several parts: the network, and loose pieces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from analysis.facts import Facts
from analysis.graph import Graph
from analysis.graph.inner_blocks import Insides
from analysis.graph.scopes import Block
from analysis.layout.geometry import Placement, Point, bounds
from analysis.layout.layout import place

ROOM = 48
"""Between the network and the pieces below it."""


def place_islands(
    blocks: Sequence[Block],
    facts: Facts,
    positions: Mapping[str, Point] | None = None,
    expanded: frozenset[str] = frozenset(),
    inside: Insides | None = None,
) -> Placement:
    """As `layout.place`, with every part that no wire ties to the output placed by itself.

    A loose part stands where its first block was put by hand, else below all that was placed;
    what it has opened shows its operators.
    """
    loose = loose_blocks(blocks, facts.graph)
    if not loose:
        return place(blocks, facts, positions, expanded, inside)
    moved = positions or {}
    tied = [block for block in blocks if block.id not in loose]
    found = [place(tied, facts, positions, expanded, inside)]
    rest = {block.id: block for block in blocks if block.id in loose}
    parts: list[list[Block]] = []
    while rest:
        parts.append(_part(rest))
    held = [part for part in parts if any(block.id in moved for block in part)]
    found += [_put(part, facts, moved, expanded, (0.0, 0.0)) for part in held]
    left, foot = found[0].bounds[0], max(each.bounds[3] for each in found) + ROOM
    for part in parts:
        if part not in held:
            found.append(_put(part, facts, moved, expanded, (left, foot)))
            left = found[-1].bounds[2] + ROOM
    boxes = {name: box for each in found for name, box in each.boxes.items()}
    ordered = {block.id: boxes[block.id] for block in blocks if block.id in boxes} | boxes
    routes = tuple(route for each in found for route in each.routes)
    left, top, right, bottom = bounds(ordered, routes)
    whole = found[0].bounds
    room = (min(left, whole[0]), min(top, whole[1]), max(right, whole[2]), max(bottom, whole[3]))
    return replace(found[0], boxes=ordered, routes=routes, bounds=room)


def loose_blocks(blocks: Sequence[Block], graph: Graph) -> frozenset[str]:
    """The blocks that no chain of wires, in whatever direction, ties to the output's block."""
    output = graph.output.id if graph.nodes else ""
    rest = {block.id: block for block in blocks}
    home = next((block.id for block in blocks if output in block.nodes), None)
    if home is None:
        return frozenset()
    _take(rest, home)
    return frozenset(rest)


def _part(rest: dict[str, Block]) -> list[Block]:
    """Take one connected part out of `rest`, in its order."""
    return _take(rest, next(iter(rest)))


def _take(rest: dict[str, Block], first: str) -> list[Block]:
    """Take the part that a block belongs to out of `rest`, in its order."""
    readers: dict[str, list[str]] = {}
    for block in rest.values():
        for source in block.inputs:
            readers.setdefault(source, []).append(block.id)
    found, waiting = {first}, [first]
    while waiting:
        name = waiting.pop()
        for near in (*rest[name].inputs, *readers.get(name, ())):
            if near in rest and near not in found:
                found.add(near)
                waiting.append(near)
    return [rest.pop(name) for name in [each for each in rest if each in found]]


def _put(
    part: Sequence[Block],
    facts: Facts,
    moved: Mapping[str, Point],
    expanded: frozenset[str],
    corner: Point,
) -> Placement:
    alone = place(part, facts, {}, expanded)
    held = next((block.id for block in part if block.id in moved), None)
    if held is not None:
        box = alone.boxes[held]
        by = moved[held][0] - box.x, moved[held][1] - box.y
    else:
        by = corner[0] - alone.bounds[0], corner[1] - alone.bounds[1]
    places = {
        name: moved.get(name, (box.x + by[0], box.y + by[1])) for name, box in alone.boxes.items()
    }
    return place(part, facts, places, expanded)
