"""An engine process that runs nothing: it takes down what it is asked."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class RecordingProcess(QObject):
    """Has the signals of `EngineProcess`; a test emits them when it wants an answer."""

    loading, moved = Signal(), Signal()
    ready, frame = Signal(object), Signal(object)
    replied, progress = Signal(object), Signal(object)
    failed, restarted = Signal(object), Signal(object)
    running = False
    is_ready = True

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[object] = []

    def submit(self, request: object) -> None:
        """Keep the request."""
        self.asked.append(request)

    def forget(self, slot: str) -> None:
        """Nothing is held for a slot."""
