"""Settings of one operator, or of several at once, made from what operators say of themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from analysis.faults import Fault
from analysis.operators import Convolution, same_padding
from analysis.operators.contract import Operator, SettingKind
from analysis.operators.settings import editable, from_settings, to_settings
from viewer.controls import Field, NumberSlider
from viewer.override_guard import Guarded
from viewer.text.fault_sentences import fault_sentence
from viewer.workspaces.build.inspector.setting_editors import (
    setting_editor,
    setting_field,
    show_mixed,
    show_value,
)

Change = Callable[[str, Sequence[Operator]], None]
"""Called with the name of the setting and the operators that have it changed."""
_drags = count(1)


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


def common(operators: Sequence[Operator]) -> tuple[SettingKind, ...]:
    """The settings that a person can change in all of them, with the ranges that all allow.

    One that is not given somewhere has no editor, nor one that has other axes somewhere.
    """
    kinds = [{kind.name: kind for kind in editable(each)} for each in operators]
    found: list[SettingKind] = []
    for kind in editable(operators[0]):
        same = [each[kind.name] for each in kinds if kind.name in each]
        values = [getattr(each, kind.name, None) for each in operators]
        if len(same) < len(operators) or any(value is None for value in values):
            continue
        lengths = {len(value) if isinstance(value, tuple) else -1 for value in values}
        if {(each.kind, each.choices) for each in same} == {(kind.kind, kind.choices)}:
            found += [_narrowed(kind, same)] if len(lengths) == 1 else []
    return tuple(found)


def _narrowed(kind: SettingKind, same: Sequence[SettingKind]) -> SettingKind:
    lows = [each.low for each in same if each.low is not None]
    highs = [each.high for each in same if each.high is not None]
    return replace(kind, low=max(lows, default=None), high=min(highs, default=None))


class OperatorSettings(Guarded, QWidget):
    """A row for every setting that a person can change in all of these operators."""

    def __init__(self, operators: Sequence[Operator], change: Change) -> None:
        super().__init__()
        self._operators = tuple(operators)
        self._change = change
        self._drag = 0
        self.fields: dict[str, Field] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for kind in common(operators):
            field = setting_field(kind, self._editor(kind))
            self.fields[kind.name] = field
            column.addWidget(field)
        self.show_operators(operators)

    def show_operators(self, operators: Sequence[Operator]) -> None:
        """Show other operators of the same keys; what is being typed is left alone."""
        self._operators = tuple(operators)
        for name, field in self.fields.items():
            field.set_note("")
            values = {getattr(each, name) for each in operators}
            if len(values) == 1:
                show_value(field.editor, values.pop())
            else:
                show_mixed(field.editor)

    def _editor(self, kind: SettingKind) -> QWidget:
        value = getattr(self._operators[0], kind.name)
        editor = setting_editor(kind, value, lambda typed: self._set(kind.name, typed))
        if isinstance(editor, NumberSlider):
            editor.released.connect(self._end_drag)
        return editor

    def _end_drag(self) -> None:
        """The next drag is another step of undo."""
        self._drag = next(_drags)

    def _set(self, name: str, value: Any) -> None:
        made = [changed(each, name, value) for each in self._operators]
        fault = next((each for each in made if isinstance(each, Fault)), None)
        if fault is not None:
            self.fields[name].set_note(fault_sentence(fault))
            return
        operators = [each for each in made if not isinstance(each, Fault)]
        if tuple(operators) != self._operators:
            self._change(f"{name} {self._drag}" if self._drag else name, operators)


def absent(operator: Operator) -> tuple[str, ...]:
    """Optional settings that are not given, and so have no editor."""
    return tuple(
        kind.name
        for kind in operator.settings
        if kind.optional and getattr(operator, kind.name) is None
    )
