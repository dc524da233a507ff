"""A number for each axis in one box: 3 × 3. Typing one number sets all axes.

Each of them may be a sum: `2*32` for all axes, `64/2 x 128` for two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox

from viewer.controls.arithmetic import CHARACTERS, whole
from viewer.controls.range_hint import say_limits, say_refused
from viewer.override_guard import Guarded
from viewer.text.number_format import times
from viewer.text.translation import tr

TYPED = re.compile(f"[{CHARACTERS}xX,]*")
BLANK = r"(?<=[\d)])\s+(?=[\d(])"
"""Space that parts two numbers, and is none around a sign."""


class SizeBox(Guarded, QAbstractSpinBox):
    """Whole numbers from `low` to `high`, one an axis. Arrows step all axes together.

    Without `tracking` what is typed counts when Enter is pressed or the box is left.
    """

    SEPARATORS = r"[xX×,]"
    """Between two axes, for a regular expression; what stands between them may be a sum."""
    SIGNS = r"[-+*/·÷−()]"
    """What tells a sum from a number; it counts once it is finished."""

    refused = Signal(str)
    """What was typed is no size that will do: why, in a sentence."""
    valueChanged = Signal(object)
    """The tuple the person typed or stepped to (never sent by `set_value`)."""

    def __init__(
        self,
        value: Sequence[int],
        low: int = 1,
        high: int = 9999,
        step: int = 1,
        tracking: bool = True,
    ) -> None:
        super().__init__()
        self._low, self._high, self._step = low, high, step
        self._value = tuple(value)
        self._mixed = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(64)
        self.lineEdit().setTextMargins(7, 0, 0, 0)
        self.lineEdit().setText(self._written(self._value))
        if tracking:
            self.lineEdit().textEdited.connect(self._typing)
        self.editingFinished.connect(self._settle)

    def value(self) -> tuple[int, ...]:
        """One number an axis."""
        return self._value

    def set_value(self, value: Sequence[int]) -> None:
        """Set the value without a signal; text being typed that means this value is left alone."""
        self._leave_mixed()
        if self._read(self.lineEdit().text(), len(value)) != tuple(value):
            self.lineEdit().setText(self._written(value))
        self._value = tuple(value)

    def set_mixed(self) -> None:
        """Show that there are several values, without a signal."""
        self.lineEdit().setPlaceholderText(tr("mixed"))
        if not self._mixed:
            self._mixed = True
            self.lineEdit().clear()

    def is_mixed(self) -> bool:
        """Whether no one value is shown."""
        return self._mixed

    def _leave_mixed(self) -> None:
        self._mixed = False
        self.lineEdit().setPlaceholderText("")

    def _read(self, text: str, axes: int) -> tuple[int, ...] | None:
        parts = re.split(f"\\s*{self.SEPARATORS}\\s*|{BLANK}", text.strip())
        found = tuple(each for each in map(whole, parts) if each is not None)
        if len(found) != len(parts):
            return None
        if len(found) == 1:
            found *= axes
        good = len(found) == axes and all(self._low <= each <= self._high for each in found)
        return found if good else None

    def _change(self, value: tuple[int, ...]) -> None:
        if value != self._value or self._mixed:
            self._leave_mixed()
            self._value = value
            self.valueChanged.emit(self._told(value))

    def _written(self, value: Sequence[int]) -> str:
        """How a value is written in the box."""
        return times(value)

    def _told(self, value: tuple[int, ...]) -> object:
        """The value that the signal sends: one number for all axes, or one each."""
        return value

    def _typing(self, text: str) -> None:
        if not re.search(self.SIGNS, text):
            self._typed(text)

    def _typed(self, text: str) -> None:
        value = self._read(text, len(self._value))
        if value is not None:
            self._change(value)

    def _settle(self) -> None:
        text = self.lineEdit().text()
        if self._mixed and not text.strip():
            return
        if self._read(text, len(self._value)) is None:
            say_refused(self, text, str(self._low), str(self._high))
        self._typed(text)
        self.lineEdit().setText("" if self._mixed else self._written(self._value))

    # ------------------------------------------------------------- what Qt asks of a spin box

    def stepBy(self, steps: int) -> None:
        low, high = self._low, self._high
        moved = tuple(min(high, max(low, each + steps * self._step)) for each in self._value)
        self.lineEdit().setText(self._written(moved))
        self._change(moved)

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        enabled = QAbstractSpinBox.StepEnabledFlag.StepNone
        if self._mixed:
            return enabled
        if min(self._value) < self._high:
            enabled |= QAbstractSpinBox.StepEnabledFlag.StepUpEnabled
        if max(self._value) > self._low:
            enabled |= QAbstractSpinBox.StepEnabledFlag.StepDownEnabled
        return enabled

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        if not TYPED.fullmatch(text):
            say_limits(self, str(self._low), str(self._high))
            return QValidator.State.Invalid, text, position
        known = self._read(text, len(self._value)) is not None
        state = QValidator.State.Acceptable if known else QValidator.State.Intermediate
        return state, text, position

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
