"""The canvas widget: receives pointer and keyboard events and passes each to its handler."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QCursor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from analysis.storage.document import Document
from viewer.canvas import keyboard
from viewer.canvas.context_menu import canvas_entries
from viewer.canvas.corner_controls import UndoControl, ZoomControl
from viewer.canvas.gesture import Gesture
from viewer.canvas.gestures import gesture_for
from viewer.canvas.hit_test import NOTHING, Hit
from viewer.canvas.items.item_states import Pointer
from viewer.canvas.keyboard_focus import KeyboardFocus
from viewer.canvas.keyboard_wire import KeyboardWire
from viewer.canvas.legend import Heading, Legend
from viewer.canvas.name_editor import NameEditor
from viewer.canvas.pointer_throttle import PointerThrottle
from viewer.canvas.scene import CanvasScene
from viewer.canvas.template_drops import TemplateDrops
from viewer.canvas.tool_tips import tip, tip_text
from viewer.canvas.viewport import MARGIN, Viewport
from viewer.controls.context_menu import Entry, offer_menu
from viewer.controls.focus_frame import FocusFrame, came_by_key
from viewer.drawing.network.block_picture import REDUCED
from viewer.drawing.painting.text import enlarge
from viewer.look.theme import theme
from viewer.look.type_size import type_size
from viewer.session import Live, Session
from viewer.session.edits import blocks, gates, groups
from viewer.session.edits.wires import ChosenWire
from viewer.session.lesson_scene import LessonScene
from viewer.session.review.proof import ShownProof
from viewer.session.step_maps import StepMaps
from viewer.session.trained_weights import TrainedWeights
from viewer.session.view_state import Pin, ViewState
from viewer.text.translation import language, say

WHEEL_STEP = 1.0015
"""Zoom factor for one unit of a wheel's angle; a notch is 120."""


