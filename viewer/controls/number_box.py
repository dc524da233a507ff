"""Spin boxes that ignore the wheel without focus and leave undo to the document.

They take sums too, such as `2*32`, which count when Enter is pressed or the box is left. Boxes
that stand for several things show `mixed` until a value is chosen for all of them.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox

from viewer.controls.arithmetic import evaluated, whole
from viewer.controls.several_values import SeveralValues
from viewer.override_guard import Guarded


class _LeavesUndo(Guarded, QObject):
    """Leaves the undo keys to the document while a box has the focus."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            undoes = any(event.matches(key) for key in UNDO)
            event.setAccepted(not undoes and event.isAccepted())
            return undoes
        return super().eventFilter(watched, event)


NO_STEPS = QAbstractSpinBox.StepEnabledFlag.StepNone
UNDO = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


def _quiet(box: QAbstractSpinBox) -> None:
    box.lineEdit().installEventFilter(_LeavesUndo(box))
    box.installEventFilter(_LeavesUndo(box))
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.setMinimumWidth(64)
    box.lineEdit().setTextMargins(7, 0, 0, 0)


class NumberBox(Guarded, QSpinBox):
    """A whole number from `low` to `high`."""

    refused = Signal(str)
    """What was typed is no number that will do: why, in a sentence."""

    def __init__(self, low: int, high: int, value: int | None = None, step: int = 1) -> None:
        super().__init__()
        self._values = SeveralValues(self, low, whole)  # Qt asks for a verdict from here on
        self.setRange(low, high)
        self.setSingleStep(step)
        self.setValue(low if value is None else value)
        _quiet(self)

    def set_value(self, value: int) -> None:
        """Show a value without a signal."""
        self._values.show(value)

    def set_mixed(self) -> None:
        """Show that there are several values, without a signal."""
        self._values.show_mixed()

    def is_mixed(self) -> bool:
        """Whether no one value is shown."""
        return self._values.mixed

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """A mixed box has no value to step from."""
        return NO_STEPS if self._values.mixed else super().stepEnabled()

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        return self._values.validated(text, position, super().validate)

    def fixup(self, text: str) -> str:
        """A sum becomes its value; anything else half typed goes back."""
        fixed = self._values.fixed(text)
        return super().fixup(text) if fixed is None else fixed

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._values.swallows(event):
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class RealBox(Guarded, QDoubleSpinBox):
    """A number with `decimals` digits after the point."""

    refused = Signal(str)
    """What was typed is no number that will do: why, in a sentence."""

    def __init__(self, low: float, high: float, step: float = 0.1, decimals: int = 2) -> None:
        super().__init__()
        self._values = SeveralValues(self, low, evaluated)  # Qt asks for a verdict from here on
        self.setDecimals(decimals)
        self.setRange(low, high)
        self.setSingleStep(step)
        _quiet(self)

    def set_value(self, value: float) -> None:
        """Show a value without a signal."""
        self._values.show(value)

    def set_mixed(self) -> None:
        """Show that there are several values, without a signal."""
        self._values.show_mixed()

    def is_mixed(self) -> bool:
        """Whether no one value is shown."""
        return self._values.mixed

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """A mixed box has no value to step from."""
        return NO_STEPS if self._values.mixed else super().stepEnabled()

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        return self._values.validated(text, position, super().validate)

    def fixup(self, text: str) -> str:
        """A sum becomes its value; anything else half typed goes back."""
        fixed = self._values.fixed(text)
        return super().fixup(text) if fixed is None else fixed

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._values.swallows(event):
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
