"""Makes the editor of one setting of a blueprint, and shows a value in it."""

from __future__ import annotations

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QWidget

from analysis.blueprints import Setting, Value
from viewer.controls import Choice, ListBox, NumberBox, Segmented, SizeBox
from viewer.look.icons import icon
from viewer.text.blueprint_names import choice_title

ICONS = {"norm": ("norm", "norm"), "activation": ("activation", "act")}
CHOICE_ICONS = {
    "max": ("pool", "pool"),
    "average": ("average-pool", "pool"),
    "strided": ("conv", "conv"),
    "transposed": ("transposed-conv", "tconv"),
    "nearest": ("upsample", "resample"),
    "bilinear": ("upsample", "resample"),
}

Editor = SizeBox | NumberBox | ListBox | Choice | Segmented


def editor_of(setting: Setting, size: tuple[int, ...]) -> Editor:
    """The control for a setting; `size` is the input's, for the one that edits it."""
    if setting.name == "size":
        return SizeBox(size, setting.low, setting.high, 16, tracking=False)
    if setting.kind == "int":
        return NumberBox(setting.low, setting.high, step=setting.step)
    if setting.kind == "list":
        return ListBox()
    if len(setting.choices) == 2 and setting.name == "padding":
        return Segmented([(each, choice_title(setting, each)) for each in setting.choices])
    return Choice([_option(setting, each) for each in setting.choices])


def show_value(editor: QWidget, value: Value, size: tuple[int, ...]) -> None:
    """Show a value without a signal; what is being typed is left alone when it means that value."""
    match editor:
        case SizeBox() as box:
            box.set_value(size)
        case NumberBox() as box:
            box.set_value(int(value))
        case ListBox() as line:
            line.set_value(str(value))
        case Choice() | Segmented() as choice:
            choice.set_value(value)


def _option(setting: Setting, value: str) -> tuple[object, str] | tuple[object, str, QIcon]:
    sign = ICONS.get(setting.name) or CHOICE_ICONS.get(value)
    if sign is None or value == "none":
        return value, choice_title(setting, value)
    return value, choice_title(setting, value), icon(*sign)
