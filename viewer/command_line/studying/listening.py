"""Shows how far a study is, and stops it: Ctrl+C at a terminal, or the window that started it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from viewer.command_line.shared.note import note
from viewer.command_line.shared.run_remarks import weights_line

if TYPE_CHECKING:
    from analysis.study.measuring.ready import WorkerReady

WIDTH = 24
SETTLED = 3
"""Images measured before the time that is left is said."""


class Listening:
    """Hears a study on a terminal; with nobody at it, in silence."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self._told = False
        self._before = self._of = 0
        self._started = time.monotonic()

    def begun(self, done: int, of: int) -> None:
        """So many of so many images are measured already."""
        self._before, self._of = done, of
        self._started = time.monotonic()
        if 0 < done < of:
            note(f"{done} of {of} images are measured already; the study goes on.")
        self._show(done)

    def tell(self, done: int) -> None:
        """So many are measured now."""
        self._show(done)

    def ready(self, ready: WorkerReady) -> None:
        """A worker runs: say once what is missing of the weights."""
        if self._told:
            return
        self._told = True
        if ready.report is not None and not ready.report.whole:
            note(weights_line(ready.report, "the weights"))
        elif ready.untrained and ready.report is None:
            note("the network is untrained: all weights are from the seed.")

    def stop(self) -> bool:
        """Whether somebody wants the study to stop."""
        return self.stopped.is_set()

    def end(self) -> None:
        """Nothing more is measured."""
        if sys.stderr.isatty():
            sys.stderr.write("\r" + " " * 78 + "\r")

    def wrote(self, page: Path) -> None:
        """The report is there."""

    def seconds_left(self, done: int) -> float | None:
        """About how long the rest takes; None before that can be told."""
        measured = done - self._before
        if measured < SETTLED:
            return None
        return (time.monotonic() - self._started) / measured * (self._of - done)

    def _show(self, done: int) -> None:
        if not sys.stderr.isatty():
            return
        filled = WIDTH * done // max(1, self._of)
        bar = "=" * filled + " " * (WIDTH - filled)
        left = self.seconds_left(done)
        rest = "" if left is None else f" about {duration(left)} left"
        rest = " finishing the images at hand" if self.stop() else rest
        line = f"Studying {done}/{self._of} [{bar}]{rest}"
        sys.stderr.write("\r" + line.ljust(78))
        sys.stderr.flush()


class WindowListening(Listening):
    """Hears a study for the window: a line of JSON for every step on standard output.

    It stops when standard input ends, also because the window is gone.
    """

    def __init__(self) -> None:
        super().__init__()
        threading.Thread(target=self._wait, name="stop", daemon=True).start()

    def _wait(self) -> None:
        # Not by the file object: its lock, held by this thread, would be in the way of the exit.
        with contextlib.suppress(OSError, ValueError):
            while os.read(sys.stdin.fileno(), 1024):
                pass
        self.stopped.set()

    def wrote(self, page: Path) -> None:
        """Say where the report is."""
        _say({"report": str(page)})

    def _show(self, done: int) -> None:
        _say({"done": done, "of": self._of, "left": self.seconds_left(done)})


def _say(what: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):
        sys.stdout.write(json.dumps(what) + "\n")
        sys.stdout.flush()


def duration(seconds: float) -> str:
    """In words, as exactly as such an estimate is: 40 s, 3 min, 2 h."""
    if seconds < 100:
        return f"{max(1, round(seconds))} s"
    if seconds < 100 * 60:
        return f"{round(seconds / 60)} min"
    return f"{round(seconds / 3600)} h"


@contextlib.contextmanager
def listening(for_window: bool) -> Iterator[Listening]:
    """A listener that Ctrl+C and SIGTERM stop; a second Ctrl+C ends the command at once."""
    listeners = WindowListening() if for_window else Listening()

    def stop(number: int, frame: FrameType | None) -> None:
        if listeners.stopped.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        listeners.stopped.set()

    if threading.current_thread() is not threading.main_thread():
        yield listeners
        return
    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield listeners
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
