"""Editors for the settings of one operator, made from what the operator says of itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from analysis.faults import Fault
from analysis.operators import Convolution, same_padding
from analysis.operators.contract import Operator, SettingKind
from analysis.operators.settings import editable, from_settings, to_settings
from viewer.controls import Choice, Field, NumberBox, RealBox, SizeBox
from viewer.override_guard import Guarded
from viewer.text.fault_sentences import fault_sentence
from viewer.text.operator_names import CHOICES, setting_hint, setting_title
from viewer.text.translation import say

LARGEST = 65536
Change = Callable[[str, Operator], None]
"""Called with the name of the setting and the operator that has it changed."""


def changed(operator: Operator, name: str, value: Any) -> Operator | Fault:
    """The operator with one setting changed. Padding that kept the size goes on keeping it."""
    settings = to_settings(operator) | {name: value}
    if (
        name in ("kernel", "dilation")
        and isinstance(operator, Convolution)
        and operator.padding == same_padding(operator.kernel, operator.dilation)
    ):
        kernel, dilation = tuple(settings["kernel"]), tuple(settings["dilation"])
        settings["padding"] = same_padding(kernel, dilation)
    return from_settings(operator.key, settings)


class OperatorSettings(Guarded, QWidget):
    """A row for every setting a person can change."""

    def __init__(self, operator: Operator, change: Change) -> None:
        super().__init__()
        self._operator = operator
        self._change = change
        self.fields: dict[str, Field] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for kind in editable(operator):
            if kind.optional and getattr(operator, kind.name) is None:
                continue
            field = Field(setting_title(kind), self._editor(kind))
            if hint := setting_hint(kind):
                say(self, field.setToolTip, hint)
            self.fields[kind.name] = field
            column.addWidget(field)

    def show_operator(self, operator: Operator) -> None:
        """Show another operator of the same key; what is being typed is left alone."""
        self._operator = operator
        for name, field in self.fields.items():
            field.set_note("")
            _show(field.editor, getattr(operator, name))

    def _editor(self, kind: SettingKind) -> QWidget:
        value = getattr(self._operator, kind.name)
        low = int(kind.low or 0)
        high = LARGEST if kind.high is None else int(kind.high)
        match kind.kind:
            case "int":
                box = NumberBox(low, high, value)
                box.valueChanged.connect(lambda typed: self._set(kind.name, typed))
                return box
            case "axes":
                return self._axes(
                    kind.name, SizeBox(value, low, high, tracking=kind.name != "size")
                )
            case "pairs":
                return self._axes(kind.name, PairsBox(value, low, high))
            case "choice":
                choice = Choice([(each, CHOICES.get(each, each)) for each in kind.choices])
                choice.set_value(value)
                choice.valueChanged.connect(lambda chosen: self._set(kind.name, chosen))
                return choice
            case "bool":
                tick = QCheckBox()
                tick.setChecked(value)
                tick.clicked.connect(lambda on: self._set(kind.name, on))
                return tick
        return self._real(kind, value)

    def _axes(self, name: str, box: SizeBox) -> SizeBox:
        box.valueChanged.connect(lambda typed: self._set(name, typed))
        return box

    def _real(self, kind: SettingKind, value: Any) -> RealBox:
        low = -1e6 if kind.low is None else kind.low
        high = 1e6 if kind.high is None else kind.high
        fine = kind.name == "eps"
        box = RealBox(low, high, 1e-5 if fine else 0.1, 7 if fine else 3)
        _show(box, value)
        several = len(value) if isinstance(value, tuple) else 0
        box.valueChanged.connect(
            lambda typed: self._set(kind.name, (typed,) * several if several else typed)
        )
        return box

    def _set(self, name: str, value: Any) -> None:
        made = changed(self._operator, name, value)
        if isinstance(made, Fault):
            self.fields[name].set_note(fault_sentence(made))
        elif made != self._operator:
            self._change(name, made)


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


def _show(editor: QWidget, value: Any) -> None:
    match editor:
        case PairsBox():
            editor.set_pairs(value)
        case SizeBox() | Choice() | NumberBox():
            editor.set_value(value)
        case RealBox():
            editor.set_value(value[0] if isinstance(value, tuple) else value)
        case QCheckBox():
            editor.setChecked(bool(value))


def absent(operator: Operator) -> tuple[str, ...]:
    """Optional settings that are not given, and so have no editor."""
    return tuple(
        kind.name
        for kind in operator.settings
        if kind.optional and getattr(operator, kind.name) is None
    )
