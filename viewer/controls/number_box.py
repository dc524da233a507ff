"""Spin boxes that ignore the wheel without focus and leave undo to the document.

They take sums too, such as `2*32`, which count when Enter is pressed or the box is left. Boxes
that stand for several things show `mixed` until a value is chosen for all of them.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox

from viewer.controls.arithmetic import SUM, TYPED, evaluated, whole
from viewer.controls.range_hint import say_limits, say_refused
from viewer.override_guard import Guarded
from viewer.text.translation import tr


class _LeavesUndo(Guarded, QObject):
    """Leaves the undo keys to the document while a box has the focus."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            undoes = any(event.matches(key) for key in UNDO)
            event.setAccepted(not undoes and event.isAccepted())
            return undoes
        return super().eventFilter(watched, event)


ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
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
        self._low, self._mixed = low, False
        self.setRange(low, high)
        self.setSingleStep(step)
        self.setValue(low if value is None else value)
        self.valueChanged.connect(self._chosen)
        self.editingFinished.connect(self._leave_mixed)
        _quiet(self)

    def set_value(self, value: int) -> None:
        """Show a value without a signal."""
        if self.value() != value or self._mixed:
            blocked = self.blockSignals(True)
            self.setValue(value)
            self._mixed = False
            self._leave_mixed()
            self.blockSignals(blocked)

    def set_mixed(self) -> None:
        """Show that there are several values, without a signal."""
        self._mixed = True
        blocked = self.blockSignals(True)
        self.setMinimum(self._low - 1)  # Qt writes the special text at the lowest value
        self.setSpecialValueText(tr("mixed"))
        self.setValue(self._low - 1)
        self.blockSignals(blocked)

    def is_mixed(self) -> bool:
        """Whether no one value is shown."""
        return self._mixed

    def _chosen(self) -> None:
        self._mixed = self._mixed and self.value() < self._low

    def _leave_mixed(self) -> None:
        """Once a value is chosen and nothing more is typed: this writes the text again."""
        if not self._mixed and self.minimum() < self._low:
            self.setSpecialValueText("")
            self.setMinimum(self._low)

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """A mixed box has no value to step from."""
        if self._mixed:
            return QAbstractSpinBox.StepEnabledFlag.StepNone
        return super().stepEnabled()

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """A key that is refused says what would do."""
        if SUM.search(text) and TYPED.fullmatch(text):
            return QValidator.State.Intermediate, text, position
        answer = super().validate(text, position)
        acceptable = answer[0] == QValidator.State.Acceptable
        if acceptable and self.minimum() < self._low and self.valueFromText(text) < self._low:
            return QValidator.State.Intermediate, text, position
        if answer[0] == QValidator.State.Invalid:
            say_limits(self, str(self._low), self.textFromValue(self.maximum()))
        return answer

    def fixup(self, text: str) -> str:
        """A sum becomes its value; anything else half typed goes back, and it is said why."""
        found = whole(text)
        if found is not None and self._low <= found <= self.maximum():
            return self.textFromValue(found)
        if not self._mixed or text:
            say_refused(self, text, str(self._low), self.textFromValue(self.maximum()))
        return super().fixup(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a mixed box, in which nothing was typed, tells nothing."""
        untouched = self._mixed and self.lineEdit().text() == self.specialValueText()
        if untouched and event.key() in ENTER:
            return
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
        self._low, self._mixed = low, False
        self.setDecimals(decimals)
        self.setRange(low, high)
        self.setSingleStep(step)
        self.valueChanged.connect(self._chosen)
        self.editingFinished.connect(self._leave_mixed)
        _quiet(self)

    def set_value(self, value: float) -> None:
        """Show a value without a signal."""
        if self.value() != value or self._mixed:
            blocked = self.blockSignals(True)
            self.setValue(value)
            self._mixed = False
            self._leave_mixed()
            self.blockSignals(blocked)

    def set_mixed(self) -> None:
        """Show that there are several values, without a signal."""
        self._mixed = True
        blocked = self.blockSignals(True)
        self.setMinimum(self._low - 1)  # Qt writes the special text at the lowest value
        self.setSpecialValueText(tr("mixed"))
        self.setValue(self._low - 1)
        self.blockSignals(blocked)

    def is_mixed(self) -> bool:
        """Whether no one value is shown."""
        return self._mixed

    def _chosen(self) -> None:
        self._mixed = self._mixed and self.value() < self._low

    def _leave_mixed(self) -> None:
        """Once a value is chosen and nothing more is typed: this writes the text again."""
        if not self._mixed and self.minimum() < self._low:
            self.setSpecialValueText("")
            self.setMinimum(self._low)

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """A mixed box has no value to step from."""
        if self._mixed:
            return QAbstractSpinBox.StepEnabledFlag.StepNone
        return super().stepEnabled()

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """A key that is refused says what would do."""
        if SUM.search(text) and TYPED.fullmatch(text):
            return QValidator.State.Intermediate, text, position
        answer = super().validate(text, position)
        acceptable = answer[0] == QValidator.State.Acceptable
        if acceptable and self.minimum() < self._low and self.valueFromText(text) < self._low:
            return QValidator.State.Intermediate, text, position
        if answer[0] == QValidator.State.Invalid:
            say_limits(self, self.textFromValue(self._low), self.textFromValue(self.maximum()))
        return answer

    def fixup(self, text: str) -> str:
        """A sum becomes its value; anything else half typed goes back, and it is said why."""
        found = evaluated(text)
        if found is not None and self._low <= found <= self.maximum():
            return self.textFromValue(found)
        if not self._mixed or text:
            low, high = self.textFromValue(self._low), self.textFromValue(self.maximum())
            say_refused(self, text, low, high)
        return super().fixup(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a mixed box, in which nothing was typed, tells nothing."""
        untouched = self._mixed and self.lineEdit().text() == self.specialValueText()
        if untouched and event.key() in ENTER:
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
