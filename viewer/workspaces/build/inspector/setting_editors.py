"""Editors for the kinds of settings: which box stands for which, and how it shows a value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QWidget

from analysis.operators.contract import SettingKind
from viewer.controls import Choice, Field, NumberBox, NumberSlider, RealBox, Segmented, SizeBox
from viewer.text.operator_names import CHOICES, setting_help, setting_title

LARGEST = 65536
Tell = Callable[[Any], None]
"""Called with what the person chose."""


class PairsBox(SizeBox):
    """Padding before and after each axis; one number an axis where both agree.

    Its value is always a tuple of (before, after). `+` parts the two sides and adds nothing.
    """

    SEPARATORS = r"[xX×,+]"
    SIGNS = r"[-*/·÷−()]"

    def __init__(self, pairs: tuple[tuple[int, int], ...], low: int, high: int) -> None:
        super().__init__(_flat(pairs), low, high)

    def set_pairs(self, pairs: tuple[tuple[int, int], ...]) -> None:
        """Show other pairs."""
        self.set_value(_flat(pairs))

    def _read(self, text: str, axes: int) -> tuple[int, ...] | None:
        """`axes` counts both sides: half as many numbers are one for both sides of each axis."""
        halved = super()._read(text, axes // 2)
        if halved is not None:
            return tuple(each for each in halved for _ in range(2))
        return super()._read(text, axes)

    def _written(self, value: Sequence[int]) -> str:
        """`1 × 2`, or with sides that differ `1 + 2 × 0 + 1`: before + after of each axis."""
        sides = list(zip(value[::2], value[1::2], strict=True))
        if all(before == after for before, after in sides):
            return super()._written([before for before, _ in sides])
        return " × ".join(f"{before} + {after}" for before, after in sides)

    def _told(self, value: tuple[int, ...]) -> object:
        return tuple(zip(value[::2], value[1::2], strict=True))


def _flat(pairs: tuple[tuple[int, int], ...]) -> tuple[int, ...]:
    return tuple(each for pair in pairs for each in pair)


def setting_field(kind: SettingKind, editor: QWidget) -> Field:
    """The row of a setting, which says on hover what it does and what it may be."""
    field = Field(setting_title(kind), editor)
    field.set_help(lambda: setting_help(kind))
    return field


def setting_editor(kind: SettingKind, value: Any, tell: Tell) -> QWidget:
    """The editor for a setting of this kind, showing `value`."""
    low = int(kind.low or 0)
    high = LARGEST if kind.high is None else int(kind.high)
    editor: QWidget
    match kind.kind:
        case "int":
            editor = NumberBox(low, high, value)
        case "axes":
            editor = SizeBox(value, low, high, tracking=kind.name != "size")
        case "pairs":
            editor = PairsBox(value, low, high)
        case "choice":
            editor = Choice([(each, CHOICES.get(each, each)) for each in kind.choices])
            editor.set_value(value)
        case "bool":
            editor = QCheckBox()
            editor.setChecked(value)
        case _:
            return _real(kind, value, tell)
    if isinstance(editor, QCheckBox):
        editor.clicked.connect(lambda _=False: _ticked(editor, tell))
    else:
        editor.valueChanged.connect(tell)
    return editor


def _ticked(box: QCheckBox, tell: Tell) -> None:
    on = box.checkState() != Qt.CheckState.Unchecked
    box.setTristate(False)
    box.setChecked(on)
    tell(on)


def _real(kind: SettingKind, value: Any, tell: Tell) -> QWidget:
    """A box; a slider with its box where there is a lowest and a highest value."""
    several = len(value) if isinstance(value, tuple) else 0
    if kind.low is not None and kind.high is not None and not several:
        step = (kind.high - kind.low) / 100
        slider = NumberSlider(kind.low, kind.high, step, value, decimals=2)
        slider.valueChanged.connect(tell)
        return slider
    low = -1e6 if kind.low is None else kind.low
    high = 1e6 if kind.high is None else kind.high
    fine = kind.name == "eps"
    box = RealBox(low, high, 1e-5 if fine else 0.1, 7 if fine else 3)
    show_value(box, value)
    box.valueChanged.connect(lambda typed: tell((typed,) * several if several else typed))
    return box


def show_value(editor: QWidget, value: Any) -> None:
    """Show a value without telling; what is being typed is left alone."""
    match editor:
        case PairsBox():
            editor.set_pairs(value)
        case SizeBox() | Choice() | NumberBox() | Segmented() | NumberSlider():
            editor.set_value(value)
        case RealBox():
            editor.set_value(value[0] if isinstance(value, tuple) else value)
        case QCheckBox():
            editor.setTristate(False)
            editor.setChecked(bool(value))


def show_mixed(editor: QWidget) -> None:
    """Show that there are several values, without telling."""
    match editor:
        case SizeBox() | Choice() | NumberBox() | RealBox():
            editor.set_mixed()
        case NumberSlider():
            editor.box.set_mixed()
        case Segmented():
            editor.set_value(None)
        case QCheckBox():
            editor.setTristate(True)
            editor.setCheckState(Qt.CheckState.PartiallyChecked)
