"""Wires by keys: W begins one, arrows choose its end, Enter connects; N selects one."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from viewer.canvas.keyboard_focus import KeyboardFocus
from viewer.canvas.ports import Port
from viewer.canvas.viewport import Viewport
from viewer.canvas.wire_gesture import DrawWire
from viewer.session import Session
from viewer.session.edits import wires


class KeyboardWire:
    """The wire that is being drawn by keys, if one is."""

    def __init__(self, view: Viewport, session: Session, focus: KeyboardFocus) -> None:
        self._view, self._session, self._focus = view, session, focus
        self._gesture: DrawWire | None = None
        self._of = ""
        """The block whose wires are gone round."""

    @property
    def drawing(self) -> bool:
        """Whether a wire waits for its end."""
        return self._gesture is not None

    def begin(self) -> bool:
        """Begin a wire at the block with the keyboard; whether it has an output."""
        start = self._port(self._focus.start, "out")
        if start is None or not self._session.workspace.canvas.edits:
            return False
        at = self._view.to_viewport(start.at)
        self._gesture = DrawWire(self._view, self._session, at, start)
        return True

    def aim(self) -> None:
        """Show the wire to the block that the keyboard has come to."""
        if self._gesture is not None:
            self._gesture.move(self._place())

    def finish(self) -> None:
        """Connect to the block with the keyboard, or say why that cannot be."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.move(self._place())
            gesture.end(self._place())

    def cancel(self) -> bool:
        """Draw no wire; whether one was being drawn."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.cancel()
        return gesture is not None

    def _place(self) -> QPointF:
        """Where the pointer would be: in the middle of the block with the keyboard."""
        node = self._view.scene_of_network.figure.nodes.get(self._focus.start)
        return self._view.to_viewport(node.centre if node is not None else QPointF())

    def _port(self, block: str, way: str) -> Port | None:
        ports = self._view.scene_of_network.hits.ports()
        return next((each for each in ports if (each.block, each.way) == (block, way)), None)

    # ----------------------------------------------------------------------- selecting wires

    def next_wire(self, step: int) -> bool:
        """Select the next of the wires at the block, or at the wire, that is selected."""
        session = self._session
        chosen = self._chosen()
        self._of = self._focus.start or (self._of if chosen and self._of in chosen else "")
        ends = [each for each in session.wires if self._of in each]
        if not ends or not session.workspace.canvas.edits:
            return False
        at = ends.index(chosen) + step if chosen in ends else 0
        self._select(ends[at % len(ends)])
        self._focus.tell_reader()
        return True

    def _chosen(self) -> tuple[str, str] | None:
        session = self._session
        skip = session.facts.skip(session.view.skip) if session.view.skip else None
        if skip is None or session.view.selection is not None:
            return wires.chosen_wire(session)
        edge = wires.skip_edge(session.document.graph, skip)
        return session.block_of[edge.source].id, session.block_of[edge.target].id

    def _select(self, ends: tuple[str, str]) -> None:
        session = self._session
        inputs = {(edge.target, edge.port) for edge in session.wires[ends]}
        skip = next((s for s in session.facts.skips if (s.join, s.port) in inputs), None)
        if skip is not None:
            session.set_view(skip=skip.name, selection=None)
        else:
            wires.choose_wire(session, ends)
