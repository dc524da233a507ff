"""Lays out the paper's figure as a U: a row for each level, arrows level, straight down and up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from viewer.drawing.network.paper.columns import columns
from viewer.drawing.network.paper.labels import BoxLabels, Touching
from viewer.drawing.network.paper.maps import Arrow, Maps
from viewer.drawing.network.paper.sheet import (
    LINE,
    PlacedArrow,
    PlacedBox,
    Sheet,
    placed_box,
)
from viewer.drawing.network.paper.sizes import box_sizes

BAND, LANE = 34.0, 11.0
"""Px between two rows, and between two arrows that go over the boxes of a row."""


def lay_out_rows(
    found: Maps, labels: BoxLabels, stroke: float, aspects: Mapping[str, float]
) -> Sheet:
    """The figure as a U, with text and lines as large as `labels` and `stroke` say."""
    sizes = box_sizes(found.boxes, aspects)
    lefts = columns(found, sizes, labels.reaches(found, sizes), stroke)
    course = _Courses(found, lefts, {name: size.width for name, size in sizes.items()})
    middles, tops = _heights(found, {n: s.height for n, s in sizes.items()}, labels, course, stroke)
    boxes = {
        name: placed_box(
            box,
            lefts[name],
            middles[box.level] - sizes[name].height / 2,
            sizes[name].height,
            sizes[name].widths,
        )
        for name, box in found.boxes.items()
    }
    arrows = tuple(course.placed(arrow, boxes, tops, stroke) for arrow in found.arrows)
    written = labels.of_sheet(found, boxes, arrows, course.touching())
    return Sheet(boxes, arrows, written, stroke, labels.numbered)


def _heights(
    found: Maps,
    heights: Mapping[str, float],
    labels: BoxLabels,
    course: _Courses,
    stroke: float,
) -> tuple[dict[int, float], dict[int, float]]:
    """The middle of every row, and where its lanes begin above its boxes and their labels."""
    middles: dict[int, float] = {}
    tops: dict[int, float] = {}
    below = 0.0
    for level in sorted({box.level for box in found.boxes.values()}):
        row = [name for name, box in found.boxes.items() if box.level == level]
        height = max(heights[name] for name in row)
        above = labels.lines_above * LINE * labels.enlarged
        lanes = course.lanes(level) * LANE * stroke
        top = below + (BAND * stroke if below else 0.0) + lanes + above
        middles[level] = top + height / 2
        tops[level] = top - above
        under = max(labels.lines_below(found.boxes[name]) for name in row)
        below = top + height + LINE * labels.enlarged * under
    return middles, tops


@dataclass(frozen=True)
class _Lane:
    """The place of an arrow that goes over the boxes of its row, counted from below."""

    number: int


class _Courses:
    """Finds the way of each arrow."""

    def __init__(
        self, found: Maps, lefts: Mapping[str, float], widths: Mapping[str, float]
    ) -> None:
        self._boxes, self._arrows = found.boxes, found.arrows
        self._spans = {name: (lefts[name], lefts[name] + widths[name]) for name in found.boxes}
        self._rows: dict[int, list[str]] = {}
        for name, box in found.boxes.items():
            self._rows.setdefault(box.level, []).append(name)
        self._lanes = self._find_lanes()

    def _find_lanes(self) -> dict[Arrow, _Lane]:
        over = [arrow for arrow in self._arrows if self._goes_over(arrow)]
        over.sort(key=lambda each: self._spans[each.target][0] - self._spans[each.source][1])
        taken: dict[tuple[int, int], list[tuple[float, float]]] = {}
        found: dict[Arrow, _Lane] = {}
        for arrow in over:
            level = self._boxes[arrow.source].level
            span = (self._spans[arrow.source][0], self._spans[arrow.target][1])
            number = 0
            while any(a < span[1] and span[0] < b for a, b in taken.get((level, number), [])):
                number += 1
            taken.setdefault((level, number), []).append(span)
            found[arrow] = _Lane(number)
        return found

    def _goes_over(self, arrow: Arrow) -> bool:
        source, target = self._boxes[arrow.source], self._boxes[arrow.target]
        if source.level != target.level:
            return False
        if arrow.part > 0:
            return True
        between = self._spans[arrow.source][1], self._spans[arrow.target][0]
        return any(
            between[0] <= self._spans[name][0] < between[1]
            for name in self._rows[source.level]
            if name not in (arrow.source, arrow.target)
        )

    def lanes(self, level: int) -> int:
        """How many lanes a row needs."""
        used = (
            x.number + 1 for a, x in self._lanes.items() if self._boxes[a.source].level == level
        )
        return max(used, default=0)

    def touching(self) -> Touching:
        """The boxes whose upper or lower side an arrow leaves or enters in its middle."""
        over = {name for arrow in self._lanes for name in (arrow.source, arrow.target)}
        above, below = set(over), set[str]()
        for arrow in self._arrows:
            source, target = self._boxes[arrow.source].level, self._boxes[arrow.target].level
            if source != target:
                upper, lower = sorted((arrow.source, arrow.target), key=self._level)
                above.add(lower)
                below.add(upper)
        return Touching(frozenset(above), frozenset(below))

    def _level(self, name: str) -> int:
        return self._boxes[name].level

    def placed(
        self,
        arrow: Arrow,
        boxes: Mapping[str, PlacedBox],
        tops: Mapping[int, float],
        stroke: float,
    ) -> PlacedArrow:
        """An arrow with its path."""
        source, entry = boxes[arrow.source].rect, boxes[arrow.target].parts[arrow.part]
        level = self._boxes[arrow.source].level
        lane = self._lanes.get(arrow)
        if lane is not None:
            y = tops[level] - (lane.number + 0.5) * LANE * stroke
            x0 = source.center().x() + _aside(source, stroke)
            x1 = entry.center().x() - (_aside(entry, stroke) if self._rises(arrow) else 0.0)
            corners = [(x0, source.top()), (x0, y), (x1, y), (x1, entry.top())]
            return PlacedArrow(arrow, _line([QPointF(*each) for each in corners]))
        if self._boxes[arrow.target].level == level:
            y = entry.center().y()
            ends = [QPointF(source.right(), y), QPointF(entry.left(), y)]
            return PlacedArrow(arrow, _line(ends), straight=True)
        return self._across(arrow, source, entry, boxes, stroke)

    def _rises(self, arrow: Arrow) -> bool:
        """Whether another arrow leaves or enters in the middle of the part that it enters."""
        target = self._boxes[arrow.target]
        return any(
            (each.source == arrow.target and self._boxes[each.target].level < target.level)
            or (
                each.target == arrow.target
                and each.part == arrow.part
                and self._boxes[each.source].level < target.level
            )
            for each in self._arrows
            if len(target.parts) == 1 and each is not arrow
        )

    def _across(
        self,
        arrow: Arrow,
        source: QRectF,
        entry: QRectF,
        boxes: Mapping[str, PlacedBox],
        stroke: float,
    ) -> PlacedArrow:
        """From one row to another: straight where it can be, else round what stands between."""
        down = entry.center().y() > source.center().y()
        start = QPointF(source.center().x(), source.bottom() if down else source.top())
        end = QPointF(entry.center().x(), entry.top() if down else entry.bottom())
        levels = sorted((self._boxes[arrow.source].level, self._boxes[arrow.target].level))
        between = [
            boxes[n].rect
            for row in range(levels[0] + 1, levels[1])
            for n in self._rows.get(row, [])
        ]
        if abs(start.x() - end.x()) < 1.0 and _clear(start.x(), between):
            return PlacedArrow(arrow, _line([start, end]), straight=True)
        start += QPointF(_aside(source, stroke), 0)  # clear of one that goes straight from there
        x = _free_column(start.x(), end.x(), between)
        bend = BAND * stroke * 0.45 * (1 if down else -1)
        first, last = start.y() + bend, end.y() - bend
        corners = [start, QPointF(start.x(), first), QPointF(x, first)]
        corners += [QPointF(x, last), QPointF(end.x(), last), end]
        return PlacedArrow(arrow, _line(corners))


def _aside(source: QRectF, stroke: float) -> float:
    """How far from the middle of its source an arrow with corners starts."""
    return min(max(source.width() / 4, 6.0 * stroke), max(source.width() / 2 - 1, 0.0))


def _clear(x: float, rects: Sequence[QRectF]) -> bool:
    return not any(rect.left() - 4 < x < rect.right() + 4 for rect in rects)


def _free_column(start: float, end: float, rects: Sequence[QRectF]) -> float:
    """The x nearest to the end at which a line passes all rectangles."""
    choices = [end, start, *(rect.left() - 8 for rect in rects), *(r.right() + 8 for r in rects)]
    free = [x for x in choices if _clear(x, rects)]
    return min(free, key=lambda x: abs(x - end), default=end)


def _line(points: Sequence[QPointF]) -> QPainterPath:
    path = QPainterPath(points[0])
    for before, point in pairwise(points):
        if before != point:
            path.lineTo(point)
    return path
