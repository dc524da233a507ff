"""A picture of the stage that zooms about the pointer and is moved."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from viewer.controls.context_menu import offer_picture
from viewer.drawing.arithmetic.grid import Grid
from viewer.drawing.arithmetic.scene import Scene
from viewer.override_guard import Guarded
from viewer.workspaces.arithmetic.model.scene_model import SceneModel
from viewer.workspaces.arithmetic.stage.picture_choice import StagePicture

LARGEST_ZOOM = 24.0
WHEEL_STEP = 1.0015
MANY, READABLE = 20, 18.0
"""Cells along an axis that are rather seen as a picture; px of a cell that can be read."""
LARGE_ENOUGH = 40.0
"""Px of a cell: more shows no more."""


class ZoomedPicture(Guarded, QWidget):
    """Where a stage picture of the model lies in the widget; whole at first."""

    def __init__(self, model: SceneModel) -> None:
        super().__init__()
        offer_picture(self)
        self.setMinimumSize(200, 120)
        self._model = model
        self._stage_picture: StagePicture | None = None
        self._zoom, self._corner = 1.0, QPointF()
        self._sizes: object = None

    def sizeHint(self) -> QSize:
        """It takes what there is."""
        return QSize(360, 320)

    def show_stage_picture(self, stage_picture: StagePicture) -> None:
        """Show another picture, whole."""
        case = self._model.scene.case
        sizes = (case.kind, case.in_size, case.out_size, case.channels)
        if stage_picture is not self._stage_picture or sizes != self._sizes:
            self._stage_picture, self._sizes = stage_picture, sizes
            self.fit()
        self.update()

    @property
    def scene(self) -> Scene | None:
        """What the stage picture is of."""
        return (
            None if self._stage_picture is None else self._stage_picture.scene_of(self._model.scene)
        )

    @property
    def _area(self) -> QRectF:
        """The picture's own rectangle, before it is moved."""
        return QRectF(0, 0, self.width() * self._zoom, self.height() * self._zoom)

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
        scene, stage_picture = self.scene, self._stage_picture
        if scene is None or stage_picture is None:
            return ()
        return stage_picture.picture.grids(scene, self._area)

    def reads_in(self, area: QRectF) -> bool:
        """Whether its cells hold numbers in such a rectangle, or would not in any other either."""
        scene, stage_picture = self.scene, self._stage_picture
        if scene is None or stage_picture is None:
            return True
        if max(*scene.case.in_size, *scene.case.out_size) > MANY:
            return True
        grids = stage_picture.picture.grids(scene, area)
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
