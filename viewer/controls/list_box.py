"""A line for whole numbers joined by hyphens: 1000-500-250."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from viewer.override_guard import Guarded


class ListBox(Guarded, QLineEdit):
    """A search field over a list; what is typed is told with every key, the listener filters."""

    valueChanged = Signal(str)
    """The text the person typed (never sent by `set_value`)."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumWidth(64)
        self.setTextMargins(0, 0, 0, 0)
        self.textEdited.connect(self.valueChanged)

    def value(self) -> str:
        """The text as it stands."""
        return self.text()

    def set_value(self, value: str) -> None:
        """Show a value without a signal; while somebody types here, their text is left alone."""
        if not self.hasFocus() or not self.isModified():
            self.setText(value)
