"""Finds places for the gates and labels of skips that meet no block, no wire and no other mark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF

from viewer.drawing.network.block_caption import caption_rect
from viewer.drawing.network.block_picture import NodeState
from viewer.drawing.network.figure import Figure
from viewer.drawing.network.occupied import Occupied
from viewer.drawing.network.wire import GATE_RADIUS, EdgePicture, EdgeState, ribbon_width
from viewer.drawing.painting.text import text_width
from viewer.text import number_format
from viewer.text.block_names import block_name

SMALL_GATE = 7.0
"""Radius in screen px of a gate below 60 %."""
LABEL_FROM = 140.0
"""A ribbon longer than this, and than its label, carries it in the middle, a shorter one above."""
BESIDE_PILL = 2 * (GATE_RADIUS + 7.0)
"""What the gate and the arrow's head take of a ribbon."""
PILL_MARGIN, GAP = 11.0, 9.0
PLACES = 24
"""So many places along a wire are tried."""
THIN, CLEAR = 1.0, 2.0
"""Half the room of a wire, and what stays free round a mark, in canvas and in screen px."""
CELL = 64.0


@dataclass(frozen=True)
class SkipMark:
    """Where the gate and the label of one skip stand, in canvas px; sizes are in screen px."""

    gate: QPointF
    radius: float
    setting: QPointF | None
    """The middle of the baseline of what the gate is set to, from the gate in screen px."""
    label: QPointF | None
    """The middle of the label on the wire; None where it has none or there is no room."""
    pill: bool
    """Whether the label is name and number in a pill, or the number alone above the wire."""


def setting_text(gate: float) -> str:
    """What a gate is set to: one digit where it says all, two for 0.25."""
    digits = 1 if abs(gate * 10 - round(gate * 10)) < 1e-6 else 2
    return f"α {number_format.decimal(gate, digits)}"


def pill_width(name: str, number: str) -> float:
    """Width in screen px of a pill with a skip's name and number."""
    return text_width(name, 12) + GAP + text_width(number, 12, True) + 2 * PILL_MARGIN


def marks_key(
    figure: Figure, states: Mapping[int, EdgeState], scale: float, small: bool
) -> tuple[object, ...]:
    """What the places of the marks depend on: of a gate that is dragged its digits, no more."""
    return (
        scale,
        small,
        *(
            (
                i,
                ribbon_width(state),
                state.fraction is None,
                state.number,
                len(setting_text(state.gate)),
                small and state.gate == 1.0,
            )
            for i in _shown(figure, states)
            if (state := states[i])
        ),
    )


def _shown(figure: Figure, states: Mapping[int, EdgeState]) -> list[int]:
    """The wires that have marks, by their places in the figure."""
    return [
        i
        for i, each in enumerate(figure.edges)
        if each.gated and i in states and states[i].shows_gate(each.kind)
    ]


def skip_marks(
    figure: Figure, states: Mapping[int, EdgeState], scale: float, small: bool = False
) -> dict[int, SkipMark]:
    """The marks of the skips that show their gates, by their wires' places in the figure.

    Each takes the first place along its wire, from the source on, where it covers nothing: no
    block, caption or other mark, and if possible no other wire. `scale` is canvas px for a screen
    px. `small` gates are for a network seen from far: only those that are turned say so.
    """
    shown = _shown(figure, states)
    return _Marks(figure, states, scale, small).found(shown) if shown else {}


