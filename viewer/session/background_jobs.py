"""Runs work off the GUI thread (reading, tracing); its end is always reported, exactly once."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from queue import SimpleQueue
from threading import Event, Thread
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from viewer.override_guard import Guarded

T = TypeVar("T")
WORKERS = 2
PATIENCE = 2.0
"""Seconds that closing waits for work that was asked to stop."""


class Job(Guarded, QObject, Generic[T]):
    """One piece of work under way; `cancel` asks it to stop and silences its result."""

    _ended = Signal(object, object)

    def __init__(
        self,
        work: Callable[[Event], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.cancelled = Event()
        self._work = work
        self._done = done
        self._failed = failed
        self._ended.connect(self._finish, Qt.ConnectionType.QueuedConnection)

    def cancel(self) -> None:
        """Ask the work to stop; neither `done` nor `failed` will be called."""
        self.cancelled.set()

    def run(self) -> None:
        """Called on the worker thread; what was cancelled before it began is not begun."""
        if self.cancelled.is_set():
            self._end(None, None)
            return
        try:
            result, error = self._work(self.cancelled), None
        except Exception as raised:  # noqa: BLE001 (handed to `failed` on the GUI thread)
            result, error = None, raised
        self._end(result, error)

    def _end(self, result: T | None, error: Exception | None) -> None:
        with contextlib.suppress(RuntimeError):  # the window went while this ran
            self._ended.emit(result, error)

    def _finish(self, result: T, error: Exception | None) -> None:
        self.setParent(None)
        if self.cancelled.is_set():
            return
        if error is None:
            self._done(result)
        else:
            self._failed(error)


class Background(Guarded, QObject):
    """A few worker threads for one window, which neither it nor the program waits for at its end.

    They are daemon threads: those of `concurrent.futures` and of QThreadPool are joined when the
    program ends, and one that reads a dead network drive would keep it for ever.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._workers: list[Thread] = []
        self._closed = False

    def start(
        self,
        work: Callable[[Event], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
    ) -> Job[T]:
        """Run `work(cancelled)` on a worker; `done` or `failed` follows on the GUI thread."""
        job = Job(work, done, failed, self)
        if self._closed:
            job.cancel()
            return job
        self._waiting.put(job.run)
        if len(self._workers) < WORKERS:
            worker = Thread(target=_work, args=(self._waiting,), name="fieldglass", daemon=True)
            self._workers.append(worker)
            worker.start()
        return job

    def close(self) -> None:
        """Take no more work, ask what runs to stop, and wait `PATIENCE` at most until it has."""
        self._closed = True
        for job in self.findChildren(Job):
            job.cancel()
        for _ in self._workers:
            self._waiting.put(None)
        end = time.monotonic() + PATIENCE
        for worker in self._workers:
            worker.join(max(0.0, end - time.monotonic()))


def _work(waiting: SimpleQueue[Callable[[], None] | None]) -> None:
    """Called on a worker thread: one piece of work after the other, until None ends it."""
    while (run := waiting.get()) is not None:
        run()
