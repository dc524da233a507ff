"""Runs deferred start-up steps after the window's first paint, one in each turn of the loop."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from viewer.override_guard import Guarded


class AfterFirstPaint(Guarded, QObject):
    """Runs `steps`, one in each turn of the event loop, once `seen` has been painted.

    Between two steps the window answers the person; no step may take long.
    """

    def __init__(self, seen: QWidget, steps: Iterable[object]) -> None:
        super().__init__(seen)
        self._steps = iter(steps)
        self._turn = QTimer(self)
        self._turn.timeout.connect(self._step)
        seen.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The paint itself goes first: the timer waits for the next turn."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            self._turn.start(0)
        return False

    def stop(self) -> None:
        """Skip the steps that are left."""
        self._steps = iter(())

    def _step(self) -> None:
        try:
            next(self._steps)
        except StopIteration:
            self._turn.stop()