class _Marks:
    """The rooms that are taken while marks are placed one after another."""

    def __init__(
        self, figure: Figure, states: Mapping[int, EdgeState], scale: float, small: bool
    ) -> None:
        self._figure, self._states = figure, states
        self._scale, self._small = scale, small
        self._radius = SMALL_GATE if small else GATE_RADIUS
        self._taken, self._wires, self._gates = (Occupied(CELL) for _ in range(3))
        for node in figure.nodes.values():
            if node.shape != "pill" or not small:
                self._taken.add(node.card)
            written = caption_rect(node, NodeState(), 1.0 / scale)
            if not written.isEmpty():
                self._taken.add(written)
        for frame in figure.frames:
            self._taken.add(frame.band)
        for i, edge in enumerate(figure.edges):
            for rect in _stretches(edge):
                self._wires.add(rect, i)

    def found(self, shown: Iterable[int]) -> dict[int, SkipMark]:
        """Gates first: they are what is taken hold of. Then what they are set to, then labels."""
        gates = {i: self._gate(i) for i in shown}
        marks = {}
        for i, gate in gates.items():
            marks[i] = SkipMark(gate, self._radius, self._setting(i, gate), None, False)
        for i, mark in marks.items():
            label, pill = self._label(i)
            marks[i] = SkipMark(mark.gate, mark.radius, mark.setting, label, pill)
        return marks

    def _gate(self, i: int) -> QPointF:
        edge, state = self._figure.edges[i], self._states[i]
        reach = (self._radius + CLEAR) * self._scale
        preferred = edge.gate(self._scale)
        if edge.level and ribbon_width(state) > 2 * self._radius:
            reach = max(reach, self._radius * self._scale)
        places = [preferred, *_along(edge, (GATE_RADIUS + 7.0) * self._scale)]
        rooms = [QRectF(p.x() - reach, p.y() - reach, 2 * reach, 2 * reach) for p in places]
        at = self._first(rooms, i)
        if at is None:  # blocks everywhere: then at least on no other gate
            at = next((n for n, room in enumerate(rooms) if self._gates.is_free(room)), 0)
        self._gates.add(rooms[at])
        self._taken.add(rooms[at])
        return places[at]

    def _setting(self, i: int, gate: QPointF) -> QPointF | None:
        state, scale = self._states[i], self._scale
        if state.gate == 1.0 and self._small:
            return None
        half = ribbon_width(state) / 2 if self._figure.edges[i].level else 0.0
        width = text_width(setting_text(state.gate), 11)
        below = QPointF(0, max(self._radius, half / scale) + 14)
        above = QPointF(0, -max(self._radius, half / scale) - 5)
        beside = QPointF(self._radius + 4 + width / 2, 4 if half == 0.0 else below.y())
        for place in (below, above, beside):
            left, foot = gate.x() + (place.x() - width / 2) * scale, gate.y() + place.y() * scale
            room = QRectF(left, foot - 9 * scale, width * scale, 11 * scale)
            if self._taken.is_free(room) and self._wires.is_free(room):
                self._taken.add(room)
                return place
        return None

    def _label(self, i: int) -> tuple[QPointF | None, bool]:
        edge, state, scale = self._figure.edges[i], self._states[i], self._scale
        if state.fraction is None or edge.skip is None:
            return None, False
        width = pill_width(block_name(edge.skip), state.number)
        middle = edge.path.pointAtPercent(0.5)
        shift = GATE_RADIUS * scale if edge.level else 0.0
        places = [QPointF(middle.x() + shift, middle.y()), *_from_the_middle(edge)]
        if edge.path.length() / scale > max(LABEL_FROM, width + BESIDE_PILL):
            rooms = [_room(place, width, -11, 22, scale) for place in places]
            at = self._first(rooms, i)
            if at is not None:
                self._taken.add(rooms[at])
                return places[at], True
        rise = ribbon_width(state) / 2 / scale + 9
        width = text_width(state.number, 12, True)
        rooms = [_room(place, width, -rise - 10, 11, scale) for place in places]
        at = self._first(rooms, i)
        # A number that has no ground of its own cannot be read on other wires.
        if at is None or not (edge.level or self._wires.is_free(rooms[at])):
            return None, False
        self._taken.add(rooms[at])
        return places[at], False

    def _first(self, rooms: list[QRectF], i: int) -> int | None:
        """The first room that covers nothing, else the first that covers nothing but wires."""
        free = [at for at, room in enumerate(rooms) if self._taken.is_free(room)]
        clear = (at for at in free if self._wires.is_free(rooms[at], i))
        return next(clear, free[0] if free else None)


def _room(middle: QPointF, width: float, top: float, height: float, scale: float) -> QRectF:
    return QRectF(
        middle.x() - width * scale / 2, middle.y() + top * scale, width * scale, height * scale
    )


def _along(edge: EdgePicture, margin: float) -> Iterator[QPointF]:
    """Places on a wire from its source to its target, `margin` canvas px from both ends."""
    length = edge.path.length()
    if length <= 2 * margin:
        return
    for step in range(1, PLACES + 1):
        at = margin + (length - 2 * margin) * step / PLACES
        yield edge.path.pointAtPercent(at / length)


def _from_the_middle(edge: EdgePicture) -> Iterator[QPointF]:
    """Places on the level stretches of a wire, those nearest to its middle first."""
    for step in range(1, PLACES):
        part = 0.5 + (-1) ** step * (step + 1) // 2 * 0.8 / PLACES
        slope = edge.path.slopeAtPercent(part)
        if abs(slope) < 0.2:
            yield edge.path.pointAtPercent(part)


def _stretches(edge: EdgePicture) -> Iterator[QRectF]:
    """Thin rectangles round the straight pieces of a wire."""
    for polygon in edge.path.toSubpathPolygons():
        points = polygon.toList()
        for a, b in pairwise(points):
            yield QRectF(a, b).normalized().adjusted(-THIN, -THIN, THIN, THIN)
