"""One picture of the stage: it zooms and pans, and its cells can be pointed at, pinned, typed."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from viewer import arithmetic_edits as edits
from viewer.arithmetic_view import Spot
from viewer.bench import Bench
from viewer.drawing.arithmetic import Grid, Highlight, Scene, connected
from viewer.panels.arithmetic_exhibits import Exhibit
from viewer.theme import theme

LARGEST_ZOOM = 24.0
WHEEL_STEP = 1.0015
DRAG_FROM = 4.0
MANY, READABLE = 20, 18.0
"""Cells along an axis that are rather seen as a picture; px of a cell that can be read."""
LARGE_ENOUGH = 40.0
"""Px of a cell: more shows no more."""
TYPED = "0123456789-−.,"
PALE = 0.35
"""Opacity while the case is impossible: what is seen is the last one that was not."""


@dataclass(frozen=True)
class Cell:
    """A cell under the pointer: which it is, and where it lies in the widget."""

    spot: Spot
    rect: QRectF


class PictureView(QWidget):
    """Paints an exhibit of the bench at the stage's step."""

    typed = Signal(object, str)
    """The person types on a cell: the `Cell`, and the first key ("" opens it as it is)."""

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(200, 120)
        self._bench = bench
        self._exhibit: Exhibit | None = None
        self._step = 0.0
        self._zoom, self._corner = 1.0, QPointF()
        self._press: QPointF | None = None
        self._dragging = False
        self._chosen: Cell | None = None
        self._sizes: object = None

    def sizeHint(self) -> QSize:
        """It takes what there is."""
        return QSize(360, 320)

    def show_exhibit(self, exhibit: Exhibit) -> None:
        """Show another picture, whole."""
        case = self._bench.scene.case
        sizes = (case.kind, case.in_size, case.out_size, case.channels)
        if exhibit is not self._exhibit or sizes != self._sizes:
            self._exhibit, self._sizes = exhibit, sizes
            self.fit()
        self.update()

    def show_step(self, step: float) -> None:
        """Show a step; between two steps the window is on its way."""
        self._step = step
        self.update()

    # ------------------------------------------------------------------------- painting

    @property
    def scene(self) -> Scene | None:
        """What the exhibit is of."""
        return None if self._exhibit is None else self._exhibit.scene_of(self._bench.scene)

    @property
    def _area(self) -> QRectF:
        """The picture's own rectangle, before it is moved."""
        return QRectF(0, 0, self.width() * self._zoom, self.height() * self._zoom)

    def paintEvent(self, event: QPaintEvent) -> None:
        scene, exhibit, bench = self.scene, self._exhibit, self._bench
        if scene is None or exhibit is None:
            return
        # A cell that is pointed at is no step: the window of the step would only confuse.
        step = self._step if bench.follows_step else None
        painter = QPainter(self)
        painter.setClipRect(event.rect())
        if bench.fault is not None:
            painter.setOpacity(PALE)
        painter.translate(self._corner)
        exhibit.picture.paint(painter, self._area, scene, step, self._highlight(scene))
        if self.hasFocus() and self._chosen is not None:
            self._frame_chosen(painter)
        painter.end()

    def _highlight(self, scene: Scene) -> Highlight | None:
        """What is lit here; None where the step itself says it."""
        bench, exhibit = self._bench, self._exhibit
        if bench.follows_step or exhibit is None:
            return None
        lit = bench.highlight()
        if scene is bench.scene or lit.focus is None:
            return lit
        try:
            return connected(scene, exhibit.spot_there(bench.scene, lit.focus))
        except IndexError:  # of another channel: nothing of it is shown here
            return Highlight()

    def _frame_chosen(self, painter: QPainter) -> None:
        found = self._cell_at(self._chosen.rect.center()) if self._chosen is not None else None
        if found is None or found.spot != self._bench.view.pinned:
            return
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("accent"))
        painter.drawRect(found.rect.adjusted(0.5, 0.5, -0.5, -0.5))

    # ----------------------------------------------------------------------- zoom and pan

    def fit(self) -> None:
        """Show the whole picture."""
        self._zoom, self._corner = 1.0, QPointF()
        self.update()

    @property
    def zoom(self) -> float:
        """1 shows the whole picture."""
        return self._zoom

    def zoom_by(self, factor: float, at: QPointF) -> None:
        """Zoom about a point of the widget: the cell under it stays under it.

        Room between grids does not grow with them, so the place is held by its grid.
        """
        held = self._place_at(at)
        if factor > 1 and self._least_cell() >= LARGE_ENOUGH:
            return
        zoom = min(max(self._zoom * factor, 1.0), LARGEST_ZOOM)
        self._corner = at - (at - self._corner) * (zoom / self._zoom)
        self._zoom = zoom
        if held is not None:
            number, row, column = held
            self._corner = at - self._grids()[number].on_picture(row, column)
        self._keep_inside()

    def _grids(self) -> tuple[Grid, ...]:
        scene, exhibit = self.scene, self._exhibit
        if scene is None or exhibit is None:
            return ()
        return exhibit.picture.grids(scene, self._area)

    def reads_in(self, area: QRectF) -> bool:
        """Whether its cells hold numbers in such a rectangle, or would not in any other either."""
        scene, exhibit = self.scene, self._exhibit
        if scene is None or exhibit is None:
            return True
        if max(*scene.case.in_size, *scene.case.out_size) > MANY:
            return True
        grids = exhibit.picture.grids(scene, area)
        table = any(grid.part == "matrix" for grid in grids)
        return table or min(g.cell for g in grids if g.part != "kernel") >= READABLE

    def _least_cell(self) -> float:
        return min((grid.cell for grid in self._grids() if grid.part != "kernel"), default=0.0)

    def _place_at(self, at: QPointF) -> tuple[int, float, float] | None:
        """Which grid is under a point, and where in it, in cells."""
        point = at - self._corner
        for number, grid in enumerate(self._grids()):
            back, possible = grid.place.inverted()
            local = back.map(point)
            if possible and grid.outer.contains(local):
                return number, local.y() / grid.tall, local.x() / grid.cell
        return None

    def pan(self, by: QPointF) -> None:
        """Move the picture."""
        self._corner += by
        self._keep_inside()

    def _keep_inside(self) -> None:
        low_x, low_y = self.width() * (1 - self._zoom), self.height() * (1 - self._zoom)
        self._corner = QPointF(
            min(max(self._corner.x(), low_x), 0.0), min(max(self._corner.y(), low_y), 0.0)
        )
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_inside()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y()
        if turn:
            self.zoom_by(WHEEL_STEP**turn, event.position())
        event.accept()

    # ---------------------------------------------------------------------------- pointer

    def _cell_at(self, at: QPointF) -> Cell | None:
        scene, exhibit = self.scene, self._exhibit
        if scene is None or exhibit is None:
            return None
        point = at - self._corner
        for grid in self._grids():
            place = grid.at(point)
            if place is not None:
                spot = exhibit.picture.spot(scene, grid, place)
                if spot is None:
                    return None
                rect = grid.place.mapRect(grid.block(*place)).translated(self._corner)
                return Cell(exhibit.spot_here(self._bench.scene, spot), rect)
        return None

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
        pinned = self._bench.view.pinned
        again = found is None or found.spot == pinned
        self._chosen = None if again else found
        spot = None if again or found is None else found.spot
        edits.set_live(self._bench.session, hover=None, playing=False)
        edits.set_view(self._bench.session, pinned=spot)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        found = self._cell_at(event.position())
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if found is None:
            self.fit()
            return
        self._chosen = found
        edits.set_view(self._bench.session, pinned=found.spot)
        self.typed.emit(found, "")

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)
        super().leaveEvent(event)

    def _point(self, spot: Spot | None) -> None:
        if self._bench.live.hover != spot:
            edits.set_live(self._bench.session, hover=spot)

    # --------------------------------------------------------------------------- keyboard

    def event(self, event: QEvent) -> bool:
        """F, and what is typed into a cell, are for the picture and no command of the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            typed = bool(event.text()) and event.text() in TYPED
            if event.key() == Qt.Key.Key_F or (typed and self._types):
                event.accept()
                return True
        return super().event(event)

    @property
    def _types(self) -> bool:
        """Whether a key would begin a number."""
        return self._chosen is not None and self._chosen.spot == self._bench.view.pinned

    def keyPressEvent(self, event: QKeyEvent) -> None:
        chosen = self._chosen
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        text = event.text()
        if event.key() == Qt.Key.Key_F and not held:
            self.fit()
            return
        if chosen is not None and self._types and not held:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
                self.typed.emit(chosen, "")
                return
            if text and text in TYPED:
                self.typed.emit(chosen, text)
                return
        event.ignore()  # the stage steps and plays
