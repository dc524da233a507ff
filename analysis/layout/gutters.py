"""Routes wires on a page of rows: level within a row, by the gutters to another row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.layout.geometry import PlacedBlock, Point, line
from analysis.layout.wiring import Wire

TRACK, MARGIN = 5.0, 12.0
"""Px between two wires beside each other, and from them to what is next to them."""
MOST_TRACKS = 40
"""More wires than this share the tracks of a gutter."""


@dataclass(frozen=True, slots=True)
class Slot:
    """The column of a layer: its row, and from where to where boxes stand in it."""

    row: int
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Page:
    """Columns by layer; for each row the y that its layers count from, and its (top, bottom)."""

    slots: Mapping[int, Slot]
    middles: Sequence[float]
    edges: Sequence[tuple[float, float]]

    @staticmethod
    def room(wires: int, least: float) -> float:
        """Px of a gap or gutter that so many wires turn in."""
        return max(least, 2 * MARGIN + TRACK * min(wires, MOST_TRACKS))


class Gutters:
    """Routes every wire; each one that turns has a track of its own."""

    def __init__(self, page: Page, layer_of: Mapping[str, int]) -> None:
        self._page = page
        self._layer_of = layer_of
        self._tracks: dict[tuple[str, int], int] = {}

    def path_points(
        self, wire: Wire, boxes: Mapping[str, PlacedBlock], lanes: Sequence[tuple[int, float]]
    ) -> tuple[Point, ...]:
        """Points of a path of cubics from the source's right to the target's left.

        `lanes` are (layer, y) of the columns that the wire crosses in its row.
        """
        source, target = boxes[wire.source], boxes[wire.target]
        start, end = (source.right, source.y), (target.left, target.y)
        slots = self._page.slots
        ours, theirs = slots[self._layer_of[source.id]], slots[self._layer_of[target.id]]
        if ours.row != theirs.row:
            return _straight(self._between_rows(wire, start, end))
        if abs(source.y - target.y) > MARGIN and not lanes and start[0] > end[0]:
            return _straight([start, end])  # somebody has moved a box behind the other
        points: list[Point] = [start]
        at = start
        leaves = lanes or start[1] != end[1]
        if leaves and start[0] < ours.right < (slots[lanes[0][0]].left if lanes else end[0]):
            at = (ours.right, start[1])  # past the captions of its column before it bends
            points += line(start, at)
        for layer, y in lanes:
            slot = slots[layer]
            points += _bend(at, (slot.left, y))
            points += line((slot.left, y), (slot.right, y))
            at = (slot.right, y)
        points += _bend(at, end)
        return tuple(points)

    def _between_rows(self, wire: Wire, start: Point, end: Point) -> list[Point]:
        """Out to the gap at the right, along the gutters, and in from the gap at the left."""
        first, last = self._layer_of[wire.source], self._layer_of[wire.target]
        slots, edges = self._page.slots, self._page.edges
        upper, lower = slots[first].row, slots[last].row
        out = slots[first].right + self._track("after", first)
        into = slots[last].left - self._track("after", last - 1)
        first_gutter = edges[upper][1] + self._track("gutter", upper)
        points = [start, (out, start[1]), (out, first_gutter)]
        if abs(lower - upper) > 1:
            side = -self._track("side", 0)
            gutter = edges[lower - 1][1] + self._track("gutter", lower - 1)
            points += [(side, first_gutter), (side, gutter)]
            first_gutter = gutter
        return [*points, (into, first_gutter), (into, end[1]), end]

    def _track(self, kind: str, place: int) -> float:
        """How far the next wire that turns there stands from the edge."""
        taken = self._tracks.get((kind, place), 0)
        self._tracks[kind, place] = taken + 1
        return MARGIN + TRACK * (taken % MOST_TRACKS)


def _bend(start: Point, end: Point) -> tuple[Point, ...]:
    (x0, y0), (x1, y1) = start, end
    if y0 == y1:
        return line(start, end)
    middle = (x0 + x1) / 2
    return ((middle, y0), (middle, y1), (x1, y1))


def _straight(corners: Sequence[Point]) -> tuple[Point, ...]:
    """A path of straight pieces, without those of no length."""
    points: list[Point] = [corners[0]]
    for corner in corners[1:]:
        if corner != points[-1]:
            points += line(points[-1], corner)
    return tuple(points)
