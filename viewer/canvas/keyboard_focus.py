"""Keeps the block with the keyboard focus, and announces it to screen readers."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QAccessible, QAccessibleEvent

from viewer.canvas.viewport import MARGIN, TOP, Viewport
from viewer.session import Session
from viewer.session.edits.wires import chosen_wire
from viewer.text.block_names import accessible_name, skip_said, spoken_name
from viewer.text.translation import tr


class KeyboardFocus:
    """The block that arrow keys start from; the scene draws a ring round it."""

    def __init__(self, view: Viewport, session: Session) -> None:
        self._view = view
        self._session = session

    @property
    def block(self) -> str:
        """The block the keyboard is on, empty before the first arrow."""
        return self._view.scene_of_network.pointer.focus

    @property
    def start(self) -> str:
        """Where an arrow starts: the block with the keyboard, else the selected one or its own."""
        name = self.block or self._session.view.selection or ""
        block = self._session.block_of.get(name)
        return block.id if block is not None and not self.block else name

    def move_to(self, block: str) -> None:
        """Put the keyboard on a block, bring it into sight, and select it."""
        self._show(block)
        if block:
            self._session.set_view(selection=block, skip=None)
            self._bring_into_sight(block)
        self.tell_reader()

    def take_selection(self) -> None:
        """Begin at the selected block, where it is drawn."""
        chosen = self._session.view.selection or ""
        if chosen in self._view.scene_of_network.figure.nodes:
            self._show(chosen)

    def leave(self) -> None:
        """Be on no block."""
        self._show("")

    def tell_reader(self) -> None:
        """Say to a screen reader which block the keyboard or the selection is on."""
        session, view = self._session, self._view
        name = self.block or session.view.selection or ""
        block = session.block(name) or session.block_of.get(name)
        said = accessible_name(block, session.facts) if block is not None else self._wire_said()
        if said != view.accessibleDescription():
            view.setAccessibleDescription(said)
            QAccessible.updateAccessibility(
                QAccessibleEvent(view, QAccessible.Event.DescriptionChanged)
            )

    def _wire_said(self) -> str:
        """The selected skip or wire and what it joins; empty where none is selected."""
        session = self._session
        skip = session.facts.skip(session.view.skip) if session.view.skip else None
        if skip is not None:
            return skip_said(skip, session.facts)
        ends = chosen_wire(session)
        if ends is None:
            return ""
        return tr("Wire from {a} to {b}", a=spoken_name(ends[0]), b=spoken_name(ends[1]))

    def _show(self, block: str) -> None:
        scene = self._view.scene_of_network
        scene.show_pointer(replace(scene.pointer, focus=block))

    def _bring_into_sight(self, block: str) -> None:
        view = self._view
        card = view.scene_of_network.figure.nodes[block].card
        seen = QRectF(view.viewport().rect()).adjusted(MARGIN, TOP, -MARGIN, -MARGIN)
        here = QRectF(view.to_viewport(card.topLeft()), view.to_viewport(card.bottomRight()))
        if not seen.contains(here):
            view.look_at(card.center(), view.zoom)
