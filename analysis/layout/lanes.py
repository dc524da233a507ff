"""Leads a wire past whole rows of a U in a lane of its own, clear of the boxes that stand there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from analysis.layout.geometry import PlacedBlock, Point, along, line

NEAR, LANE = 4.0, 12.0
"""Px between a wire and a box that it passes, at least and where it has a choice."""
STEPS = 32
"""Points at which a curve is held against a box."""
Span = tuple[float, float]


def past_rows(
    source: PlacedBlock,
    target: PlacedBlock,
    path: tuple[Point, ...],
    boxes: Iterable[PlacedBlock],
    spans: Mapping[float, Span],
) -> tuple[float, Span, Span] | None:
    """Where a wire passes the rows between its ends clear of their boxes, with the bands before
    and behind them; None where its path is clear by itself, or there are no such rows.
    """
    low, high = sorted((source.row, target.row))
    between = [span for row, span in spans.items() if low < row < high]
    if not between:
        return None
    top, bottom = min(span[0] for span in between), max(span[1] for span in between)
    down = target.row > source.row
    near, far = (top, bottom) if down else (bottom, top)
    first = (spans[source.row][1 if down else 0], near)
    last = (far, spans[target.row][0 if down else 1])
    heights = [source.bottom if down else source.top, *first, *last]
    heights.append(target.top if down else target.bottom)
    if heights != sorted(heights, reverse=not down):  # somebody has moved one of them
        return None
    inside = [box for box in boxes if box.form != "pill" and box.top < bottom and box.bottom > top]
    ends = (source.x, target.x)
    lanes = [target.x + target.enters, source.x + source.leaves]
    if not any(_meets(path, box) for box in inside):
        return None
    lanes += [x for box in inside for x in (box.left - LANE, box.right + LANE)]
    free = [x for x in lanes if not any(b.left - NEAR < x < b.right + NEAR for b in inside)]
    best = min(free, key=lambda x: sum(abs(x - end) for end in ends), default=None)
    return None if best is None else (best, first, last)


def _meets(path: tuple[Point, ...], box: PlacedBlock) -> bool:
    """Whether a path runs through a box."""
    for i in range(0, len(path) - 1, 3):
        piece = (path[i + 1], path[i + 2], path[i + 3])
        for step in range(STEPS + 1):
            x, y = along(path[i], piece, step / STEPS)
            if box.left < x < box.right and box.top < y < box.bottom:
                return True
    return False


def in_lane(start: Point, end: Point, lane: float, first: Span, last: Span) -> tuple[Point, ...]:
    """From a point to another: across one band, upright in the lane, across the other band."""
    points = [start, *line(start, (start[0], first[0]))]
    points += _across(points[-1], (lane, first[1]))
    points += line(points[-1], (lane, last[0]))
    points += _across(points[-1], (end[0], last[1]))
    return (*points, *line(points[-1], end))


def _across(start: Point, end: Point) -> tuple[Point, Point, Point]:
    """A curve across a band, upright at both ends."""
    middle = (start[1] + end[1]) / 2
    return (start[0], middle), (end[0], middle), end
