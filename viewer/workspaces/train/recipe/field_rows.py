"""Makes the fields of the recipe from rows of a table, and keeps them as the recipe is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from analysis.training.recipe import Recipe
from viewer.controls import Field, Section
from viewer.override_guard import Guarded
from viewer.text.translation import tr
from viewer.workspaces.train.recipe.rows import Row

LABEL = 96


class FieldRows(Guarded, QWidget):
    """A heading and a field for each row; `write` is called with the recipe that was made."""

    def __init__(
        self,
        heading: str,
        rows: Sequence[Row],
        current: Callable[[], Recipe],
        write: Callable[[Recipe], object],
    ) -> None:
        super().__init__()
        self._rows, self._current, self._write = rows, current, write
        self.fields: dict[str, Field] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Section(heading))
        for row in rows:
            field = self._field(row)
            self.fields[row.key] = field
            column.addWidget(field)
        self.show_recipe()

    def _field(self, row: Row) -> Field:
        editor = row.make()
        editor.setObjectName(f"recipe.{row.key}")
        field = Field(row.label, editor, LABEL)
        field.set_help(lambda: tr(row.help))
        refused = getattr(editor, "refused", None)
        if refused is not None:
            refused.connect(field.set_note)
        editor.valueChanged.connect(  # type: ignore[attr-defined]
            lambda value: self._write(row.write(self._current(), value))
        )
        return field

    def show_recipe(self) -> None:
        """Show what the recipe holds; rows that mean nothing for it are hidden."""
        recipe = self._current()
        for row in self._rows:
            field = self.fields[row.key]
            field.setVisible(row.shown(recipe))
            editor = field.editor
            value = row.read(recipe)
            if editor.value() != value:  # type: ignore[attr-defined]
                editor.set_value(value)  # type: ignore[attr-defined]
