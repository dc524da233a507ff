"""A button that goes away with what it does."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QPushButton, QWidget

from viewer.controls.focus_frame import clicked
from viewer.override_guard import Guarded


class LeavingButton(Guarded, QPushButton):
    """Repairs, removes or answers, and is gone: a click leaves the keyboard where it is.

    Where it was in what goes as well, Qt gives it to the next widget as if by Tab: no frame then.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        with clicked():
            super().mouseReleaseEvent(event)
