"""The course of each wire between placed boxes, and the places of the pills on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from analysis.layout.geometry import PILL, PlacedBlock, Point, Route, along, line
from analysis.layout.wiring import Wire

ARC = 26
"""How far a wire bows past a card that stands in its way, beyond the row's edge."""


def course(
    wire: Wire,
    boxes: Mapping[str, PlacedBlock],
    spans: Mapping[int, tuple[float, float]],
) -> tuple[Point, ...]:
    """Points of a path of cubics. `spans` gives the (top, bottom) of the row of each level.

    In one row the wire is level, or bows over a card between. Between rows it leaves by the
    bottom or top, crosses the band between the rows as a cubic and enters straight.
    """
    source, target = boxes[wire.source], boxes[wire.target]
    if abs(source.y - target.y) < 1 and source.right <= target.left:
        if wire.kind == "residual" or _in_the_way(source, target, boxes.values()):
            return _over(source, target, spans)
        start = (source.right, source.y)
        return (start, *line(start, (target.left, target.y)))
    if source.bottom <= target.top:
        edges = (source.bottom, target.top, 1)
        limits = (spans[source.level][1], spans[target.level][0])
    elif target.bottom <= source.top:
        edges = (source.top, target.bottom, -1)
        limits = (spans[source.level][0], spans[target.level][1])
    else:
        return _sideways(source, target)
    return _between_rows(source, target, edges, limits)


def _in_the_way(source: PlacedBlock, target: PlacedBlock, boxes: Iterable[PlacedBlock]) -> bool:
    return any(
        box.top < source.y < box.bottom and source.right < box.x < target.left
        for box in boxes
        if box.form != "pill" and box.id not in (source.id, target.id)
    )


def _over(
    source: PlacedBlock, target: PlacedBlock, spans: Mapping[int, tuple[float, float]]
) -> tuple[Point, ...]:
    top = spans.get(source.level, (min(source.top, target.top), 0))[0] - ARC
    start, end = (source.x, source.top), (target.x, target.top)
    bend = min(30.0, (end[0] - start[0]) / 3)
    left, right = (start[0] + bend, top), (end[0] - bend, top)
    return (
        start,
        *((start[0], top), (start[0], top), left),
        *line(left, right),
        *((end[0], top), (end[0], top), end),
    )


def _sideways(source: PlacedBlock, target: PlacedBlock) -> tuple[Point, ...]:
    """For boxes that someone has moved beside each other."""
    forward = source.x <= target.x
    x0, x1 = (source.right, target.left) if forward else (source.left, target.right)
    middle = (x0 + x1) / 2
    return ((x0, source.y), (middle, source.y), (middle, target.y), (x1, target.y))


def _between_rows(
    source: PlacedBlock,
    target: PlacedBlock,
    edges: tuple[float, float, int],
    limits: tuple[float, float],
) -> tuple[Point, ...]:
    y0, y1, way = edges
    x0, x1 = source.x, target.x
    if source.role == "bottleneck" and way < 0:
        x0 += source.width / 4
    if target.role == "bottleneck" and way > 0:
        x1 -= target.width / 4
    # Moved boxes may stand outside their row: then the whole way is the band.
    inside = y0 * way <= limits[0] * way < limits[1] * way <= y1 * way
    b0, b1 = limits if inside else (y0, y1)
    middle = (b0 + b1) / 2
    points: list[Point] = [(x0, y0)]
    if b0 != y0:
        points += line((x0, y0), (x0, b0))
    points += [(x0, middle), (x1, middle), (x1, b1)]
    if b1 != y1:
        points += line((x1, b1), (x1, y1))
    return tuple(points)


def pills_on(
    wire: Wire, points: tuple[Point, ...], boxes: Mapping[str, PlacedBlock], pitch: float
) -> dict[str, PlacedBlock]:
    """The wire's pills, evenly about the middle of its longest curved or straight piece."""
    pieces = [points[i : i + 4] for i in range(0, len(points) - 1, 3)]
    bent = [piece for piece in pieces if piece[0][0] != piece[3][0]] or pieces
    piece = max(bent, key=_reach)
    placed: dict[str, PlacedBlock] = {}
    for i, name in enumerate(wire.via):
        away = (i - (len(wire.via) - 1) / 2) * pitch
        x, y = _at(piece, away)
        placed[name] = replace(boxes[name], x=x, y=y)
    return placed


def _reach(piece: tuple[Point, ...]) -> float:
    return max(abs(piece[3][0] - piece[0][0]), abs(piece[3][1] - piece[0][1]))


def _at(piece: tuple[Point, ...], away: float) -> Point:
    """The point `away` px from the piece's middle, counted along its longer axis."""
    level = piece[0][1] == piece[3][1]
    axis = 0 if level else 1
    start, end = piece[0][axis], piece[3][axis]
    want = (start + end) / 2 + (away if end >= start else -away)
    low, high = 0.0, 1.0
    for _ in range(24):
        t = (low + high) / 2
        here = along(piece[0], (piece[1], piece[2], piece[3]), t)[axis]
        low, high = (t, high) if (here < want) == (end >= start) else (low, t)
    return along(piece[0], (piece[1], piece[2], piece[3]), (low + high) / 2)


def clear(pill: PlacedBlock, others: Iterable[PlacedBlock]) -> PlacedBlock:
    """The pill moved right until it stands free of the others."""
    near = [box for box in others if box.top < pill.bottom and pill.top < box.bottom]
    while hit := next((b for b in near if b.left < pill.right and pill.left < b.right), None):
        pill = replace(pill, x=hit.right + PILL / 2 + 4)
    return pill


def route(wire: Wire, points: tuple[Point, ...]) -> Route:
    """The wire with its course."""
    return Route(wire.source, wire.target, wire.kind, points, wire.skip, wire.via)