class CanvasView(Viewport):
    """The QGraphicsView that shows the network as its feature maps."""

    layerAsked = Signal(str)
    """The person wants the arithmetic of a block or an operator, by its id."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(CanvasScene(session), session.view.zoom is None, parent)
        self.session = session
        self._space_held = False
        self._gesture: Gesture | None = None
        self._opened: str | None = None
        """The group whose opening waits for its places; empty where groups were closed."""
        self._pointer = PointerThrottle(self._hover, self)
        self.focus = KeyboardFocus(self, session)
        self.wire = KeyboardWire(self, session, self.focus)
        self.heading = Heading(self)
        self.zoom_control = ZoomControl(self, self.zoom_by, self.actual_size, self.fit)
        self.undo_control = UndoControl(self, session.history)
        self.legend = Legend(self)
        self.hint = Legend(self, framed=False)
        self.drops = TemplateDrops(self, session)
        self.name_editor = NameEditor(self, session)
        FocusFrame.put_on(self)
        self._connect()
        say(self, self.setAccessibleName, "Network canvas")
        offer_menu(self, self._entries_at)
        self._ground()
        self._say()
        if session.view.zoom is not None:
            content = self.scene_of_network.content(session.view.zoom)
            self.look_at(content.center(), session.view.zoom)

    def _connect(self) -> None:
        session = self.session
        self.zoomChanged.connect(self.zoom_control.show_zoom)
        self.zoomSettled.connect(self._save_zoom)
        session.viewChanged.connect(self._view_changed)
        session.documentChanged.connect(self._document_changed)
        session.placesChanged.connect(self._places_changed)
        session.liveChanged.connect(self._live_changed)
        session.factsChanged.connect(self._say)
        session.fieldChanged.connect(self._say)
        session.measuredReady.connect(self._measured)
        language.changed.connect(self._say)
        theme.changed.connect(self._ground)
        type_size.changed.connect(self._type_changed)

    def _save_zoom(self, zoom: float | None) -> None:
        self.session.set_view(zoom=zoom)

    def _ground(self) -> None:
        self.setBackgroundBrush(theme.color("canvas"))

    # --------------------------------------------------------------- in step with the session

    def _view_changed(self, before: ViewState, after: ViewState) -> None:
        if (before.expanded, before.collapsed) != (after.expanded, after.collapsed):
            self._opened = next(iter(sorted(after.expanded - before.expanded)), "")
            if not self.session.is_rough:  # else it is fitted when it is laid out
                self._places_changed()
        self._say()
        self.focus.tell_reader()

    def _document_changed(self, before: Document, after: Document) -> None:
        same = after.graph is before.graph and after.positions == before.positions
        if self._gesture is None and not same and not self.session.is_rough:
            with self._moving(edited=True):
                self.fit_again()
        self._say()

    def _places_changed(self) -> None:
        """What is opened, or a large network that was edited, has its places: move there."""
        opened, self._opened = self._opened, None
        with self._moving(edited=False):
            if self._gesture is not None:
                return
            if opened is None:
                self.fit_again()
            else:
                self.fit_to_frame(opened)

    @contextmanager
    def _moving(self, edited: bool) -> Iterator[None]:
        """Let blocks go to their new places from where they are seen, while the view changes."""
        centre, zoom = self._centre, self._zoom
        yield
        scene = self.scene_of_network
        session = self.session
        fresh = session.history.count() == 0 and session.document.graph is session.opened
        if self.isVisible() and self._zoom >= REDUCED and not (edited and fresh):
            scale = zoom / self._zoom
            scene.motion.go(scene.figure, lambda p: self._centre + (p - centre) * scale, edited)

    def _live_changed(self, before: Live, after: Live) -> None:
        if before.part(ChosenWire) != after.part(ChosenWire):
            self.focus.tell_reader()
        told = (TrainedWeights, StepMaps, LessonScene)
        if any(before.part(kind) != after.part(kind) for kind in told):
            self._say()
        if before.part(ShownProof) != after.part(ShownProof):
            self.show_proof()

    def _say(self, *_: object) -> None:
        mode = self.session.workspace.canvas
        self.heading.show_words(*mode.heading(self.session))
        self.legend.show_pieces(mode.legend(self.session))
        self.hint.show_pieces(mode.hint(self.session))
        self.undo_control.setVisible(mode.shows_undo)
        self._place_overlays()

    def _measured(self, *_: object) -> None:
        """The legend comes with the first measure, and may lie over what was fitted before."""
        self._say()
        if self._gesture is None:
            self.clear_corners()

    def _type_changed(self) -> None:
        """Captions and heading are of another size."""
        enlarge(type_size.factor)
        self.heading.fit_again()
        self.scene_of_network.measure_again()
        self._place_overlays()
        self.fit_again()

    def _place_overlays(self) -> None:
        width, height = self.width(), self.height()
        taken = self.undo_control.width() + 12 if self.undo_control.isVisibleTo(self) else 0
        self.heading.move(MARGIN, 10)
        self.heading.keep_to(max(1, width - 2 * MARGIN - taken))
        foot = height - MARGIN - self.zoom_control.height()
        self.zoom_control.move(MARGIN, foot)
        self.undo_control.move(width - MARGIN - self.undo_control.width(), 10)
        self.legend.move(width - MARGIN - self.legend.width(), foot)
        self.hint.move(width - MARGIN - self.hint.width(), foot)
        spare = width - 3 * MARGIN - self.zoom_control.width()
        for strip in (self.legend, self.hint):
            strip.setVisible(bool(strip.pieces) and strip.width() <= spare)

    def corners(self) -> tuple[QRectF, ...]:
        """Zoom control, legend and hint where they are shown."""
        shown = (self.zoom_control, self.legend, self.hint)
        return tuple(QRectF(each.geometry()) for each in shown if each.isVisibleTo(self))

    # ------------------------------------------------------------------------------ pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        self._pointer.forget()
        hit = self.scene_of_network.hits.at(self.to_canvas(at))
        button, keys = event.button(), event.modifiers()
        space = self._space_held
        self._gesture = gesture_for(self, self.session, at, hit, button, keys, space)
        if self._gesture is not None:
            self._point(hit)
            if self._gesture.cursor is not None:
                self.viewport().setCursor(self._gesture.cursor)
            event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._gesture is not None:
            self._gesture.move(event.position())
        else:
            self._pointer.go(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._gesture is not None:
            gesture, self._gesture = self._gesture, None
            gesture.end(event.position())
            self._hover(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        hit = self.scene_of_network.hits.at(self.to_canvas(event.position()))
        if hit.kind == "gate":
            gates.set_gate(self.session, hit.name, gates.OPEN)
        elif self._takes_apart(hit):
            self.layerAsked.emit(hit.name)
        elif hit.kind == "frame" and not hit.sign:  # the first press on the sign has closed it
            blocks.toggle_block(self.session, hit.name)
        elif hit.kind in ("block", "row") and hit.node is not None:
            blocks.toggle_block(self.session, hit.node.id)
        elif not self._name_at(self.to_canvas(event.position())):
            self.mousePressEvent(event)

    def _name_at(self, point: QPointF) -> bool:
        """Let the name be typed whose caption lies there; whether one does."""
        name = self.scene_of_network.hits.caption_at(point)
        if not name or not self.session.workspace.canvas.edits:
            return False
        self.session.set_view(selection=name, skip=None)
        return groups.begin_rename(self.session)

    def _takes_apart(self, hit: Hit) -> bool:
        """Whether a double-click means the arithmetic of what it hits.

        Of an operator everywhere; of a block, which opens elsewhere, where the workspace says so.
        """
        if hit.kind not in ("block", "row"):
            return False
        from viewer.session.arithmetic_layers import layer_in

        block = self.session.block(hit.name)
        single = hit.kind == "row" or block is None or len(block.nodes) == 1
        here = self.session.workspace.canvas.opens_layers
        return (single or here) and layer_in(self.session, hit.name) is not None

    def _entries_at(self, at: QPoint) -> Sequence[Entry]:
        if self.session.workspace.canvas.fixed:
            return ()
        point = self.to_canvas(QPointF(at))
        hit = self.scene_of_network.hits.at(point)
        place = (point.x(), point.y())
        return canvas_entries(self.session, hit, self.layerAsked.emit, place)

    def ground_under_pointer(self) -> tuple[float, float] | None:
        """Where the pointer is over empty canvas, in canvas px; None where it is elsewhere."""
        at = self.viewport().mapFromGlobal(QCursor.pos())
        point = self.to_canvas(QPointF(at))
        inside = self.viewport().rect().contains(at) and self.viewport().underMouse()
        if not inside or self.scene_of_network.hits.at(point) != NOTHING:
            return None
        return point.x(), point.y()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y() or event.angleDelta().x()
        hit = self.scene_of_network.hits.gate_at(self.to_canvas(event.position()))
        if hit is not None:
            gate = gates.gate(self.session.document, hit.name)
            gate = gates.snapped(gate + (0.1 if turn > 0 else -0.1))
            gates.set_gate(self.session, hit.name, gate, f"gate {hit.name}")
        elif turn:
            self.zoom_by(WHEEL_STEP**turn, event.position())
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer.forget()
        self._point(NOTHING)
        super().leaveEvent(event)

    def _hover(self, at: QPointF) -> None:
        point = self.to_canvas(at)
        hit = self.scene_of_network.hits.at(point)
        self._point(hit)
        edits = self.session.workspace.canvas.edits and hit.kind != "row"
        on_port = edits and self.scene_of_network.hits.port_at(point) is not None
        self.viewport().setCursor(Qt.CursorShape.CrossCursor if on_port else self._cursor(hit))

    def _cursor(self, hit: Hit) -> Qt.CursorShape:
        if self._space_held:
            return Qt.CursorShape.OpenHandCursor
        if hit.kind == "gate":
            return Qt.CursorShape.SizeVerCursor
        if hit.unit is not None and self.session.workspace.canvas.follows_field:
            return Qt.CursorShape.CrossCursor
        pointed = hit.kind in ("block", "row", "skip", "wire", "frame")
        return Qt.CursorShape.PointingHandCursor if pointed else Qt.CursorShape.ArrowCursor

    def _point(self, hit: Hit) -> None:
        """Show what the pointer is on; where the canvas follows the field it changes at once."""
        block = hit.node.id if hit.node is not None else hit.name if hit.kind == "frame" else ""
        gate = hit.name if hit.kind == "gate" else ""
        skip = hit.name if hit.kind in ("gate", "skip") else ""
        focus = self.scene_of_network.pointer.focus
        self.scene_of_network.show_pointer(Pointer(block, gate, skip, focus))
        session = self.session
        hover: Pin | None = None
        follows = session.workspace.canvas.follows_field
        if follows and hit.unit is not None and hit.node is not None:
            hover = Pin(hit.node.output, *hit.unit)
        session.set_live(hover=hover)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = QPointF(event.pos())
            text = tip(self.session, self.scene_of_network.hits.at(self.to_canvas(at)))
            QToolTip.showText(event.globalPos(), tip_text(text), self)
            return True
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom_by(1.0 + event.value(), event.position())
            return True
        return super().viewportEvent(event)

    # ----------------------------------------------------------------------------- keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._gesture is not None:
            self._gesture.cancel()
            self._gesture = None
        elif event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._space_held = True
                self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        elif not keyboard.press(
            self, self.session, self.focus, self.wire, event.key(), event.modifiers()
        ):
            event.ignore()

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:
        """The Menu key opens the menu at the selected block, which stands for a text cursor."""
        if query == Qt.InputMethodQuery.ImCursorRectangle:
            name = self.focus.start
            node = self.scene_of_network.figure.nodes.get(name)
            if node is not None:
                corners = (node.card.topLeft(), node.card.bottomRight())
                return QRectF(*(self.to_viewport(corner) for corner in corners)).toRect()
        return super().inputMethodQuery(query)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space_held = False
            self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        else:
            super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if came_by_key(event.reason()):
            self.focus.take_selection()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._space_held = False
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.wire.cancel()
        self.focus.leave()

    # ------------------------------------------------------------------------------- window

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_overlays()
        self.fit_again()  # clear of what was just placed

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit_again()
