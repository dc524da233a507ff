"""Throttles pointer moves to one a frame: while one is painted, only the newest waits."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPointF, QTimer

from viewer.override_guard import Guarded


class PointerThrottle(Guarded, QObject):
    """Passes pointer places on: the first at once, each later one after the last was painted.

    A pointer can report a thousand places a second, more than anyone sees.
    """

    def __init__(self, take: Callable[[QPointF], None], parent: QObject) -> None:
        super().__init__(parent)
        self._take = take
        self._waits: QPointF | None = None
        # Without a delay, but behind the painting that Qt has queued before it.
        self._painted = QTimer(self)
        self._painted.setSingleShot(True)
        self._painted.setInterval(0)
        self._painted.timeout.connect(self._next)

    def go(self, place: QPointF) -> None:
        """The pointer is at `place`."""
        if self._painted.isActive():
            self._waits = place
        else:
            self._painted.start()
            self._take(place)

    def forget(self) -> None:
        """Drop the waiting place."""
        self._waits = None

    def _next(self) -> None:
        if self._waits is not None:
            place, self._waits = self._waits, None
            self.go(place)
