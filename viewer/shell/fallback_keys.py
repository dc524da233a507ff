"""Handles keys that no focused widget used: Esc clears, Delete acts as the workspace says."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

from viewer.session import Session
from viewer.session.edits.pins import clear

SHIFT = Qt.KeyboardModifier.ShiftModifier


def press(session: Session, key: int, modifiers: Qt.KeyboardModifier) -> bool:
    """Handle a key press of the whole window; return whether the key has a meaning."""
    match key:
        case Qt.Key.Key_Escape:
            return clear(session)
        case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
            return session.workspace.canvas.delete(session)
        case Qt.Key.Key_Menu:
            return open_menu()
        case Qt.Key.Key_F10 if modifiers & SHIFT:
            return open_menu()
    return False


def open_menu() -> bool:
    """Open the context menu of the focused widget where its text cursor or current cell is.

    Some platforms ask for the menu themselves; then it stands open before the key comes here.
    """
    widget = QApplication.focusWidget()
    if widget is None or QApplication.activePopupWidget() is not None:
        return False
    cursor = widget.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
    at = cursor.center() if isinstance(cursor, QRect) else widget.rect().center()
    reason = QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(widget, QContextMenuEvent(reason, at, widget.mapToGlobal(at)))
    return QApplication.activePopupWidget() is not None
