"""Routes each wire between placed boxes as a curve, and places the pills on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from analysis.layout.geometry import PILL, PlacedBlock, Point, Route, along, line
from analysis.layout.lanes import NEAR, in_lane, past_rows
from analysis.layout.wiring import Wire

ARC_STEP, ARC_CLEAR = 9, 58
"""Px by which a wire bows farther past a card in its way for each wire that it bows over, and
from a card to the first: names are written in one size and reach so far at a third of the zoom."""
CORNER = 12.0
"""Px of a rounded corner."""
SAME = 1e-6
"""Px that two sums of the same heights differ by, at most."""


def path_points(
    wire: Wire,
    boxes: Mapping[str, PlacedBlock],
    spans: Mapping[float, tuple[float, float]],
    arc: float,
) -> tuple[Point, ...]:
    """Points of a path of cubics. `spans` gives the (top, bottom) of each row.

    In one row the wire is level, or bows over a card between, `arc` px above the row. Between
    rows it leaves by the bottom or top, crosses the band between the rows as a cubic and enters
    straight; past whole rows it runs level and then upright, where nothing stands there.
    """
    source, target = boxes[wire.source], boxes[wire.target]
    if is_level(source, target):
        if bows(wire, boxes):
            return _over(source, target, _rise(source, target, boxes.values()) + arc)
        start = (source.right, source.y)
        return (start, *line(start, (target.left, target.y)))
    if abs(source.row - target.row) > 1 or (source.lowered and target.form == "circle"):
        angled = _angled(source, target, boxes.values())
        if angled is not None:
            return angled
    if source.bottom <= target.top:
        edges = (source.bottom, target.top, 1)
        limits = (spans[source.row][1], spans[target.row][0])
    elif target.bottom <= source.top:
        edges = (source.top, target.bottom, -1)
        limits = (spans[source.row][0], spans[target.row][1])
    else:
        return _sideways(source, target)
    path = _between_rows(source, target, edges, limits)
    past = past_rows(source, target, path, boxes.values(), spans)
    return path if past is None else in_lane(path[0], path[-1], *past)


def is_level(source: PlacedBlock, target: PlacedBlock) -> bool:
    """Whether the second stands in the first one's row, to its right."""
    return abs(source.y - target.y) < 1 and source.right <= target.left


def bows(wire: Wire, boxes: Mapping[str, PlacedBlock]) -> bool:
    """Whether a wire of one row runs over it: round a card, or beside the branch it passes."""
    source, target = boxes[wire.source], boxes[wire.target]
    return is_level(source, target) and (
        wire.kind == "residual" or _in_the_way(source, target, boxes.values())
    )


def arc_room(wire: Wire) -> float:
    """Px above and below a wire that bows: more where small operators stand on it."""
    return (PILL + ARC_STEP) / 2 if wire.via else ARC_STEP / 2


def arcs(wires: Iterable[Wire], boxes: Mapping[str, PlacedBlock]) -> dict[Wire, float]:
    """For every wire that bows: px that it bows farther than the least, clear of all others."""
    found: dict[Wire, float] = {}
    bowing = [wire for wire in wires if bows(wire, boxes)]
    for wire in sorted(bowing, key=lambda wire: boxes[wire.target].x - boxes[wire.source].x):
        source, target = boxes[wire.source], boxes[wire.target]
        below = [
            height + arc_room(other) + arc_room(wire)
            for other, height in found.items()
            if abs(boxes[other.source].y - source.y) < 1
            and boxes[other.source].x < target.x
            and source.x < boxes[other.target].x
        ]
        found[wire] = max(below, default=max(0.0, arc_room(wire) - ARC_STEP / 2))
    return found


def _in_the_way(source: PlacedBlock, target: PlacedBlock, boxes: Iterable[PlacedBlock]) -> bool:
    return any(
        box.top < source.y < box.bottom and source.right < box.x < target.left
        for box in boxes
        if box.form != "pill" and box.id not in (source.id, target.id)
    )


