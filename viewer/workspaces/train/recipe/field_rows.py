"""Makes the fields of the recipe from rows of a table, and keeps them as the recipe is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from PySide6.QtWidgets import QVBoxLayout, QWidget

from analysis.training.recipe import Recipe
from viewer.controls import Field, Section, keep_shown
from viewer.override_guard import Guarded
from viewer.text.translation import tr
from viewer.workspaces.train.recipe.rows import Row

LABEL = 96


class FieldRows(Guarded, QWidget):
    """A heading and a field for each row; `write` is called with the recipe that was made.

    The fields are made when they are first asked for. `beside` is what stands among them, and
    after how many.
    """

    def __init__(
        self,
        heading: str,
        rows: Sequence[Row],
        current: Callable[[], Recipe],
        write: Callable[[Recipe], object],
        beside: tuple[int, QWidget] | None = None,
    ) -> None:
        super().__init__()
        self._rows, self._current, self._write = rows, current, write
        self._beside = beside
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(Section(heading))

    @property
    def is_made(self) -> bool:
        """Whether its fields are there."""
        return "fields" in vars(self)

    @cached_property
    def fields(self) -> dict[str, Field]:
        """The field of each row, by its key."""
        made = {row.key: self._field(row) for row in self._rows}
        shown: list[QWidget] = [*made.values()]
        if self._beside is not None:
            shown.insert(*self._beside)
        for each in shown:
            self._column.addWidget(each)
        return made

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
            keep_shown(field, row.shown(recipe))
            editor = field.editor
            value = row.read(recipe)
            if editor.value() != value:  # type: ignore[attr-defined]
                editor.set_value(value)  # type: ignore[attr-defined]
