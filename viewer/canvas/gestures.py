"""Gestures of the pointer on the canvas, one class each, from press to release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QPointF, Qt

from analysis.layout.geometry import Point
from viewer.canvas.gesture import DRAG_FROM, Gesture
from viewer.canvas.hit_test import Hit, unit_at, unit_near
from viewer.canvas.ports import Port
from viewer.canvas.rubber_band import RubberBand
from viewer.canvas.viewport import Viewport
from viewer.canvas.wire_gesture import DrawWire
from viewer.drawing.network.block_picture import NodePicture
from viewer.session import Session
from viewer.session.edits import blocks, gates, wires
from viewer.session.edits.pins import remove_pin
from viewer.session.view_state import Pin

ADDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
"""With either of them what is clicked joins what is selected."""
GATE_TRAVEL = 100.0
"""Screen px for a change of 1 in α."""


class Pan(Gesture):
    """Moves the canvas with the pointer; a click on empty canvas selects nothing."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, view: Viewport, session: Session, start: QPointF, clears: bool) -> None:
        super().__init__(view, session, start)
        self._last = start
        self._clears = clears

    def move(self, at: QPointF) -> None:
        self.view.pan(at - self._last)
        self._last = at

    def end(self, at: QPointF) -> None:
        if self._clears and (at - self.start).manhattanLength() < DRAG_FROM:
            self.session.set_view(selection=None, skip=None)
            wires.choose_wire(self.session, None)


class PinUnit(Gesture):
    """Pins the unit under the pointer, and the next one while the pointer goes on."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, view: Viewport, session: Session, start: QPointF, node: NodePicture) -> None:
        super().__init__(view, session, start)
        self._node = node
        self.move(start)

    def move(self, at: QPointF) -> None:
        unit = unit_at(self._node, self.view.to_canvas(at))
        if unit is not None:
            pin = Pin(self._node.output, *unit)
            self.session.set_view(pin=pin, pins=(), selection=self._node.id, skip=None)


class ComparePin(Gesture):
    """Pins one more unit beside those that are pinned, or takes one away again."""

    def __init__(self, view: Viewport, session: Session, start: QPointF, node: NodePicture) -> None:
        super().__init__(view, session, start)
        unit = unit_at(node, view.to_canvas(start))
        if unit is None:
            return
        pin, current = Pin(node.output, *unit), session.view
        pins = current.pins or ((current.pin,) if current.pin is not None else ())
        if pin in pins:
            remove_pin(session, pin)
        else:
            session.set_view(pin=pin, pins=(*pins, pin), selection=node.id, skip=None)


class TakeRegion(Gesture):
    """The drag that takes a box of units: the union of what they see is shown."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, view: Viewport, session: Session, start: QPointF, node: NodePicture) -> None:
        super().__init__(view, session, start)
        self._node = node
        self._corner = unit_near(node, view.to_canvas(start))
        self.move(start)

    def move(self, at: QPointF) -> None:
        (y, x), (v, u) = self._corner, unit_near(self._node, self.view.to_canvas(at))
        size = (abs(v - y) + 1, abs(u - x) + 1)
        pin = Pin(self._node.output, min(y, v), min(x, u), *size)
        self.session.set_view(pin=pin, pins=(), selection=self._node.id, skip=None)


class PressBlock(Gesture):
    """Selects a block or a frame; a drag moves it, and with it all that is selected as well."""

    def __init__(self, view: Viewport, session: Session, start: QPointF, hit: Hit) -> None:
        super().__init__(view, session, start)
        self._hit = hit
        self._moving = False
        self._from: Mapping[str, Point] = {}
        self._origin = view.to_canvas(start)
        self._key = blocks.fresh_key("move")
        self._moves = hit.node is not None or hit.kind == "frame"
        self._among = self._moves and len(session.view.selected) > 1
        self._among = self._among and hit.name in session.view.selected
        if not self._among:
            session.set_view(selection=hit.name, skip=None)

    def move(self, at: QPointF) -> None:
        if not self._moves or self.session.workspace.canvas.fixed:
            return
        if not self._moving and (at - self.start).manhattanLength() >= DRAG_FROM:
            self._moving = True
            names = self.session.view.selected if self._among else (self._hit.name,)
            self._from = blocks.movable(self.session, names)
        if self._moving and self._from:
            by = self.view.to_canvas(at) - self._origin
            places = {name: (x + by.x(), y + by.y()) for name, (x, y) in self._from.items()}
            blocks.move_blocks(self.session, places, self._key)

    def end(self, at: QPointF) -> None:
        if self._moving:
            return
        if self._hit.sign:
            blocks.toggle_block(self.session, self._hit.name)
        elif self._among:
            self.session.set_view(selection=self._hit.name, also_selected=(), skip=None)


