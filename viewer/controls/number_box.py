"""Spin boxes that ignore the wheel without focus and leave undo to the document."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox

from viewer.controls.range_hint import say_limits
from viewer.override_guard import Guarded


class _LeavesUndo(Guarded, QObject):
    """Leaves the undo keys to the document while a box has the focus."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            undoes = any(event.matches(key) for key in UNDO)
            event.setAccepted(not undoes and event.isAccepted())
            return undoes
        return super().eventFilter(watched, event)


UNDO = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


def _quiet(box: QAbstractSpinBox) -> None:
    box.lineEdit().installEventFilter(_LeavesUndo(box))
    box.installEventFilter(_LeavesUndo(box))
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.setMinimumWidth(64)
    box.lineEdit().setTextMargins(7, 0, 0, 0)


class NumberBox(Guarded, QSpinBox):
    """A whole number from `low` to `high`."""

    def __init__(self, low: int, high: int, value: int | None = None, step: int = 1) -> None:
        super().__init__()
        self.setRange(low, high)
        self.setSingleStep(step)
        self.setValue(low if value is None else value)
        _quiet(self)

    def set_value(self, value: int) -> None:
        """Show a value without a signal."""
        if self.value() != value:
            blocked = self.blockSignals(True)
            self.setValue(value)
            self.blockSignals(blocked)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """A key that is refused says what would do."""
        answer = super().validate(text, position)
        if answer[0] == QValidator.State.Invalid:
            self._say_limits()
        return answer

    def fixup(self, text: str) -> str:
        """What is left half typed goes back, and it is said why."""
        self._say_limits()
        return super().fixup(text)

    def _say_limits(self) -> None:
        say_limits(self, self.textFromValue(self.minimum()), self.textFromValue(self.maximum()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class RealBox(Guarded, QDoubleSpinBox):
    """A number with `decimals` digits after the point."""

    def __init__(self, low: float, high: float, step: float = 0.1, decimals: int = 2) -> None:
        super().__init__()
        self.setDecimals(decimals)
        self.setRange(low, high)
        self.setSingleStep(step)
        _quiet(self)

    def set_value(self, value: float) -> None:
        """Show a value without a signal."""
        if self.value() != value:
            blocked = self.blockSignals(True)
            self.setValue(value)
            self.blockSignals(blocked)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """A key that is refused says what would do."""
        answer = super().validate(text, position)
        if answer[0] == QValidator.State.Invalid:
            self._say_limits()
        return answer

    def fixup(self, text: str) -> str:
        """What is left half typed goes back, and it is said why."""
        self._say_limits()
        return super().fixup(text)

    def _say_limits(self) -> None:
        say_limits(self, self.textFromValue(self.minimum()), self.textFromValue(self.maximum()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
