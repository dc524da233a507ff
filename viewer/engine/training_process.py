"""Runs the training process for a window: starts it, passes orders on, emits its answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from viewer.override_guard import Guarded

if TYPE_CHECKING:
    from analysis.training.process.messages import Told
    from viewer.engine.child import Child

PROGRAM = "analysis.training.process.program"
"""The module whose `main` the child runs."""


class TrainingProcess(Guarded, QObject):
    """A process of its own, never the live engine's; it is started when it is first told something.

    answered(Answer): one of `analysis.training.process.messages`. ended(words): the process has
    ended by itself, with the end of what it wrote to standard error; the next order starts
    another. cannotStart(reason): the system gave none.
    """

    answered = Signal(object)
    ended = Signal(str)
    cannotStart = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._child: Child | None = None
        self._told = 0

    @property
    def pid(self) -> int | None:
        """The child's process id, None where there is none."""
        return self._child.pid if self._child else None

    def warm(self) -> bool:
        """Start the process if there is none, so that it loads PyTorch; whether there is one."""
        if self._child is not None:
            return True
        from viewer.engine.child import Child

        try:
            self._child = Child(PROGRAM, (), None, self)
        except OSError as error:
            self.cannotStart.emit(error.strerror or type(error).__name__)
            return False
        self._child.arrived.connect(self._take)
        return True

    def tell(self, order: Told) -> None:
        """Send an order; all arrive, in their order."""
        if self.warm() and self._child is not None:
            self._told += 1
            self._child.send(("order", self._told), order)

    def kill(self) -> None:
        """End the process at once; nothing of it arrives any more."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.deleteLater()

    def close(self) -> None:
        """End the process and wait until it is gone."""
        child, self._child = self._child, None
        if child is not None:
            child.close()

    def _take(self, message: object, _: int | None) -> None:
        if message is not None:
            self.answered.emit(message)
            return
        words = self._child.last_words if self._child else ""
        self.kill()
        self.ended.emit(words)
