"""The field that chooses the pictures: a set that is there, or a folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from viewer.controls import Choice, ElidedLabel, Field
from viewer.controls.file_dialog import pick_folder
from viewer.override_guard import Guarded
from viewer.text.escaping import name_text
from viewer.text.translation import mark, tr
from viewer.workspaces.train.recipe import names
from viewer.workspaces.train.recipe.field_rows import LABEL

FOLDER = "folder"


class DataField(Guarded, QWidget):
    """`chosen` tells `photographs`, `cells` or the path of a folder."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.choice = Choice(names.options(names.DATA))
        self.choice.setObjectName("recipe.data")
        self.field = Field(mark("Pictures"), self.choice, LABEL)
        self.field.set_help(lambda: tr(
            "Every fifth picture of a folder is held out. To segment, it needs images/ and masks/ "
            "with equal names. A folder can be dropped here."
        ))  # fmt: skip
        self.folder = ElidedLabel("", "small")
        self.folder.setContentsMargins(LABEL + 8, 0, 0, 0)
        self.choice.valueChanged.connect(self._choose)
        self._shown = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.field)
        column.addWidget(self.folder)

    def show_data(self, data: str) -> None:
        """Show which pictures the recipe takes."""
        known = data in names.DATA and data != FOLDER
        self.choice.set_value(data if known else FOLDER)
        self.folder.set_text("" if known else name_text(Path(data).name or data))
        self.folder.setVisible(not known)
        self._shown = data

    def _choose(self, value: object) -> None:
        if value != FOLDER:
            self.chosen.emit(str(value))
            return
        self.show_data(self._shown)  # until a folder is chosen
        title = tr("A folder of pictures to learn from")
        pick_folder(self.window(), title, self.chosen.emit)
