"""Writes the labels of the paper's figure: channels on top, the size at the lower left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from PySide6.QtCore import QPointF, QRectF

from analysis.facts import Facts
from viewer.drawing.network.figure_options import FigureOptions
from viewer.drawing.network.paper.label_room import (
    LabelRoom,
    Wanted,
    arrow_places,
    box_places,
    size_places,
)
from viewer.drawing.network.paper.maps import MapBox, Maps
from viewer.drawing.network.paper.sheet import (
    CENTRE,
    LEFT,
    LINE,
    RIGHT,
    RISE,
    Label,
    PlacedArrow,
    PlacedBox,
)
from viewer.drawing.network.paper.sizes import BoxSize
from viewer.drawing.painting.text import SIZE_SIZE, text_width
from viewer.text import number_format
from viewer.text.block_names import block_name
from viewer.text.operator_names import extent_text
from viewer.text.translation import tr

Sizing = Literal["flat", "upright", "where free"]
"""How sizes are written: level, upright, or upright only where there happens to be room."""
BESIDE, UNDER = 3.0, 11.5
"""Px from a box to a label above or beside it, and to the baseline of one below it."""


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
    latents: Mapping[str, int] = field(default_factory=dict)
    """Numbers that the data of a node is squeezed through on the way to its map."""
    left_out: int = 0
    numbered: tuple[str, ...] = ()
    """What is written on arrows too short for it: a number there, which the legend explains.

    Empty for a number that found no room either.
    """

    @property
    def lines_above(self) -> int:
        """Lines over every box."""
        return int(self.options.channels) + int(self.options.fields)

    def lines_below(self, box: MapBox) -> int:
        """Lines under a box."""
        return len(self._below(box))

    def reaches(self, found: Maps, sizes: Mapping[str, BoxSize]) -> dict[str, Reach]:
        """The room that the labels of each box need beside it."""
        if self.sizing == "where free":
            return {name: Reach() for name in found.boxes}
        return {name: self._reach(box, sizes[name]) for name, box in found.boxes.items()}

    def _reach(self, box: MapBox, size: BoxSize) -> Reach:
        above = max((self._width(text) for text, _ in self._above(box)), default=0.0)
        over = max(0.0, (above - size.width) / 2)
        below = max(map(self._width, self._below(box)), default=0.0)
        under = max(0.0, (below - size.width) / 2)
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

    def _below(self, box: MapBox) -> tuple[str, ...]:
        if box.fault:
            return (box.fault,)
        named = box.role in ("input", "output", "bottleneck")
        latent = self.latents.get(box.node) if self.options.sizes or self.options.channels else None
        squeezed = "" if latent is None else tr("latent {n}", n=number_format.grouped(latent))
        return tuple(filter(None, (block_name(box.role) if named else "", squeezed)))

    # ------------------------------------------------------------------ where it stands

    def of_sheet(
        self,
        found: Maps,
        boxes: Mapping[str, PlacedBox],
        arrows: Sequence[PlacedArrow],
        touching: Touching,
    ) -> dict[str, tuple[Label, ...]]:
        """The labels of every box by its id, and those of arrows under ""; only with room."""
        room = LabelRoom(boxes, arrows, self.enlarged)
        room.place(self._of_boxes(boxes, touching))
        marked = list(self._marked(arrows))
        self.numbered = ()
        if self.options.shows_legend:
            tried = room.fitting([wanted for _, wanted in marked])
            short = [text for (text, _), fits in zip(marked, tried, strict=True) if not fits]
            self.numbered = tuple(dict.fromkeys(short))
            marked = list(self._marked(arrows))
        room.place([wanted for _, wanted in marked])
        written = {label.text for label in room.kept.get("", ())}
        self.numbered = tuple(
            [text if str(i) in written else "" for i, text in enumerate(self.numbered, 1)]
        )
        self.left_out += room.left_out
        return {name: tuple(each) for name, each in room.kept.items()}

    def _of_boxes(self, boxes: Mapping[str, PlacedBox], touching: Touching) -> Iterator[Wanted]:
        """The labels of boxes with where they may stand, those first that matter most."""
        above = {
            name: self._labels_above(each, name in touching.above) for name, each in boxes.items()
        }
        enlarged, line = self.enlarged, LINE * self.enlarged
        for name, labels in above.items():
            rect = boxes[name].rect
            yield from (Wanted(name, box_places(each, rect, enlarged)) for each in labels[:1])
        for name, placed in boxes.items():
            for label in self._labels_below(placed, name in touching.below):
                over = placed.rect.top() - BESIDE - line * len(above[name])
                places = box_places(label, placed.rect, enlarged, over)
                yield Wanted(name, places, label if label.token == "error" else None)
        for name, placed in boxes.items():
            if text := self._size(placed.box):
                under = placed.rect.bottom() + UNDER * enlarged
                lower = under + line * len(self._below(placed.box))
                label = self._size_label(text, placed.rect)
                yield Wanted(name, size_places(label, placed, enlarged, lower))
        for name, labels in above.items():
            rect = boxes[name].rect
            yield from (Wanted(name, box_places(each, rect, enlarged)) for each in labels[1:])

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

    def _labels_below(self, placed: PlacedBox, beside: bool) -> Iterator[Label]:
        """Centred under a box, or right of the arrow that leaves or enters there."""
        x, y = placed.rect.center().x(), placed.rect.bottom() + UNDER * self.enlarged
        x += 5.0 * self.enlarged**0.6 if beside else 0.0
        for line, text in enumerate(self._below(placed.box)):
            token = "error" if placed.box.fault else "muted" if line else "text"
            at = QPointF(x, y + LINE * self.enlarged * line)
            yield Label(text, at, LEFT if beside else CENTRE, token)

    def _size_label(self, text: str, rect: QRectF) -> Label:
        """At the lower left, below the arrow that enters there."""
        x, middle = rect.left() - BESIDE, rect.center().y()
        if self.sizing == "flat":
            y = max(rect.bottom(), middle + RISE * self.enlarged + 5)
            return Label(text, QPointF(x, y), RIGHT, "muted")
        y = max(rect.bottom(), middle + 5 + self._width(text))
        return Label(text, QPointF(x, y), LEFT, "muted", upright=True)

    def _marked(self, arrows: Sequence[PlacedArrow]) -> Iterator[tuple[str, Wanted]]:
        """What is said of arrows, and it or its number with where that may stand."""
        for placed in arrows:
            text = self.marks.get((placed.arrow.source, placed.arrow.target), "")
            if not text or placed.arrow.kind == "copy":
                continue
            if text in self.numbered:
                number, token, bold = str(self.numbered.index(text) + 1), "text", True
            else:
                number, token, bold = text, "muted", False
            yield text, Wanted("", arrow_places(number, token, bold, placed.path, self.enlarged))