class SelectAlso(Gesture):
    """Adds one more block to what is selected, or takes one away again."""

    def __init__(self, view: Viewport, session: Session, start: QPointF, hit: Hit) -> None:
        super().__init__(view, session, start)
        chosen = session.view.selected
        left = tuple(name for name in chosen if name != hit.name)
        now = left if hit.name in chosen else (*chosen, hit.name)
        first = now[0] if now else None
        session.set_view(selection=first, also_selected=now[1:], skip=None)


class TurnGate(Gesture):
    """Turns the gate of a skip: up opens it, down closes it."""

    cursor = Qt.CursorShape.SizeVerCursor

    def __init__(self, view: Viewport, session: Session, start: QPointF, skip: str) -> None:
        super().__init__(view, session, start)
        self._skip = skip
        self._from = gates.gate(session.document, skip)
        self._key = blocks.fresh_key(f"gate {skip}")
        session.set_view(skip=skip, selection=None)

    def move(self, at: QPointF) -> None:
        gate = self._from + (self.start.y() - at.y()) / GATE_TRAVEL
        gates.set_gate(self.session, self._skip, gates.snapped(gate), self._key)


class PressWire(Gesture):
    """Selects a wire that is no skip; a drag from it moves the canvas."""

    def __init__(
        self, view: Viewport, session: Session, start: QPointF, ends: tuple[str, str]
    ) -> None:
        super().__init__(view, session, start)
        self._last = start
        wires.choose_wire(session, ends)

    def move(self, at: QPointF) -> None:
        if (at - self.start).manhattanLength() >= DRAG_FROM:
            self.view.pan(at - self._last)
            self._last = at


class PressSkip(Gesture):
    """Selects a skip; a drag from it moves the canvas."""

    def __init__(self, view: Viewport, session: Session, start: QPointF, skip: str) -> None:
        super().__init__(view, session, start)
        self._last = start
        known = session.facts.skip(skip)
        broken = known is not None and known.join in session.facts.problems
        # On a wire that cannot join, the join is the subject: there stand the repairs.
        session.set_view(skip=skip, selection=known.join if known and broken else None)

    def move(self, at: QPointF) -> None:
        if (at - self.start).manhattanLength() >= DRAG_FROM:
            self.view.pan(at - self._last)
            self._last = at


def _pinning(
    view: Viewport,
    session: Session,
    at: QPointF,
    node: NodePicture,
    modifiers: Qt.KeyboardModifier,
) -> Gesture:
    if modifiers & Qt.KeyboardModifier.ControlModifier:
        return ComparePin(view, session, at, node)
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        return TakeRegion(view, session, at, node)
    return PinUnit(view, session, at, node)


def _grabbed(view: Viewport, session: Session, at: QPointF, hit: Hit) -> Port | None:
    """The port under the pointer, where wires can be drawn."""
    if not session.workspace.canvas.edits or hit.kind in ("row", "gate"):
        return None
    return view.scene_of_network.hits.port_at(view.to_canvas(at))


def gesture_for(
    view: Viewport,
    session: Session,
    at: QPointF,
    hit: Hit,
    button: Qt.MouseButton,
    modifiers: Qt.KeyboardModifier,
    space_held: bool,
) -> Gesture | None:
    """The gesture that a press at a point of the viewport begins, None where it means nothing."""
    if button == Qt.MouseButton.MiddleButton or space_held:
        return Pan(view, session, at, clears=False)
    if button != Qt.MouseButton.LeftButton:
        return None
    port = _grabbed(view, session, at, hit)
    if port is not None:
        return DrawWire(view, session, at, port)
    alt = modifiers & Qt.KeyboardModifier.AltModifier
    pins = session.workspace.canvas.follows_field or alt
    if hit.kind == "gate":
        return TurnGate(view, session, at, hit.name)
    if hit.kind == "block" and hit.unit is not None and hit.node is not None and pins:
        return _pinning(view, session, at, hit.node, modifiers)
    if hit.kind == "block" and modifiers & ADDS:
        return SelectAlso(view, session, at, hit)
    if hit.kind == "block":
        return PressBlock(view, session, at, hit)
    if hit.kind == "row":
        return PressBlock(view, session, at, replace(hit, node=None))
    if hit.kind == "skip":
        return PressSkip(view, session, at, hit.name)
    if hit.kind == "frame":
        return PressBlock(view, session, at, hit)
    if hit.kind == "wire":
        return PressWire(view, session, at, hit.ends)
    if session.workspace.canvas.edits:
        return RubberBand(view, session, at, bool(modifiers & ADDS))
    return Pan(view, session, at, clears=True)
