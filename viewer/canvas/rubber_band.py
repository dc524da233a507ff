"""The gesture that selects all blocks inside a rectangle."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from viewer.canvas.gesture import DRAG_FROM, Gesture
from viewer.canvas.items.overlay_item import NO_OVERLAY, Overlay
from viewer.canvas.viewport import Viewport
from viewer.session import Session
from viewer.session.edits import wires


class RubberBand(Gesture):
    """Selects what the rectangle touches; with Ctrl or Shift, beside what is selected already.

    A click on the ground without a drag selects nothing.
    """

    def __init__(self, view: Viewport, session: Session, start: QPointF, adds: bool) -> None:
        super().__init__(view, session, start)
        self._adds = adds
        self._before = session.view.selected if adds else ()
        self._corner = view.to_canvas(start)
        self._drawing = False

    def move(self, at: QPointF) -> None:
        if not self._drawing and (at - self.start).manhattanLength() < DRAG_FROM:
            return
        self._drawing = True
        band = QRectF(self._corner, self.view.to_canvas(at)).normalized()
        scene = self.view.scene_of_network
        scene.overlay.show_overlay(Overlay(band=band))
        touched = [n for n, node in scene.figure.nodes.items() if band.intersects(node.card)]
        names = tuple(dict.fromkeys((*self._before, *touched)))
        first = names[0] if names else None
        self.session.set_view(selection=first, also_selected=names[1:], skip=None)

    def end(self, at: QPointF) -> None:
        self.view.scene_of_network.overlay.show_overlay(NO_OVERLAY)
        if not self._drawing and not self._adds:
            self.session.set_view(selection=None, skip=None)
            wires.choose_wire(self.session, None)

    def cancel(self) -> None:
        names = self._before
        self.view.scene_of_network.overlay.show_overlay(NO_OVERLAY)
        first = names[0] if names else None
        self.session.set_view(selection=first, also_selected=names[1:], skip=None)
