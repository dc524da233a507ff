"""Writes the labels of the paper's figure: channels on top, the size at the lower left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from PySide6.QtCore import QPointF, QRectF

from analysis.facts import Facts
from viewer.drawing.network.figure_options import FigureOptions
from viewer.drawing.network.occupied import Occupied
from viewer.drawing.network.paper.maps import MapBox, Maps
from viewer.drawing.network.paper.sheet import (
    CENTRE,
    LEFT,
    LINE,
    RIGHT,
    Label,
    PlacedArrow,
    PlacedBox,
)
from viewer.drawing.network.paper.sizes import BoxSize
from viewer.drawing.network.path_cover import covered
from viewer.drawing.painting.text import SIZE_SIZE, text_width
from viewer.text import number_format
from viewer.text.block_names import block_name
from viewer.text.operator_names import extent_text

Sizing = Literal["flat", "upright", "where free"]
"""How sizes are written: level, upright, or upright only where there happens to be room."""
RISE = 8.5
"""Px from the baseline to the top of a figure, at text of its natural size."""
BESIDE, UNDER = 3.0, 11.5
"""Px from a box to a label above or beside it, and to the baseline of one below it."""
WIRE = 1.5
"""Px on both sides of the middle of an arrow on which no label may lie."""
ASIDE, MOST_ASIDE = 3.0, 8
"""Px by which a label is moved along its box, at text of its natural size, and how often."""


@dataclass(frozen=True)
class Reach:
    """How far the labels of a box stand out of it, in px to the left and to the right."""

    left: float = 0.0
    right: float = 0.0


@dataclass(frozen=True)
class Touching:
    """The boxes whose upper side, and whose lower side, an arrow meets in the middle."""

    above: frozenset[str] = frozenset()
    below: frozenset[str] = frozenset()


@dataclass
class BoxLabels:
    """The labels of one figure in one size of text; counts those that found no room."""

    options: FigureOptions
    facts: Facts
    enlarged: float
    sizing: Sizing
    marks: Mapping[tuple[str, str], str]
    """What is written on the arrow from one box to another."""
    left_out: int = 0

    @property
    def lines_above(self) -> int:
        """Lines over every box."""
        return int(self.options.channels) + int(self.options.fields)

    def stands_below(self, box: MapBox) -> bool:
        """Whether something is written under a box."""
        return bool(self._below(box))

    def reaches(self, found: Maps, sizes: Mapping[str, BoxSize]) -> dict[str, Reach]:
        """The room that the labels of each box need beside it."""
        if self.sizing == "where free":
            return {name: Reach() for name in found.boxes}
        return {name: self._reach(box, sizes[name]) for name, box in found.boxes.items()}

    def _reach(self, box: MapBox, size: BoxSize) -> Reach:
        above = max((self._width(text) for text, _ in self._above(box)), default=0.0)
        over = max(0.0, (above - size.width) / 2)
        under = max(0.0, (self._width(self._below(box)) - size.width) / 2)
        beside = 0.0
        if text := self._size(box):
            wide = self._width(text) if self.sizing == "flat" else RISE * self.enlarged
            beside = wide + BESIDE + 4
        return Reach(max(over, under, beside), max(over, under))

    def _width(self, text: str) -> float:
        return text_width(text, SIZE_SIZE) * self.enlarged

    # ------------------------------------------------------------------ what is written

    def _above(self, box: MapBox) -> Sequence[tuple[str, str]]:
        """Texts over a box with their colours, from below."""
        found = []
        if box.form != "circle" and self.options.channels:
            known = "?" if box.shape is None else str(box.shape[0])
            found.append((known, "text"))
        if box.form != "circle" and self.options.fields and box.shape is not None:
            field = self.facts.fields.get(box.node)
            found.append(("" if field is None else extent_text(field), "field"))
        return [each for each in found if each[0]]

    def _size(self, box: MapBox) -> str:
        if not self.options.sizes or box.form != "map" or box.shape is None:
            return ""
        return number_format.spatial(box.shape[1:])

    def _below(self, box: MapBox) -> str:
        if box.fault:
            return box.fault
        named = box.role in ("input", "output", "bottleneck")
        return block_name(box.role) if named else ""

    # ------------------------------------------------------------------ where it stands

    def of_sheet(
        self,
        found: Maps,
        boxes: Mapping[str, PlacedBox],
        arrows: Sequence[PlacedArrow],
        touching: Touching,
    ) -> dict[str, tuple[Label, ...]]:
        """The labels of every box by its id, and those of arrows under ""; only with room."""
        taken, wires = Occupied(), Occupied()
        for placed in boxes.values():
            taken.add(placed.rect.adjusted(0.5, 0.5, -0.5, -0.5))
        for arrow in arrows:
            for piece in covered(arrow.path, WIRE):
                wires.add(piece)
        kept: dict[str, list[Label]] = {name: [] for name in boxes}
        kept[""] = []
        for name, label in self._candidates(boxes, arrows, touching):
            rect = boxes[name].rect if name else None
            places = self._places(label, rect)
            free = (each for each in places if taken.is_free(each.rect(self.enlarged)))
            chosen = next((each for each in free if wires.is_free(each.rect(self.enlarged))), None)
            if (
                chosen is None
                and label.token == "error"
                and taken.is_free(label.rect(self.enlarged))
            ):
                chosen = label  # what is wrong is said in any case
            if chosen is None:
                self.left_out += 1
                continue
            taken.add(chosen.rect(self.enlarged))
            kept[name].append(chosen)
        return {name: tuple(each) for name, each in kept.items()}

    def _places(self, label: Label, box: QRectF | None) -> Iterator[Label]:
        """Where a label may stand: in its place, else along the side of its box, else below."""
        yield label
        if box is None:
            return
        step = ASIDE * self.enlarged
        room = label.rect(self.enlarged)
        beside = room.right() <= box.left()
        for number in range(1, MOST_ASIDE + 1):
            for way in (1, -1):
                by = (
                    QPointF(0.0, way * number * step) if beside else QPointF(way * number * step, 0)
                )
                moved = room.translated(by)
                touches = moved.bottom() >= box.top() and moved.top() <= box.bottom()
                over = moved.right() >= box.left() and moved.left() <= box.right()
                if touches if beside else over:
                    yield replace(label, at=label.at + by)
        if room.bottom() <= box.top():
            yield replace(label, at=QPointF(label.at.x(), box.bottom() + UNDER * self.enlarged))

    def _candidates(
        self,
        boxes: Mapping[str, PlacedBox],
        arrows: Sequence[PlacedArrow],
        touching: Touching,
    ) -> Iterator[tuple[str, Label]]:
        """All labels, those first that matter most."""
        above = {
            name: self._labels_above(each, name in touching.above) for name, each in boxes.items()
        }
        for name, labels in above.items():
            yield from ((name, label) for label in labels[:1])
        for name, placed in boxes.items():
            if text := self._below(placed.box):
                yield name, self._label_below(text, placed, name in touching.below)
        for name, placed in boxes.items():
            if text := self._size(placed.box):
                yield name, self._size_label(text, placed.rect)
        for name, labels in above.items():
            yield from ((name, label) for label in labels[1:])
        yield from (("", label) for label in self._arrow_labels(arrows))

    def _labels_above(self, placed: PlacedBox, beside: bool) -> list[Label]:
        """Centred over a box, or left of the arrow that leaves or enters there."""
        rect, found = placed.rect, []
        x = rect.center().x()
        if beside and len(placed.parts) > 1:
            beside, x = False, placed.parts[-1].center().x()
        elif beside:
            x -= 5.0 * self.enlarged**0.6
        for line, (text, token) in enumerate(self._above(placed.box)):
            y = rect.top() - BESIDE - LINE * self.enlarged * line
            found.append(Label(text, QPointF(x, y), RIGHT if beside else CENTRE, token))
        return found

    def _label_below(self, text: str, placed: PlacedBox, beside: bool) -> Label:
        """Centred under a box, or right of the arrow that leaves or enters there."""
        x, y = placed.rect.center().x(), placed.rect.bottom() + UNDER * self.enlarged
        token = "error" if placed.box.fault else "text"
        if not beside:
            return Label(text, QPointF(x, y), CENTRE, token)
        return Label(text, QPointF(x + 5.0 * self.enlarged**0.6, y), LEFT, token)

    def _size_label(self, text: str, rect: QRectF) -> Label:
        """At the lower left, below the arrow that enters there."""
        x, middle = rect.left() - BESIDE, rect.center().y()
        if self.sizing == "flat":
            y = max(rect.bottom(), middle + RISE * self.enlarged + 5)
            return Label(text, QPointF(x, y), RIGHT, "muted")
        y = max(rect.bottom(), middle + 5 + self._width(text))
        return Label(text, QPointF(x, y), LEFT, "muted", upright=True)

    def _arrow_labels(self, arrows: Sequence[PlacedArrow]) -> Iterator[Label]:
        for placed in arrows:
            text = self.marks.get((placed.arrow.source, placed.arrow.target), "")
            if not text or placed.arrow.kind == "copy":
                continue
            middle = placed.path.pointAtPercent(0.5)
            size = placed.path.controlPointRect()
            if size.width() > size.height():
                yield Label(text, middle + QPointF(0, -4), CENTRE, "muted")
            else:
                at = middle + QPointF(5, RISE / 2 * self.enlarged)
                yield Label(text, at, LEFT, "muted")
