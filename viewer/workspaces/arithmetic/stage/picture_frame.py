"""A picture of the stage with its title, its zoom, and the editor of its cells."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from viewer.controls import labelled
from viewer.override_guard import Guarded
from viewer.text.translation import say
from viewer.workspaces.arithmetic.model.scene_model import SceneModel
from viewer.workspaces.arithmetic.stage.cell_editor import CellEditor
from viewer.workspaces.arithmetic.stage.picture_choice import StagePicture
from viewer.workspaces.arithmetic.stage.picture_view import Cell, PictureView


class PictureFrame(Guarded, QWidget):
    """Title, one muted line, the picture."""

    def __init__(self, model: SceneModel) -> None:
        super().__init__()
        self.title = labelled("strong")
        self.subtitle = labelled("caption")
        self.view = PictureView(model)
        self.editor = CellEditor(model, self.view)
        self.view.typed.connect(self._type)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.title)
        column.addWidget(self.subtitle)
        column.addWidget(self.view, 1)

    def show_stage_picture(self, stage_picture: StagePicture) -> None:
        """Show another picture under its name."""
        say(self, self.title.setText, stage_picture.title)
        say(self, self.subtitle.setText, stage_picture.subtitle)
        say(self, self.view.setAccessibleName, stage_picture.title)
        self.view.show_stage_picture(stage_picture)

    def show_title(self, shown: bool) -> None:
        """Without a title where a switch names the picture already."""
        self.title.setVisible(shown)

    def _type(self, cell: Cell, first: str) -> None:
        self.editor.open(cell.spot, cell.rect, first)
