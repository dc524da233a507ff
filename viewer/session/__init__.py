"""The session: the current document, view and live state, with undo."""

from viewer.session.live_state import Live
from viewer.session.session import Session

__all__ = ["Live", "Session"]