def _rise(source: PlacedBlock, target: PlacedBlock, boxes: Iterable[PlacedBlock]) -> float:
    """Px from the wires of a row to the top of the highest box between two, themselves included."""
    return max(
        box.y - box.top
        for box in boxes
        if abs(box.y - source.y) < 1 and source.x <= box.x <= target.x and box.form != "pill"
    )


def _over(source: PlacedBlock, target: PlacedBlock, rise: float) -> tuple[Point, ...]:
    """From the right of the source's top, clear of its caption, to the top of the target.

    A join is entered in the middle, a card beside its caption or what leaves it for the row above.
    """
    top = source.y - rise
    aside = source.width / 2 - CORNER if source.form == "card" else source.leaves
    entered = -target.width / 4 if target.form == "card" else target.enters
    if target.caption == "above":
        entered = target.width / 2 - 2 * CORNER
    start, end = (source.x + aside, source.top), (target.x + entered, target.top)
    bend = min(30.0, (end[0] - start[0]) / 3)
    left, right = (start[0] + bend, top), (end[0] - bend, top)
    return (
        start,
        *((start[0], top), (start[0], top), left),
        *line(left, right),
        *((end[0], top), (end[0], top), end),
    )


def _angled(
    source: PlacedBlock, target: PlacedBlock, boxes: Iterable[PlacedBlock]
) -> tuple[Point, ...] | None:
    """Level and then upright (climbing), upright and then level (going down), if that is free."""
    up = target.bottom <= source.top
    enters, leaves = target.x + target.enters, source.x + source.leaves
    if up and enters > source.right + 2 * CORNER:
        corner = (enters, source.y)
        start, end = (source.right, source.y), (enters, target.bottom)
    elif source.bottom <= target.top and target.left > leaves + 2 * CORNER:
        corner = (leaves, target.y)
        start, end = (leaves, source.bottom), (target.left, target.y)
    else:
        return None
    others = [box for box in boxes if box.id not in (source.id, target.id) and box.form != "pill"]
    if any(_on_line(box, start, corner) or _on_line(box, corner, end) for box in others):
        return None
    before, after = _toward(corner, start), _toward(corner, end)
    return (start, *line(start, before), corner, corner, after, *line(after, end))


def _toward(corner: Point, end: Point) -> Point:
    """The point where the rounding of a corner meets the piece to that end."""
    (x, y), (x1, y1) = corner, end
    if x == x1:
        return (x, y + CORNER * (1 if y1 > y else -1))
    return (x + CORNER * (1 if x1 > x else -1), y)


def _on_line(box: PlacedBlock, start: Point, end: Point) -> bool:
    """Whether a level or upright line runs through a box, or close by."""
    left, right = sorted((start[0], end[0]))
    top, bottom = sorted((start[1], end[1]))
    return (
        box.left - NEAR < right
        and left < box.right + NEAR
        and box.top - NEAR < bottom
        and top < box.bottom + NEAR
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
    x0, x1 = source.x + source.leaves, target.x + target.enters
    # Beside what comes down to a card or leaves it upwards; a frame has a side for each anyway.
    usual = -1 if source.role == "decoder" else 1
    if source.role in ("bottleneck", "encoder", "decoder") and way != usual and not source.leaves:
        x0 += source.width / 4
    if target.role in ("bottleneck", "decoder") and way > 0 and not target.enters:
        x1 -= target.width / 4
    # Moved boxes may stand outside their row: then the whole way is the band.
    inside = y0 * way - SAME <= limits[0] * way < limits[1] * way <= y1 * way + SAME
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
    top, bottom = pill.top, pill.bottom
    near = [box for box in others if box.top < bottom and top < box.bottom]
    while hit := next((b for b in near if b.left < pill.right and pill.left < b.right), None):
        pill = replace(pill, x=hit.right + PILL / 2 + 4)
    return pill


def route(wire: Wire, points: tuple[Point, ...]) -> Route:
    """The wire with the points of its path."""
    return Route(wire.source, wire.target, wire.kind, points, wire.skip, wire.via, wire.joins)
