"""A field that narrows the list under it down to what is typed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.text.translation import say


class SearchField(Guarded, QLineEdit):
    """Down goes to what is found, Enter takes the first of it, Esc empties the field."""

    left = Signal()
    """The Down key: the keyboard goes on in the list."""
    accepted = Signal()
    """The Enter key."""

    def __init__(self, placeholder: str) -> None:
        super().__init__()
        self.setClearButtonEnabled(True)
        self.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        say(self, self.setPlaceholderText, placeholder)
        say(self, self.setAccessibleName, placeholder)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accepted.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)
