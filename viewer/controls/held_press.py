"""Tells a widget that compares two pictures whether the mouse is held down on it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from viewer.override_guard import Guarded

PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)


class HeldPress(Guarded, QObject):
    """Watches the left button on a widget, which is painted anew as that changes."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self.is_down = False
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in PRESSES and isinstance(event, QMouseEvent):
            self._set(event.button() == Qt.MouseButton.LeftButton)
            return True  # the press is used: it is not the parent's as well
        if kind in (QEvent.Type.MouseButtonRelease, QEvent.Type.Hide):
            self._set(False)
        return False

    def _set(self, down: bool) -> None:
        if down != self.is_down:
            self.is_down = down
            self._widget.update()
