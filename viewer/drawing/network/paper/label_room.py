"""Finds room for the labels of the paper's figure: where each may stand, and where it is free."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from viewer.drawing.network.occupied import Occupied
from viewer.drawing.network.paper.sheet import (
    CENTRE,
    LEFT,
    RIGHT,
    RISE,
    Label,
    PlacedArrow,
    PlacedBox,
)
from viewer.drawing.network.path_cover import covered

WIRE = 1.5
"""Px on both sides of the middle of an arrow on which no label may lie."""
ASIDE, MOST_ASIDE = 3.0, 8
"""Px by which a label is moved along its box, at text of its natural size, and how often."""
INSIDE, APART = 0.5, 2.0
"""Px from a label to the edges of the box it stands in, and between that of an arrow and boxes."""
HEAD, HALF = 7.0, 4.4
"""Px of the length of an arrow's head, and of half its width with some air."""
OVER, ALONG = 4.0, 5.0
"""Px from a level arrow to its label above or below it, from an upright one to that beside it."""


@dataclass(frozen=True)
class Place:
    """A label where it may stand; `inside` its own box, or else clear of all of them."""

    label: Label
    inside: bool = False
    apart: float = 0.0


@dataclass(frozen=True)
class Wanted:
    """A label of a box, or of an arrow under "": its places, the best first."""

    name: str
    places: Iterable[Place]
    anyway: Label | None = None
    """It is written here though wires run there, rather than left out."""


class LabelRoom:
    """Keeps of labels those that lie on no box, no wire and no other; counts the others."""

    def __init__(
        self, boxes: Mapping[str, PlacedBox], arrows: Sequence[PlacedArrow], enlarged: float
    ) -> None:
        self._enlarged = enlarged
        self._boxes, self._said, self._wires = Occupied(), Occupied(), Occupied()
        for placed in boxes.values():
            self._boxes.add(placed.rect.adjusted(0.5, 0.5, -0.5, -0.5))
        for arrow in arrows:
            for piece in covered(arrow.path, WIRE):
                self._wires.add(piece)
            self._wires.add(_upright_head(arrow.path))
        self.kept: dict[str, list[Label]] = {name: [] for name in (*boxes, "")}
        self.left_out = 0

    def place(self, all_wanted: Iterable[Wanted]) -> None:
        """Write each label at the first of its places that is free."""
        for wanted in all_wanted:
            chosen = self._first_free(wanted)
            if chosen is None:
                self.left_out += 1
                continue
            self._said.add(chosen.rect(self._enlarged))
            self.kept[wanted.name].append(chosen)

    def fitting(self, all_wanted: Iterable[Wanted]) -> list[bool]:
        """Which of the labels have a place that is free now."""
        return [self._first_free(wanted) is not None for wanted in all_wanted]

    def _first_free(self, wanted: Wanted) -> Label | None:
        found = next((each.label for each in wanted.places if self._is_free(each)), None)
        if found is None and wanted.anyway is not None:
            rect = wanted.anyway.rect(self._enlarged)
            if self._boxes.is_free(rect) and self._said.is_free(rect):
                return wanted.anyway
        return found

    def _is_free(self, place: Place) -> bool:
        rect = place.label.rect(self._enlarged)
        roomy = rect.adjusted(-place.apart, 0, place.apart, 0)
        return (
            (place.inside or self._boxes.is_free(roomy))
            and self._said.is_free(rect)
            and self._wires.is_free(rect)
        )


def box_places(
    label: Label, box: QRectF, enlarged: float, over: float | None = None
) -> Iterator[Place]:
    """In its place, else along the side of its box, else on the other side of it.

    `over` is the height of the baseline above the box for a label that stands below it.
    """
    yield Place(label)
    yield from _along(label, box, enlarged)
    if label.rect(enlarged).bottom() <= box.top():
        other = replace(label, at=QPointF(label.at.x(), box.bottom() + RISE * enlarged + 3.0))
    elif over is not None:
        other = replace(label, at=QPointF(box.center().x(), over), align=CENTRE)
    else:
        return
    yield Place(other)
    if over is not None:
        yield from _along(other, box, enlarged)


