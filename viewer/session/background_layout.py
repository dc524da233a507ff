"""Lays large networks out off the GUI thread, one at a time: the newest is what is wanted."""

from __future__ import annotations

import sys
from threading import Event

from PySide6.QtCore import QObject, QTimer, Signal

from analysis.graph import Graph
from analysis.layout.picture import Picture
from viewer.override_guard import Guarded
from viewer.session.arrangement import Arrangement, chosen_picture, looks_alike
from viewer.session.background_jobs import Background, Job

LARGE = 1000
"""Operators, and `BLOCK` for each block on show, from which a network is laid out beside."""
BLOCK = 3
LIMIT = 10_000
"""Milliseconds that a layout may take; then the rough picture stays until the next change."""


class BackgroundLayout(Guarded, QObject):
    """Works out the picture of the newest arrangement that was given a rough one.

    What comes of an older one is dropped, but where the newer looks the same.
    """

    placed = Signal(object)
    """The arrangement of now with the picture that it should have."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._background: Background | None = None
        self._wanted: Arrangement | None = None
        self._working: Arrangement | None = None
        self._job: Job[Picture] | None = None
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.setInterval(LIMIT)
        self._limit.timeout.connect(self._give_up)

    def work_on(self, background: Background) -> None:
        """Lay out on these workers from now on; until then everything is laid out at once."""
        self._background = background

    def takes(self, graph: Graph, before: Arrangement) -> bool:
        """Whether an edited network is too large to be laid out while somebody waits."""
        return self._background is not None and len(graph) + BLOCK * len(before.blocks) > LARGE

    def follow(self, now: Arrangement) -> None:
        """Lay out what is shown now, if what is shown of it is rough."""
        self._wanted = now if now.rough else None
        if self._wanted is None:
            self._stop()
        elif self._job is None:
            self._start(now)

    def _start(self, wanted: Arrangement) -> None:
        if self._background is None:
            return

        def work(_: Event) -> Picture:
            return chosen_picture(wanted)

        self._working = wanted
        self._limit.start()
        self._job = self._background.start(work, self._done, self._failed)

    def _done(self, found: Picture) -> None:
        worked, wanted = self._working, self._wanted
        self._stop()
        if worked is None or wanted is None:
            return
        if wanted is worked or looks_alike(worked, wanted):
            self.placed.emit(wanted.with_picture(found))
        else:
            self._start(wanted)

    def _failed(self, error: Exception) -> None:
        self._give_up()
        sys.excepthook(type(error), error, error.__traceback__)

    def _give_up(self) -> None:
        """Leave the rough picture as it is; the next change is tried again."""
        self._wanted = None
        self._stop()

    def _stop(self) -> None:
        self._limit.stop()
        if self._job is not None:
            self._job.cancel()
        self._job = self._working = None
