"""Keys that nothing with the focus wanted: Esc clears, Delete does what the workspace says."""

from __future__ import annotations

from PySide6.QtCore import Qt

from viewer.session import Session


def press(session: Session, key: int) -> bool:
    """Do what a key means in the whole window; answers whether it meant anything."""
    match key:
        case Qt.Key.Key_Escape:
            return _clear(session)
        case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
            return session.workspace.canvas.delete(session)
    return False


def _clear(session: Session) -> bool:
    """First the pinned unit goes, then the selection."""
    view = session.view
    if view.pin is not None:
        session.set_view(pin=None)
    elif view.selection or view.skip:
        session.set_view(selection=None, skip=None)
    else:
        return False
    return True
