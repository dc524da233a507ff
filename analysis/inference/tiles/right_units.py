"""Which units of a tile are those of the whole: they read nothing that the tile's edge changes.

Layer by layer, along one axis: a unit is right where all it reads is right and inside the tile.
Past the end of the picture itself padding stands in the whole too, so nothing is wrong there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf

from analysis.graph import Graph, Node
from analysis.operators.contract import PeriodicTaps, Shape
from analysis.receptive_field.taps import readings

Units = Mapping[str, int]
"""A unit of each layer by its id, counted from the start of the tile."""


def first_right(graph: Graph, shapes: Mapping[str, Shape], nodes: list[Node], axis: int) -> Units:
    """The unit from which on all are right, where the picture goes on before the tile."""
    found: dict[str, int] = {}
    for node in nodes:
        first = 0
        for source, taps in _read(graph, node, shapes, axis):
            for unit, offsets in enumerate(taps.offsets):
                if offsets:
                    turns = -((min(offsets) - found[source]) // taps.advance) - 1
                    first = max(first, turns * taps.period + unit + 1)
        found[node.id] = first
    return found


def first_wrong(graph: Graph, shapes: Mapping[str, Shape], nodes: list[Node], axis: int) -> Units:
    """The unit from which on not all are right, where the picture goes on behind the tile.

    `shapes` are those for an input of the tile's size. Its number of units where all are right.
    """
    found: dict[str, int] = {}
    for node in nodes:
        past = shapes[node.id][axis + 1] if len(shapes[node.id]) > axis + 1 else inf
        for source, taps in _read(graph, node, shapes, axis):
            for unit, offsets in enumerate(taps.offsets):
                if offsets:
                    turns = -((max(offsets) - found[source]) // taps.advance)
                    past = min(past, turns * taps.period + unit)
        found[node.id] = max(0, int(past)) if past != inf else 1 << 62
    return found


def mirrors_right(
    graph: Graph,
    shapes: Mapping[str, Shape],
    nodes: list[Node],
    axis: int,
    right: tuple[Units, Units],
) -> bool:
    """Whether mirrored borders at the picture's ends read nothing that is wrong in the tile.

    `right` are the first right and the first wrong units. `shapes` as above.
    """
    for node in nodes:
        for source, taps in _read(graph, node, shapes, axis):
            if taps.border != "reflect":
                continue
            length, last = shapes[source][axis + 1], shapes[node.id][axis + 1] - 1
            before = -min((min(each) for each in taps.offsets if each), default=0)
            turn, phase = divmod(last, taps.period)
            ends = [
                turn * taps.advance + max(each) - (taps.advance if at > phase else 0)
                for at, each in enumerate(taps.offsets)
                if each
            ]
            past = max(ends, default=0) - (length - 1)
            if before >= right[1][source] or length - 1 - past < right[0][source]:
                return False
    return True


def _read(
    graph: Graph, node: Node, shapes: Mapping[str, Shape], axis: int
) -> Iterator[tuple[str, PeriodicTaps]]:
    """The maps that a node reads, and how along this axis."""
    for source, how in readings(graph, node, shapes, strict=True):
        if isinstance(how, tuple) and how:
            taps = how[axis]
            assert isinstance(taps, PeriodicTaps)
            yield source, taps
