"""Runs deferred start-up steps after the window's first paint, one in each turn of the loop."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from viewer.override_guard import Guarded

PAUSE = 500
"""Ms without a key, a button or the wheel until the next step: a step may take 100 ms."""
ACTS = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.Wheel,
        QEvent.Type.NativeGesture,
        QEvent.Type.TouchUpdate,
    }
)


class AfterFirstPaint(Guarded, QObject):
    """Runs `steps`, one in each turn of the event loop, once `seen` has been painted.

    The first step follows the paint at once; the others wait while the person types, clicks, drags
    or turns the wheel.
    """

    def __init__(self, seen: QWidget, steps: Iterable[object]) -> None:
        super().__init__(seen)
        self._seen = seen
        self._steps = iter(steps)
        self._turn = QTimer(self)
        self._turn.timeout.connect(self._step)
        self._has_begun = False
        seen.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Begin after the first paint, which goes first; pause at what the person does."""
        if watched is self._seen:
            if event.type() == QEvent.Type.Paint:
                watched.removeEventFilter(self)
                self._turn.start(0)
        elif self._turn.isActive() and _is_act(event):
            self._turn.start(PAUSE)
        return False

    @property
    def is_over(self) -> bool:
        """Whether no step is left."""
        return self._has_begun and not self._turn.isActive()

    def stop(self) -> None:
        """Skip the steps that are left."""
        self._steps = iter(())

    def _step(self) -> None:
        if not self._has_begun:
            self._has_begun = True
            self._watch_acts()
        self._turn.setInterval(0)
        try:
            next(self._steps)
        except StopIteration:
            self._turn.stop()
            self._watch_acts(False)

    def _watch_acts(self, on: bool = True) -> None:
        """All that a person does passes through the native window, before any widget has it."""
        native = self._seen.window().windowHandle()
        if native is not None:
            (native.installEventFilter if on else native.removeEventFilter)(self)


def _is_act(event: QEvent) -> bool:
    """Whether the person acts; a pointer that only passes is no act."""
    if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove:
        return event.buttons() != Qt.MouseButton.NoButton
    return event.type() in ACTS
