"""Places the boxes of a U from left to right, in one row for each level.

A box stands right of what it reads in its row and of what stands there already; one that is read
from another row stands above or below it, so that pools go straight down and raised maps straight
up. Where the row pushes it further right, what it reads moves along.
"""

from __future__ import annotations

from collections.abc import Mapping

from viewer.drawing.network.paper.labels import Reach
from viewer.drawing.network.paper.maps import Arrow, Maps
from viewer.drawing.network.paper.sizes import BoxSize

ARROW, SKIP, STRANGERS, CIRCLE_GAP = 26.0, 54.0, 30.0, 16.0
"""Px of an arrow in a row, of a skip, between boxes that do not touch, and before a sign."""
ROUNDS, LAST = 40, 4
"""How often boxes are pushed right, and in how many of the last of it one sees what pushes."""
NEAR = 0.5


def columns(
    found: Maps, sizes: Mapping[str, BoxSize], reach: Mapping[str, Reach], stroke: float
) -> dict[str, float]:
    """The left edge of every box."""
    work = _Columns(found, sizes, reach, stroke)
    while (lefts := work.settled()) is None:
        work.let_go()
    return lefts


class _Columns:
    def __init__(
        self,
        found: Maps,
        sizes: Mapping[str, BoxSize],
        reach: Mapping[str, Reach],
        stroke: float,
    ) -> None:
        self._boxes, self._sizes, self._reach = found.boxes, sizes, reach
        self._stroke = stroke
        self._into: dict[str, list[Arrow]] = {name: [] for name in found.boxes}
        for arrow in found.arrows:
            self._into[arrow.target].append(arrow)
        self._crossing = [
            each
            for each in found.arrows
            if each.kind != "copy" and self._level(each.source) != self._level(each.target)
        ]
        self._pushing: set[Arrow] = set()

    def _level(self, name: str) -> int:
        return self._boxes[name].level

    def sweep(self, lowest: Mapping[str, float]) -> dict[str, float]:
        """Left edges at least as far right as `lowest` says."""
        lefts: dict[str, float] = {}
        last: dict[int, str] = {}
        for name, box in self._boxes.items():
            left = lowest.get(name, 0.0)
            for arrow in self._into[name]:
                if arrow.source not in lefts:
                    continue
                if self._level(arrow.source) == box.level:
                    left = max(left, self._behind(arrow.source, name, lefts, arrow))
                elif arrow.kind != "copy":
                    centre = lefts[arrow.source] + self._sizes[arrow.source].width / 2
                    left = max(left, centre - self._entry(arrow))
            if (before := last.get(box.level)) is not None:
                joined = any(each.source == before for each in self._into[name])
                if not joined:
                    left = max(left, self._behind(before, name, lefts, None))
            lefts[name] = left
            last[box.level] = name
        return lefts

    def _entry(self, arrow: Arrow) -> float:
        """Where in its target an arrow from another row enters, from its left edge."""
        widths = self._sizes[arrow.target].widths
        return sum(widths[: arrow.part]) + widths[arrow.part] / 2

    def _behind(
        self, left: str, right: str, lefts: Mapping[str, float], arrow: Arrow | None
    ) -> float:
        circle = "circle" in (self._boxes[left].form, self._boxes[right].form)
        gap = STRANGERS if arrow is None else SKIP if arrow.kind == "copy" else ARROW
        gap = (CIRCLE_GAP if circle and arrow is not None else gap) * self._stroke
        room = self._reach[left].right + self._reach[right].left + 4
        return lefts[left] + self._sizes[left].width + max(gap, room)

    def settled(self) -> dict[str, float] | None:
        """Left edges at which all arrows to other rows are upright; None where none are found."""
        lowest: dict[str, float] = {}
        for number in range(ROUNDS):
            lefts = self.sweep(lowest)
            if number < ROUNDS - LAST:
                self._pushing.clear()
            pushed = self._pushed(lefts)
            if not pushed:
                return lefts
            lowest |= pushed
        return None

    def let_go(self) -> None:
        """Let those arrows have corners that push boxes on for ever: those that go up, if any."""
        up = {a for a in self._pushing if self._level(a.target) < self._level(a.source)}
        gone = up or self._pushing
        self._crossing = [each for each in self._crossing if each not in gone]

    def _pushed(self, lefts: Mapping[str, float]) -> dict[str, float]:
        """Where sources must stand at least so that their arrows to other rows are upright."""
        found: dict[str, float] = {}
        for arrow in self._crossing:
            wanted = lefts[arrow.target] + self._entry(arrow) - self._sizes[arrow.source].width / 2
            if wanted > lefts[arrow.source] + NEAR:
                found[arrow.source] = max(found.get(arrow.source, 0.0), wanted)
                self._pushing.add(arrow)
        return found
