"""Keys that nothing with the focus wanted: Esc clears, Delete does what the workspace says."""

from __future__ import annotations

from PySide6.QtCore import Qt

from viewer.session import Session
from viewer.session.edits.pins import clear


def press(session: Session, key: int) -> bool:
    """Do what a key means in the whole window; answers whether it meant anything."""
    match key:
        case Qt.Key.Key_Escape:
            return clear(session)
        case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
            return session.workspace.canvas.delete(session)
    return False
