"""Joins the wires outside a frame with those inside it, through the gutters at its two sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from analysis.layout.geometry import Point, Route, line
from analysis.layout.wire_paths import CORNER

ENTRY, EXIT = "\0in", "\0out"
"""Ids of the boxes that stand for the two ports of a frame; no block is called so."""


@dataclass(frozen=True, slots=True)
class Gate:
    """The turns of the wires through a frame's gutter: by port heights, and the sides."""

    into: Point
    out: Point
    left: float
    right: float

    def moved(self, by: Point) -> Gate:
        """The gate of a frame that stands elsewhere."""
        x, y = by
        into, out = (self.into[0] + x, self.into[1] + y), (self.out[0] + x, self.out[1] + y)
        return Gate(into, out, self.left + x, self.right + x)

    def outward(self, start: Point, end: Point) -> tuple[Point, ...]:
        """The corners of the way from the port inside to a point on the frame."""
        if abs(end[0] - self.right) < 1 or abs(end[0] - self.left) < 1:
            return start, (self.out[0], start[1]), (self.out[0], end[1]), end
        return start, (self.out[0], start[1]), end

    def inward(self, start: Point, end: Point) -> tuple[Point, ...]:
        """The corners of the way from a point on the frame to the port inside."""
        if abs(start[0] - self.left) < 1 or abs(start[0] - self.right) < 1:
            return start, (self.into[0], start[1]), (self.into[0], end[1]), end
        return start, (self.into[0], end[1]), end


def joined(
    routes: Sequence[Route], within: Mapping[str, tuple[Gate, tuple[Route, ...]]]
) -> tuple[Route, ...]:
    """All wires between blocks: those outside led on to blocks inside, then those inside.

    `within` gives, by its id, the gate of every frame and the wires inside it with those of its
    two ports.
    """
    found: list[Route] = []
    for route in routes:
        starts: Sequence[Route] = [route]
        if route.source in within:
            gate, inner = within[route.source]
            starts = [_left(route, gate, each) for each in inner if each.target == EXIT]
        for start in starts:
            if route.target not in within:
                found.append(start)
                continue
            gate, inner = within[route.target]
            found += [_entered(start, gate, each) for each in inner if each.source == ENTRY]
    for _, inner in within.values():
        found += [each for each in inner if each.source != ENTRY and each.target != EXIT]
    return tuple(replace(route, points=_exact(route.points)) for route in found)


def _left(route: Route, gate: Gate, inner: Route) -> Route:
    way = gate.outward(inner.points[-1], route.points[0])
    points = (*inner.points, *rounded(way)[1:], *route.points[1:])
    return replace(route, source=inner.source, points=points, via=(*inner.via, *route.via))


def _entered(route: Route, gate: Gate, inner: Route) -> Route:
    """What the wire carries is said by the end that says more: a skip by where it ends."""
    way = gate.inward(route.points[-1], inner.points[0])
    points = (*route.points, *rounded(way)[1:], *inner.points[1:])
    says = inner if inner.kind != "plain" else route
    return replace(
        says, source=route.source, target=inner.target, points=points, via=(*route.via, *inner.via)
    )


def rounded(corners: Sequence[Point]) -> tuple[Point, ...]:
    """A path of level and upright pieces as cubics, its corners rounded."""
    stops = [corners[0]]
    for corner in corners[1:]:
        if len(stops) > 1 and _in_line(stops[-2], stops[-1], corner):
            stops.pop()
        if max(abs(corner[0] - stops[-1][0]), abs(corner[1] - stops[-1][1])) > 1e-6:
            stops.append(corner)
    if len(stops) == 1:
        return (stops[0],)
    points: list[Point] = [stops[0]]
    lengths = [max(abs(b[0] - a[0]), abs(b[1] - a[1])) for a, b in pairwise(stops)]
    for i, corner in enumerate(stops[1:-1], 1):
        reach = min(CORNER, lengths[i - 1] / 2, lengths[i] / 2)
        before, after = _toward(corner, stops[i - 1], reach), _toward(corner, stops[i + 1], reach)
        points += [*line(points[-1], before), corner, corner, after]
    return (*points, *line(points[-1], stops[-1]))


def _in_line(one: Point, two: Point, three: Point) -> bool:
    return any(
        max(p[i] for p in (one, two, three)) - min(p[i] for p in (one, two, three)) < 1e-6
        for i in (0, 1)
    )


def _toward(corner: Point, end: Point, reach: float) -> Point:
    """The point `reach` px from a corner on the piece to that end."""
    (x, y), (x1, y1) = corner, end
    length = max(abs(x1 - x), abs(y1 - y))
    return x + (x1 - x) * reach / length, y + (y1 - y) * reach / length


def _exact(points: Sequence[Point]) -> tuple[Point, ...]:
    """In thousandths of a px, so that a level wire is level to the last bit."""
    return tuple((round(x, 3), round(y, 3)) for x, y in points)
