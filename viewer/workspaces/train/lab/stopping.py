"""Waits for a training to obey *stop*, and ends its process where it does not."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from viewer.override_guard import Guarded

PATIENCE = 30_000
"""Milliseconds that a training may take: a step of many networks, and to measure them."""


class Stopping(Guarded, QObject):
    """`end_by_force` is called where nothing is obeyed in time."""

    def __init__(self, end_by_force: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE)
        self._timer.timeout.connect(end_by_force)

    @property
    def is_awaited(self) -> bool:
        """Whether the training was told to stop and has not."""
        return self._timer.isActive()

    def begin(self) -> None:
        """It was told just now."""
        self._timer.start()

    def over(self) -> None:
        """It has ended, or nobody waits any more."""
        self._timer.stop()
