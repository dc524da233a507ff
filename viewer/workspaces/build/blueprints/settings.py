"""The settings of one blueprint as rows, each sending its change at once."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QVBoxLayout, QWidget

from analysis.blueprints import BLUEPRINTS, Setting, Value
from viewer.controls import Choice, Field, NumberBox, Section, Segmented, SizeBox, align_labels
from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.text.blueprint_names import choice_title, setting_hint, setting_title
from viewer.text.translation import language, mark, say, tr

LABEL = 92
ICONS = {"norm": ("norm", "norm"), "activation": ("activation", "act")}
CHOICE_ICONS = {
    "max": ("pool", "pool"),
    "average": ("average-pool", "pool"),
    "strided": ("conv", "conv"),
    "transposed": ("transposed-conv", "tconv"),
    "nearest": ("upsample", "resample"),
    "bilinear": ("upsample", "resample"),
}


class BlueprintSettings(Guarded, QWidget):
    """A row for every setting; numbers outside their limits cannot be typed."""

    changed = Signal(str, object)
    """Name and value of the setting that was changed."""
    resized = Signal(object)
    """The input's (height, width)."""
    stepped = Signal()
    """The person is done with one value: what follows is undone by itself."""

    def __init__(self, name: str, settings: Mapping[str, Value], size: tuple[int, ...]) -> None:
        super().__init__()
        self.name = name
        self.fields: dict[str, Field] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        ends = Section(mark("Input and output"))
        for setting in BLUEPRINTS[name].settings:
            if setting.name == "in":
                column.addSpacing(8)
                column.addWidget(ends)
            field = Field(setting_title(setting), self._editor(setting, size), LABEL)
            say(self, field.setToolTip, setting_hint(setting))
            self.fields[setting.name] = field
            column.addWidget(field)
        self._align()
        language.changed.connect(self._align)
        self.show_settings(settings, size)

    def _align(self) -> None:
        align_labels(self.fields.values(), LABEL)

    def show_settings(self, settings: Mapping[str, Value], size: tuple[int, ...]) -> None:
        """Show other values; what is being typed is left alone when it means them."""
        for name, field in self.fields.items():
            match field.editor:
                case SizeBox() as box:
                    box.set_value(size)
                case NumberBox() as box:
                    box.set_value(int(settings[name]))
                case Choice() | Segmented() as choice:
                    choice.set_value(settings[name])

    def _editor(self, setting: Setting, size: tuple[int, ...]) -> QWidget:
        if setting.name == "size":
            sizes = SizeBox(size, setting.low, setting.high, 16, tracking=False)
            sizes.valueChanged.connect(self.resized)
            sizes.editingFinished.connect(self.stepped)
            return sizes
        if setting.kind == "int":
            box = NumberBox(setting.low, setting.high, step=setting.step)
            box.valueChanged.connect(lambda value: self._number(setting, value))
            box.editingFinished.connect(self.stepped)
            return box
        if len(setting.choices) == 2 and setting.name == "padding":
            segments = Segmented([(each, choice_title(setting, each)) for each in setting.choices])
            segments.valueChanged.connect(lambda value: self._chosen(setting.name, value))
            return segments
        choice = Choice([self._option(setting, each) for each in setting.choices])
        choice.valueChanged.connect(lambda value: self._chosen(setting.name, value))
        return choice

    def _option(
        self, setting: Setting, value: str
    ) -> tuple[object, str] | tuple[object, str, QIcon]:
        sign = ICONS.get(setting.name) or CHOICE_ICONS.get(value)
        if sign is None or value == "none":
            return value, choice_title(setting, value)
        return value, choice_title(setting, value), icon(*sign)

    def _number(self, setting: Setting, value: int) -> None:
        """Where only odd kernels work, an even one becomes the nearest, and it says so."""
        nearest = setting.nearest(value)
        field = self.fields[setting.name]
        said = tr(
            "Only odd kernels work here: {nearest} is the nearest to {value}.",
            nearest=nearest,
            value=value,
        )
        field.set_note("" if nearest == value else said, wrong=False)
        self.changed.emit(setting.name, nearest)

    def _chosen(self, name: str, value: object) -> None:
        self.stepped.emit()
        self.changed.emit(name, value)
