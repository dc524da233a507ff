"""The row of a setting that may have a value for each level, with those levels' rows under it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from analysis.blueprints import Setting, Value
from analysis.blueprints.settings import level_setting
from viewer.controls import Field
from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.text.blueprint_names import setting_hint, setting_title
from viewer.text.translation import mark, say
from viewer.workspaces.build.blueprints.editors import Editor, show_value

INDENT = 12
SIDE = 18
GAP = 8


def has_levels(settings: Mapping[str, Value], setting: Setting) -> bool:
    """Whether any level has a value of its own."""
    return any(f"{setting.name}{n}" in settings for n in range(1, setting.by_level + 1))


def levels_of(settings: Mapping[str, Value], setting: Setting) -> range:
    """The levels that this network has of the setting, counted from 1."""
    depth = int(settings.get("depth", setting.by_level))
    return range(1, min(setting.by_level, depth + setting.past_depth) + 1)


class LevelRows(Guarded, QWidget):
    """A setting's rows by level: one for all, or, by a button at its end, one for each."""

    toggled = Signal(bool)
    """Whether the person asks for a value for each level, or for one for all."""

    def __init__(self, setting: Setting, field: Field, editor: Callable[[Setting], Editor]) -> None:
        super().__init__()
        self._setting, self._make = setting, editor
        self.rows: dict[int, Field] = {}
        self.button = QToolButton()
        self.button.setProperty("role", "inline")
        self.button.setCheckable(True)
        self.button.setIcon(icon("chevron-down"))
        say(self, self.button.setToolTip, mark("A value for each level"))
        say(self, self.button.setAccessibleName, mark("A value for each level"))
        self.button.clicked.connect(self.toggled)
        self.button.setFixedSize(SIDE, SIDE)
        self._field, self._width = field, field.label.maximumWidth()
        field.put_beside_label(self.button)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(field)

    def align(self) -> None:
        """Take the button's room from the label, so that the editor begins where others do."""
        self._width = self._field.label.maximumWidth()
        self._field.label.setFixedWidth(self._width - SIDE - GAP)
        for row in self.rows.values():
            row.label.setFixedWidth(self._width - INDENT)

    def show_levels(self, values: Mapping[int, Value], depth: int) -> None:
        """Show the rows of these levels, and no other."""
        self.button.setChecked(bool(values))
        self.button.setIcon(icon("chevron-up" if values else "chevron-down"))
        for level, value in values.items():
            if level not in self.rows:
                self._add(level)
            row = self.rows[level]
            text = mark("Bottleneck") if level > depth else mark("Level {n}")
            say(row, row.label.setText, text, n=level)
            say(row, row.editor.setAccessibleName, text, n=level)
            show_value(row.editor, value, ())
        for level, row in self.rows.items():
            row.setVisible(level in values)

    def _add(self, level: int) -> None:
        setting = level_setting(self._setting, level)
        row = Field(setting_title(self._setting), self._make(setting))
        row.setContentsMargins(INDENT, 0, 0, 0)
        row.label.setFixedWidth(self._width - INDENT)
        say(row, row.setToolTip, setting_hint(self._setting))
        self.rows[level] = row
        self._column.addWidget(row)
