"""The session: the current document, view and live state, with undo."""

from viewer.session.session import Live, Session

__all__ = ["Live", "Session"]
