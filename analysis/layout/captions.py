"""Puts each card's caption where no wire runs and no other box stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from heapq import heapify, heappop, heappush

from analysis.layout.geometry import PlacedBlock, Route, Side, along

WIDEST, LETTER, LEAST, TOLD = 148.0, 7.2, 64.0, 112.0
"""Px of the longest caption, of a letter of the bold name, of a short second line, and of one that
says a fault or what is waited for."""
GAP, LINES, LINE = 10.0, 36.0, 20.0
"""Px between a card and a caption beside it, and the height of two lines, and of the name."""
PIECES = 12
"""Straight pieces that a cubic is cut into, to see where it runs."""
ORDER: tuple[Side, ...] = ("above", "right", "left", "below")
STEP, MOST = 6, 96
"""Px by which a caption that is clear on no side is moved along its card, and at most."""
CELL, MOST_CELLS = 200.0, 1000
Rectangle = tuple[float, float, float, float]
"""(left, top, right, bottom)."""


def caption_width(name: str) -> float:
    """About how wide the caption of a block of that name is; longer names are shortened."""
    return min(WIDEST, max(LEAST, LETTER * len(name)))


def caption_box(card: PlacedBlock) -> Rectangle:
    """Where a card's caption stands: two lines, or its name where that alone has room."""
    return _room(card, card.caption, card.aside)


def _room(card: PlacedBlock, side: Side, aside: float = 0.0) -> Rectangle:
    """Where its caption would stand on that side, moved along it by so many px."""
    width = min(WIDEST, LETTER * len(card.id)) if card.bare else caption_width(card.id)
    width = max(width, TOLD if card.tells else 0.0)
    high = LINE if card.bare and not card.tells else LINES
    left, middle = card.left + aside, card.y + aside
    match side:
        case "above":
            return left, card.top - high, left + width, card.top - 1
        case "below":
            return left, card.bottom + 2, left + width, card.bottom + 2 + high
        case "left":
            right = card.left - GAP
            return right - width, middle - high / 2, right, middle + high / 2
        case "right":
            left = card.right + GAP
            return left, middle - high / 2, left + width, middle + high / 2
        case _:
            return card.x, card.y, card.x, card.y


def with_clear_captions(
    boxes: Mapping[str, PlacedBlock], routes: Iterable[Route]
) -> dict[str, PlacedBlock]:
    """The boxes with each caption on the first side where it is clear, its own tried first."""
    taken = _Taken()
    for route in routes:
        taken.add_path(route.points)
    for box in boxes.values():
        taken.add((box.left, box.top, box.right, box.bottom))
        if box.form == "circle" and box.tells:  # its fault is said over it
            taken.add((box.right - TOLD, box.top - LINES, box.right, box.top))
    named = {n: box for n, box in boxes.items() if box.form == "card" and box.caption != "none"}
    sides = {name: _free(box, _sides(box), taken) for name, box in named.items()}
    near: dict[tuple[int, int], list[str]] = {}
    for name, free in sides.items():
        for cell in {cell for side in free for cell in _cells(_room(named[name], side))}:
            near.setdefault(cell, []).append(name)
    places = {name: place for place, name in enumerate(sides)}
    waiting = [(len(free), places[name], name) for name, free in sides.items()]
    heapify(waiting)
    placed = dict(boxes)
    while waiting:  # the one with the least choice first
        count, _, name = heappop(waiting)
        if name not in sides or count != len(sides[name]):
            continue
        free = sides.pop(name)
        placed[name] = (
            replace(named[name], caption=free[0]) if free else _moved_along(named[name], taken)
        )
        room = caption_box(placed[name])
        taken.add(room)
        for other in {n for cell in _cells(room) for n in near.get(cell, ()) if n in sides}:
            left = _free(named[other], sides[other], taken)
            if len(left) < len(sides[other]):
                sides[other] = left
                heappush(waiting, (len(left), places[other], other))
    return placed


def _free(box: PlacedBlock, sides: Iterable[Side], taken: _Taken) -> list[Side]:
    return [side for side in sides if taken.is_free(_room(box, side))]


def _moved_along(box: PlacedBlock, taken: _Taken) -> PlacedBlock:
    """The block with its caption where that is clear when moved along the card; the least first.

    Where two lines are clear nowhere it is the name alone; where that is not, it stays, crowded.
    """
    for bare in (False, True):
        moves = (way * by for by in range(STEP, MOST + STEP, STEP) for way in (-1.0, 1.0))
        for aside in (0.0, *moves):
            for side in _sides(box):
                moved = replace(box, caption=side, aside=aside, bare=bare)
                if _is_beside(box, moved) and taken.is_free(caption_box(moved)):
                    return moved
    return replace(box, crowded=True)


def _is_beside(box: PlacedBlock, moved: PlacedBlock) -> bool:
    """Whether a caption that is moved along a side of its card still touches that side."""
    left, top, right, bottom = caption_box(moved)
    if moved.caption in ("above", "below"):
        return left <= box.right and right >= box.left
    return top <= box.bottom and bottom >= box.top


def _sides(box: PlacedBlock) -> Sequence[Side]:
    return (box.caption, *(side for side in ORDER if side != box.caption))


class _Taken:
    """Rectangles in a grid of cells, so that a look at one place is a look at few."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[Rectangle]] = {}
        self._large: list[Rectangle] = []

    def add_path(self, points: Sequence[tuple[float, float]]) -> None:
        """A path of cubics, as small rectangles round its pieces."""
        for at in range(0, len(points) - 3, 3):
            start, rest = points[at], (points[at + 1], points[at + 2], points[at + 3])
            straight = start[0] == rest[2][0] or start[1] == rest[2][1]
            count = 1 if straight and _is_straight(start, rest) else PIECES
            before = start
            for i in range(1, count + 1):
                here = along(start, rest, i / count)
                xs, ys = sorted((before[0], here[0])), sorted((before[1], here[1]))
                self.add((xs[0] - 1, ys[0] - 1, xs[1] + 1, ys[1] + 1))
                before = here

    def add(self, room: Rectangle) -> None:
        if (room[2] - room[0]) * (room[3] - room[1]) > MOST_CELLS * CELL * CELL:
            self._large.append(room)
            return
        for cell in _cells(room):
            self._cells.setdefault(cell, []).append(room)

    def is_free(self, room: Rectangle) -> bool:
        near = (other for cell in _cells(room) for other in self._cells.get(cell, ()))
        return not any(_meet(room, other) for other in (*near, *self._large))


def _meet(one: Rectangle, other: Rectangle) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _is_straight(start: tuple[float, float], rest: Sequence[tuple[float, float]]) -> bool:
    return all(p[0] == start[0] for p in rest) or all(p[1] == start[1] for p in rest)


def _cells(room: Rectangle) -> Iterable[tuple[int, int]]:
    left, top, right, bottom = (int(each // CELL) for each in room)
    return ((x, y) for x in range(left, right + 1) for y in range(top, bottom + 1))
