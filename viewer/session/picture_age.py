"""Tells when pictures have been older than what is set for so long that they are drawn pale."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from viewer.override_guard import Guarded

PATIENCE = 150
"""Milliseconds that a picture may be behind before it is pale, so that a drag does not flicker."""


class PictureAge(Guarded, QObject):
    """Whether the newest frame, and all that is drawn of it, is of an earlier state than is set.

    While frames follow a drag closely each is a little behind, and none is old.
    """

    changed = Signal(bool)
    """It has become old, or current again."""

    def __init__(self, parent: QObject, is_behind: Callable[[], bool]) -> None:
        """`is_behind` says whether the newest frame is of an earlier state, however short ago."""
        super().__init__(parent)
        self.is_old = False
        self._is_behind = is_behind
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE)
        self._timer.timeout.connect(lambda: self._set(self._is_behind()))

    @property
    def is_waiting(self) -> bool:
        """Whether a newer frame is waited for that has not been long in coming yet."""
        return self._timer.isActive()

    def look(self) -> None:
        """Something has changed that the frame may depend on."""
        if not self._is_behind():
            self._timer.stop()
            self._set(False)
        elif not self.is_old and not self._timer.isActive():
            self._timer.start()

    def frame_came(self) -> None:
        """There is a newer frame, perhaps of a state that has been left in the meantime."""
        if not self._is_behind():
            self.look()
            return
        if self._timer.isActive():
            self._set(False)  # it came soon after the one before: it follows
        self._timer.start()

    def _set(self, old: bool) -> None:
        if old != self.is_old:
            self.is_old = old
            self.changed.emit(old)
