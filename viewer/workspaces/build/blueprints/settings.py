"""The settings of one blueprint as rows, each sending its change at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from analysis.blueprints import BLUEPRINTS, Setting, Value
from analysis.blueprints.settings import at_level
from analysis.faults import Fault
from viewer.controls import (
    Field,
    ListBox,
    NumberBox,
    Section,
    Segmented,
    SizeBox,
    align_labels,
)
from viewer.override_guard import Guarded
from viewer.text.blueprint_names import setting_hint, setting_title
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.build.blueprints.editors import Editor, editor_of, show_value
from viewer.workspaces.build.blueprints.level_rows import LevelRows, has_levels, levels_of

LABEL = 92


class BlueprintSettings(Guarded, QWidget):
    """A row for every setting; numbers outside their limits cannot be typed."""

    changed = Signal(str, object)
    """Name and value of the setting that was changed."""
    levelled = Signal(str, bool)
    """Name of the setting whose levels shall be shown, or that shall have one value for all."""
    resized = Signal(object)
    """The input's (height, width)."""
    stepped = Signal()
    """The person is done with one value: what follows is undone by itself."""

    def __init__(
        self,
        name: str,
        settings: Mapping[str, Value],
        size: tuple[int, ...],
        opened: Collection[str] = (),
    ) -> None:
        super().__init__()
        self.name = name
        self.fields: dict[str, Field] = {}
        self.levels: dict[str, LevelRows] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        ends = Section(mark("Input and output"))
        for setting in BLUEPRINTS[name].settings:
            if setting.name == "in":
                column.addSpacing(8)
                column.addWidget(ends)
            column.addWidget(self._row(setting, size))
        self._align()
        language.changed.connect(self._align)
        self.show_settings(settings, size, opened)

    def _row(self, setting: Setting, size: tuple[int, ...]) -> QWidget:
        field = Field(setting_title(setting), self._editor(setting, size), LABEL)
        field.editor.setObjectName(f"build.setting.{setting.name}")
        if isinstance(field.editor, Segmented):
            field.editor.name_options(f"build.setting.{setting.name}")
        say(self, field.setToolTip, setting_hint(setting))
        self.fields[setting.name] = field
        if not setting.by_level:
            return field
        rows = LevelRows(setting, field, lambda level: self._editor(level, ()))
        rows.toggled.connect(lambda split: self.levelled.emit(setting.name, split))
        self.levels[setting.name] = rows
        return rows

    def _align(self) -> None:
        align_labels(self.fields.values(), LABEL)
        for rows in self.levels.values():
            rows.align()

    def show_settings(
        self,
        settings: Mapping[str, Value],
        size: tuple[int, ...],
        opened: Collection[str] = (),
    ) -> None:
        """Show other values; what is being typed is left alone when it means them.

        Levels are shown of the settings that are `opened`, and where they differ.
        """
        for name, field in self.fields.items():
            show_value(field.editor, settings[name], size)
        for setting in BLUEPRINTS[self.name].settings:
            if rows := self.levels.get(setting.name):
                split = setting.name in opened or has_levels(settings, setting)
                levels = levels_of(settings, setting) if split else ()
                values = {n: at_level(settings, setting.name, n) for n in levels}
                rows.show_levels(values, int(settings.get("depth", setting.by_level)))

    def _editor(self, setting: Setting, size: tuple[int, ...]) -> Editor:
        editor = editor_of(setting, size)
        match editor:
            case SizeBox() as sizes:
                sizes.valueChanged.connect(self.resized)
                sizes.editingFinished.connect(self.stepped)
            case NumberBox() as box:
                box.valueChanged.connect(lambda value: self._number(setting, value))
                box.editingFinished.connect(self.stepped)
            case ListBox() as line:
                line.valueChanged.connect(lambda text: self._listed(setting, text))
                line.editingFinished.connect(lambda: self._list_left(line, setting))
            case _:
                editor.valueChanged.connect(lambda value: self._chosen(setting.name, value))
        return editor

    def _number(self, setting: Setting, value: int) -> None:
        """Where only odd kernels work, an even one becomes the nearest, and it says so."""
        nearest = setting.nearest(value)
        if field := self.fields.get(setting.name):
            said = tr(
                "Only odd kernels work here: {nearest} is the nearest to {value}.",
                nearest=nearest,
                value=value,
            )
            if setting.name != "kernel":
                said = tr("{nearest} is the nearest to {value} here.", nearest=nearest, value=value)
            field.set_note("" if nearest == value else said, wrong=False)
        self.changed.emit(setting.name, nearest)

    def _listed(self, setting: Setting, text: str) -> None:
        """Numbers that the setting takes are sent; of others it is said why not."""
        read = setting.read(text)
        said = fault_sentence(read) if isinstance(read, Fault) else ""
        self.fields[setting.name].set_note(said)
        if not isinstance(read, Fault):
            self.changed.emit(setting.name, read)

    def _list_left(self, line: ListBox, setting: Setting) -> None:
        """What cannot be read goes back to the last that could."""
        line.setModified(False)
        self.fields[setting.name].set_note("")
        self.stepped.emit()

    def _chosen(self, name: str, value: object) -> None:
        self.stepped.emit()
        self.changed.emit(name, value)