def size_places(label: Label, placed: PlacedBox, enlarged: float, lower: float) -> Iterator[Place]:
    """At the lower left; else inside the box, at its lower right, or below it at `lower`."""
    box = placed.rect
    yield Place(label)
    yield from _along(label, box, enlarged)
    room = label.rect(enlarged)
    long, high = max(room.width(), room.height()), RISE * enlarged
    flat = replace(label, upright=False, align=CENTRE)
    upright = replace(label, upright=True, align=LEFT)
    for part in reversed(placed.parts):
        inner = part.adjusted(INSIDE, INSIDE, -INSIDE, -INSIDE)
        if long <= inner.width() and high <= inner.height():
            yield Place(replace(flat, at=QPointF(part.center().x(), inner.bottom())), inside=True)
        if high <= inner.width() and long <= inner.height():
            at = QPointF(part.center().x() + high / 2, inner.bottom())
            yield Place(replace(upright, at=at), inside=True)
    if label.upright:
        right = QPointF(box.right() + APART + high, max(box.bottom(), box.top() + long))
        yield Place(replace(upright, at=right))
    else:
        yield Place(replace(flat, at=QPointF(box.right() + APART, box.bottom()), align=LEFT))
    below = replace(flat, at=QPointF(box.center().x(), lower))
    yield Place(below)
    yield from _along(below, box, enlarged)


def _along(label: Label, box: QRectF, enlarged: float) -> Iterator[Place]:
    """Moved along the side of its box where it stands, as long as it touches that side."""
    step = ASIDE * enlarged
    room = label.rect(enlarged)
    beside = room.right() <= box.left()
    for number in range(1, MOST_ASIDE + 1):
        for way in (1, -1):
            by = QPointF(0.0, way * number * step) if beside else QPointF(way * number * step, 0)
            moved = room.translated(by)
            touches = moved.bottom() >= box.top() and moved.top() <= box.bottom()
            over = moved.right() >= box.left() and moved.left() <= box.right()
            if touches if beside else over:
                yield Place(replace(label, at=label.at + by))


def arrow_places(
    text: str, token: str, bold: bool, path: QPainterPath, enlarged: float
) -> Iterator[Place]:
    """Over the middle of an arrow or right of it, else at other places beside its longest lines."""

    def level(at: QPointF, below: bool = False) -> Place:
        down = OVER + RISE * enlarged if below else -OVER
        return Place(Label(text, at + QPointF(0, down), CENTRE, token, bold), apart=APART)

    def upright(at: QPointF, left: bool = False) -> Place:
        aside = QPointF(-ALONG if left else ALONG, RISE / 2 * enlarged)
        return Place(Label(text, at + aside, RIGHT if left else LEFT, token, bold), apart=APART)

    size = path.controlPointRect()
    middle = path.pointAtPercent(0.5)
    yield level(middle) if size.width() > size.height() else upright(middle)
    for start, end in sorted(_lines(path), key=lambda each: -_length(*each)):
        place = level if abs(end.x() - start.x()) > abs(end.y() - start.y()) else upright
        for other in (False, True):
            for share in (0.5, 0.35, 0.65, 0.2, 0.8):
                yield place(start + (end - start) * share, other)


def _upright_head(path: QPainterPath) -> QRectF:
    """The room of an arrow's head that meets a box from above or below, beside its number."""
    before, end = path.elementAt(path.elementCount() - 2), path.elementAt(path.elementCount() - 1)
    if abs(before.x - end.x) > 0.5:
        return QRectF()
    back = min(HEAD, 0.6 * abs(before.y - end.y))
    top = end.y - back if before.y < end.y else end.y
    return QRectF(end.x - HALF, top, 2 * HALF, back)


def _lines(path: QPainterPath) -> Iterator[tuple[QPointF, QPointF]]:
    """The straight lines of a path."""
    for i in range(1, path.elementCount()):
        before, here = path.elementAt(i - 1), path.elementAt(i)
        if here.isLineTo() or before.x == here.x or before.y == here.y:
            yield QPointF(before.x, before.y), QPointF(here.x, here.y)


def _length(start: QPointF, end: QPointF) -> float:
    return (end - start).manhattanLength()
