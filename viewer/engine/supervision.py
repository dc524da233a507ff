"""Detects that the engine's process no longer answers."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from analysis.faults import Fault
from viewer.override_guard import Guarded

BEAT = 2000
"""Milliseconds between questions to a busy child."""
SILENT = 20.0
"""Seconds without any answer after which the child counts as hung."""
STUCK = 120.0
"""Seconds in one layer after which it does."""
LOADING = 300.0
"""Seconds the child may take to import torch."""


class Supervision(Guarded, QObject):
    """Pings a busy child: `ping(number)` sends the question, `busy` says whether it works.

    hung(Fault): it does not answer (`engine-silent`), stays in one layer (`engine-stuck`), or
    loads for ever (`engine-loading`), each with the seconds. This side must never wait for the
    child: the timer that notices its silence is one of the window's own thread.
    """

    hung = Signal(object)

    def __init__(
        self, ping: Callable[[float], None], busy: Callable[[], bool], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._ping = ping
        self._busy = busy
        self._loading = True
        self._progress = -1
        self._heard = self._moved = self._beat_at = 0.0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.check)

    def begin(self) -> None:
        """A child has been started."""
        self._loading = True
        self._progress = -1
        self._heard = self._moved = self._beat_at = time.monotonic()
        self._timer.start(BEAT)

    def end(self) -> None:
        """There is no child."""
        self._timer.stop()

    def answered(self) -> None:
        """The child has sent an answer."""
        self._loading = False
        self._heard = self._moved = time.monotonic()

    def lives(self, progress: int) -> None:
        """The child has answered a ping: so many steps are done by now."""
        self._heard = time.monotonic()
        if progress != self._progress:
            self._progress, self._moved = progress, self._heard

    def check(self) -> None:
        """Ask a busy child, and say so where an earlier question has no answer."""
        now = time.monotonic()
        late = now - self._beat_at > 3 * BEAT / 1000
        self._beat_at = now
        if late or not (self._loading or self._busy()):
            # This side slept, or nothing is asked of the child: start counting again.
            self._heard = self._moved = now
        elif self._loading:
            if now - self._heard > LOADING:
                self.hung.emit(Fault("engine-loading", (round(LOADING),)))
        elif now - self._heard > SILENT:
            self.hung.emit(Fault("engine-silent", (round(now - self._heard),)))
        elif now - self._moved > STUCK:
            self.hung.emit(Fault("engine-stuck", (round(now - self._moved),)))
        else:
            self._ping(now)
