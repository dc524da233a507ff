"""One picture of the stage: it zooms and pans, and its cells can be pointed at, pinned, typed."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)

from viewer.drawing.arithmetic.display import Spot
from viewer.drawing.arithmetic.grid import Grid
from viewer.drawing.arithmetic.highlight import Highlight, connected
from viewer.drawing.arithmetic.scene import Scene
from viewer.look.theme import theme
from viewer.workspaces.arithmetic.model import edits
from viewer.workspaces.arithmetic.model.scene_model import SceneModel
from viewer.workspaces.arithmetic.stage.zoomed_picture import ZoomedPicture

DRAG_FROM = 4.0
TYPED = "0123456789-−.,"
EDITS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2)
"""Keys that open the chosen cell for typing."""
PALE = 0.35
"""Opacity while the case is impossible: what is seen is the last one that was not."""


@dataclass(frozen=True)
class Cell:
    """A cell: which it is, where it lies in the widget, and in which grid of the picture."""

    spot: Spot
    rect: QRectF
    grid: int
    place: tuple[int, int]
    """(row, column) in the grid."""


class PictureView(ZoomedPicture):
    """Paints a stage picture of the model at the stage's step."""

    typed = Signal(object, str)
    """The person types on a cell: the `Cell`, and the first key ("" opens it as it is)."""

    def __init__(self, model: SceneModel) -> None:
        super().__init__(model)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._step = 0.0
        self._press: QPointF | None = None
        self._dragging = False
        self._chosen: Cell | None = None

    def show_step(self, step: float) -> None:
        """Show a step; between two steps the window is on its way."""
        self._step = step
        self.update()

    # ------------------------------------------------------------------------- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        scene, stage_picture, model = self.scene, self._stage_picture, self._model
        if scene is None or stage_picture is None:
            return
        # A cell that is pointed at is no step: the window of the step would only confuse.
        step = self._step if model.follows_step else None
        painter = QPainter(self)
        painter.setClipRect(event.rect())
        if model.fault is not None:
            painter.setOpacity(PALE)
        painter.translate(self._corner)
        stage_picture.picture.paint(painter, self._area, scene, step, self._highlight(scene))
        if self.hasFocus() and self._chosen is not None:
            self._frame_chosen(painter)
        painter.end()

    def _highlight(self, scene: Scene) -> Highlight | None:
        """What is lit here; None where the step itself says it."""
        model, stage_picture = self._model, self._stage_picture
        if model.follows_step or stage_picture is None:
            return None
        lit = model.highlight()
        if scene is model.scene or lit.focus is None:
            return lit
        try:
            return connected(scene, stage_picture.spot_in_picture(model.scene, lit.focus))
        except IndexError:  # of another channel: nothing of it is shown here
            return Highlight()

    def _frame_chosen(self, painter: QPainter) -> None:
        found = self._chosen_now()
        if found is None:
            return
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("accent"))
        painter.drawRect(found.rect.adjusted(0.5, 0.5, -0.5, -0.5))

    # ---------------------------------------------------------------------------- pointer

    def _cell_at(self, at: QPointF) -> Cell | None:
        for number, grid in enumerate(self._grids()):
            place = grid.at(at - self._corner)
            if place is not None:
                return self._cell(number, grid, place)
        return None

    def _cell(self, number: int, grid: Grid, place: tuple[int, int]) -> Cell | None:
        scene, stage_picture = self.scene, self._stage_picture
        if scene is None or stage_picture is None:
            return None
        spot = stage_picture.picture.spot(scene, grid, place)
        if spot is None:
            return None
        rect = grid.place.mapRect(grid.block(*place)).translated(self._corner)
        return Cell(stage_picture.spot_in_scene(self._model.scene, spot), rect, number, place)

    def _chosen_now(self) -> Cell | None:
        """The chosen cell as it lies now; None where it is no more, or no more the pinned one.

        Zoom, size and case may be others than when it was clicked.
        """
        chosen, grids = self._chosen, self._grids()
        if chosen is None or chosen.grid >= len(grids):
            return None
        grid, (row, column) = grids[chosen.grid], chosen.place
        if row >= grid.rows or column >= grid.columns:
            return None
        found = self._cell(chosen.grid, grid, chosen.place)
        return found if found is not None and found.spot == self._model.view.pinned else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._press, self._dragging = event.position(), False
            event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is not None:
            moved = event.position() - self._press
            if self._dragging or moved.manhattanLength() >= DRAG_FROM:
                self._dragging = True
                self.pan(moved)
                self._press = event.position()
            return
        found = self._cell_at(event.position())
        self._point(found.spot if found is not None else None)
        pointed = Qt.CursorShape.PointingHandCursor if found else Qt.CursorShape.ArrowCursor
        self.setCursor(pointed)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._press is None:
            return
        self._press = None
        if self._dragging or event.button() != Qt.MouseButton.LeftButton:
            return
        found = self._cell_at(event.position())
        pinned = self._model.view.pinned
        again = found is None or found.spot == pinned
        self._chosen = None if again else found
        spot = None if again or found is None else found.spot
        edits.set_live(self._model.session, hover=None, playing=False)
        edits.set_view(self._model.session, pinned=spot)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        found = self._cell_at(event.position())
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if found is None:
            self.fit()
            return
        self._chosen = found
        edits.set_view(self._model.session, pinned=found.spot)
        self.typed.emit(found, "")

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)
        super().leaveEvent(event)

    def _point(self, spot: Spot | None) -> None:
        if self._model.live.hover != spot:
            edits.set_live(self._model.session, hover=spot)

    # --------------------------------------------------------------------------- keyboard

    def event(self, event: QEvent) -> bool:
        """F, and what is typed into a cell, are for the picture and no command of the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            typed = event.key() in EDITS or bool(event.text() and event.text() in TYPED)
            if event.key() == Qt.Key.Key_F or (typed and self._chosen_now() is not None):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        chosen = self._chosen_now()
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        text = event.text()
        if event.key() == Qt.Key.Key_F and not held:
            self.fit()
            return
        if chosen is not None and not held:
            if event.key() in EDITS:
                self.typed.emit(chosen, "")
                return
            if text and text in TYPED:
                self.typed.emit(chosen, text)
                return
        event.ignore()  # the stage steps and plays
