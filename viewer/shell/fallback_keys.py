"""Handles keys that no focused widget used: Esc clears, Delete acts as the workspace says."""

from __future__ import annotations

from PySide6.QtCore import Qt

from viewer.session import Session
from viewer.session.edits.pins import clear


def press(session: Session, key: int) -> bool:
    """Handle a key press of the whole window; return whether the key has a meaning."""
    match key:
        case Qt.Key.Key_Escape:
            return clear(session)
        case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
            return session.workspace.canvas.delete(session)
    return False
