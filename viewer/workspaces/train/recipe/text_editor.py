"""A line for a value that is typed as text: a rate, a range, a list of shares, a model."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from analysis.faults import Fault
from viewer.override_guard import Guarded
from viewer.text.fault_sentences import fault_sentence

Read = Callable[[str], object]
"""A text → its value, or a Fault."""


class TextEditor(Guarded, QLineEdit):
    """Tells a value when Enter is pressed or the line is left; what cannot be read is refused."""

    valueChanged = Signal(object)
    refused = Signal(str)
    """Why the text is no such value, in a sentence; "" once that is over."""

    def __init__(self, read: Read, write: Callable[[object], str]) -> None:
        super().__init__()
        self._read, self._write = read, write
        self._value: object = None
        self.editingFinished.connect(self._finish)

    def value(self) -> object:
        """The value shown."""
        return self._value

    def set_value(self, value: object) -> None:
        """Show a value without a signal."""
        if value != self._value or not self.text():
            self._value = value
            self.setText(self._write(value))
            self.setCursorPosition(0)
            self.refused.emit("")

    def _finish(self) -> None:
        text = self.text().strip()
        if text == self._write(self._value):
            self.refused.emit("")
            return
        found = self._read(text)
        if isinstance(found, Fault):
            self.refused.emit(fault_sentence(found))
            return
        self._value = found
        self.setText(self._write(found))
        self.refused.emit("")
        self.valueChanged.emit(found)
