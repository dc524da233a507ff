"""A button that goes away with what it does."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget


class LeavingButton(QPushButton):
    """Repairs, removes or answers, and is gone: a click leaves the keyboard where it is.

    Qt gives the keyboard of a widget that is hidden to the next one as if by Tab, and that would
    be framed though nobody pressed a key.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
