"""Runs work off the GUI thread (reading, tracing); its end is always reported, exactly once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from viewer.override_guard import Guarded

T = TypeVar("T")


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
        """Called on the worker thread."""
        try:
            result, error = self._work(self.cancelled), None
        except Exception as raised:  # noqa: BLE001 (handed to `failed` on the GUI thread)
            result, error = None, raised
        try:
            self._ended.emit(result, error)
        except RuntimeError:
            return  # the window went while this ran

    def _finish(self, result: T, error: Exception | None) -> None:
        self.setParent(None)
        if self.cancelled.is_set():
            return
        if error is None:
            self._done(result)
        else:
            self._failed(error)


class Background(Guarded, QObject):
    """A small pool for one window."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="fieldglass")

    def start(
        self,
        work: Callable[[Event], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
    ) -> Job[T]:
        """Run `work(cancelled)` on a worker; `done` or `failed` follows on the GUI thread."""
        job = Job(work, done, failed, self)
        self._pool.submit(job.run)
        return job

    def close(self) -> None:
        """Stop taking work and ask what runs to stop."""
        for job in self.findChildren(Job):
            job.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)
