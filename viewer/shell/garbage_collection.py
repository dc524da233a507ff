"""Runs Python's garbage collector between events only, never inside a call of Qt.

A collection that starts inside a virtual call of PySide 6.11.3 on Python 3.11 was seen to release
the override that was being called once too often (`Sbk_GetPyOverride`, then a segmentation
fault at the next collection). Between two events no such call is on the stack. It also chooses
when the pause of a full collection comes: while nobody waits.
"""

from __future__ import annotations

import gc
from time import monotonic

from PySide6.QtCore import QObject, QTimer

from viewer.override_guard import Guarded

EVERY = 100
"""Milliseconds between two looks at what has been allocated."""
RESTS = 200
"""A full collection is followed by none for so many times as long as it took: those of a network
of thousands of operators with its undo steps take a tenth of a second."""


class GarbageCollection(Guarded, QObject):
    """Collects garbage in place of the automatic collector while it lives; `stop` restores that."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._rests_until = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect the oldest generation that is due by the thresholds of `gc`."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            rests = generation == 2 and monotonic() < self._rests_until
            if counts[generation] > thresholds[generation] > 0 and not rests:
                began = monotonic()
                gc.collect(generation)
                if generation == 2:
                    self._rests_until = monotonic() + RESTS * (monotonic() - began)
                return

    def stop(self) -> None:
        """Let Python collect whenever it likes again."""
        self._timer.stop()
        gc.enable()
