"""The result of a layout: boxes with sizes, wires with paths. Units are px at 100 % zoom."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

Point = tuple[float, float]
Role = Literal["input", "encoder", "bottleneck", "decoder", "output", "operator", "join"]
Form = Literal["card", "pill", "circle", "frame", "port"]
Side = Literal["above", "below", "left", "right", "none"]
"""Where the caption of a card stands; small operators and joins have none."""

SIDES = (96, 82, 70, 60, 52, 48)
"""Side of a map by level; deeper levels keep the last."""
PADDING = 4
SHEET, SHEET_GAP = 2.5, 1.5
PILL = 20
CIRCLE = 18
ROW = 28
EXPANDED_WIDTH = 208
CAPTION_HEIGHT, CAPTION_WIDTH = 40, 96
HEADER = 40
"""Px of the band with the name at the top of a frame."""


def side(level: int) -> int:
    """Side of the map of a block on that level, 0 the shallowest."""
    return SIDES[min(max(level, 0), len(SIDES) - 1)]


def sheets(channels: int) -> int:
    """Strips at a map's right: each doubles the channels (32 → 2, 512 → 6)."""
    return max(1, int(math.log2(max(channels, 1))) - 3)


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """One box. (x, y) is the middle of the card's width and of the map's height.

    A `card` holds a map of `side` and, when opened, one row of 28 px for each id in `rows` below
    it. `pill` and `circle` are the small operators and joins; they have no map. `frame` and
    `port` are seen within a layout only: a group that is opened to a U of its own, whose wires
    run level at y, and the place where wires enter such a frame or leave it.
    """

    id: str
    form: Form
    role: Role
    level: int
    x: float
    y: float
    width: float
    height: float
    side: float = 0.0
    sheets: int = 0
    rows: tuple[str, ...] = ()
    caption: Side = "none"
    aside: float = 0.0
    """Px by which the caption is moved along its side of the card, clear of wires: to the right
    above and below it, down at its left and right."""
    bare: bool = False
    """Whether the caption is its name alone, as two lines are clear of wires nowhere."""
    tells: bool = field(default=False, compare=False)
    """Whether a fault, or what it waits for, is said where otherwise its size is: a longer line."""
    crowded: bool = field(default=False, compare=False)
    """Whether its caption is clear of wires and boxes at no place."""
    on_wire: bool = False
    """Of a pill: whether its wire runs on below it, or ends there and begins again."""
    lowered: bool = False
    """Whether it stands half a row below its level, clear of the skip that passes over it."""
    above: float = 0.0
    """Px from the top of a frame to its y."""
    enters: float = 0.0
    """Px from x to where wires enter at the top or bottom; of a frame at its left."""
    leaves: float = 0.0
    """Px from x to where wires leave at the top or bottom; of a frame at its right."""

    @property
    def row(self) -> float:
        """The row of a U that it stands in: its level, or the half row below."""
        return self.level + (0.5 if self.lowered else 0.0)

    @property
    def left(self) -> float:
        return self.x - self.width / 2

    @property
    def right(self) -> float:
        return self.x + self.width / 2

    @property
    def top(self) -> float:
        if self.form == "frame":
            return self.y - self.above
        return self.y - (self.side / 2 + PADDING if self.form == "card" else self.height / 2)

    @property
    def bottom(self) -> float:
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Route:
    """The wire from one box to another, below the pills in `via`, in the order of the data.

    `points` is a path of cubic curves: a start, then control, control, end for each piece; a
    straight piece has its controls on the line. `skip` names the skip connection it carries.
    """

    source: str
    target: str
    kind: Literal["plain", "skip", "residual"]
    points: tuple[Point, ...]
    skip: str | None = None
    via: tuple[str, ...] = ()
    joins: bool = True
    """Whether its skip ends here, so that it carries the skip's gate and label."""


@dataclass(frozen=True, slots=True)
class PlacedFrame:
    """The frame round the blocks of a group that is opened to a U of its own.

    Its name stands in the band of `HEADER` px at its top, from `title` to the right.
    """

    id: str
    left: float
    top: float
    right: float
    bottom: float
    title: float
    inside: frozenset[str]
    """The ids of the blocks in it."""
    at: Point = (0.0, 0.0)
    """Where its group stands, as a block that is put by hand: the middle, and where wires run."""

    def moved(self, by: Point) -> PlacedFrame:
        """The frame so many px to the right and down."""
        x, y = by
        return replace(
            self,
            left=self.left + x,
            top=self.top + y,
            right=self.right + x,
            bottom=self.bottom + y,
            title=self.title + x,
            at=(self.at[0] + x, self.at[1] + y),
        )


@dataclass(frozen=True)
class Placement:
    """Where everything stands; `bounds` (left, top, right, bottom) has room for the captions."""

    boxes: Mapping[str, PlacedBlock]
    routes: tuple[Route, ...]
    bounds: tuple[float, float, float, float]
    shape: Literal["u", "layered"]
    frames: Mapping[str, PlacedFrame] = field(default_factory=dict)
    """Of the groups that are opened to a U, outer ones first."""
    shifts: Mapping[str, Point] = field(default_factory=dict)
    """By how much what is opened has moved blocks from their places without it."""


def bounds(
    boxes: Mapping[str, PlacedBlock], routes: Iterable[Route] = ()
) -> tuple[float, float, float, float]:
    """The smallest rectangle round the boxes, captions and wires; a unit square round nothing."""
    if not boxes:
        return (0.0, 0.0, 1.0, 1.0)
    lefts, tops, rights, bottoms = zip(*map(_with_caption, boxes.values()), strict=True)
    paths = [each.points for each in routes]
    xs = [x for points in paths for x, _ in points]
    ys = [y for points in paths for _, y in points]
    return min((*lefts, *xs)), min((*tops, *ys)), max((*rights, *xs)), max((*bottoms, *ys))


def _with_caption(box: PlacedBlock) -> tuple[float, float, float, float]:
    """(left, top, right, bottom) of a box with about the room that its caption takes."""
    left, top, right, bottom = box.left, box.top, box.right, box.bottom
    back, on = min(box.aside, 0.0), max(box.aside, 0.0)
    match box.caption:
        case "above":
            return left + back, top - CAPTION_HEIGHT, right + on, bottom
        case "below":
            return left + back, top, right + on, bottom + CAPTION_HEIGHT
        case "left":
            return left - CAPTION_WIDTH, top + back, right, bottom + on
        case "right":
            return left, top + back, right + CAPTION_WIDTH, bottom + on
        case _:
            return left, top, right, bottom


def line(start: Point, end: Point) -> tuple[Point, Point, Point]:
    """A straight piece as the three further points of a cubic."""
    (x0, y0), (x1, y1) = start, end
    third = ((2 * x0 + x1) / 3, (2 * y0 + y1) / 3)
    return third, ((x0 + 2 * x1) / 3, (y0 + 2 * y1) / 3), end


def along(start: Point, piece: tuple[Point, Point, Point], t: float) -> Point:
    """The point of one cubic piece at parameter t in [0, 1]."""
    a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
    (x0, y0), ((x1, y1), (x2, y2), (x3, y3)) = start, piece
    return a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3
