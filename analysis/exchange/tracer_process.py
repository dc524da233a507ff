"""The process that runs a model's code: started for one model, ended with all it has started.

One may be started ahead of time (`prepare`): it has imported torch when the model comes. It too
serves one model alone and is thrown away.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.exchange import model_folders
from analysis.faults import Fault
from analysis.processes import isolated

PROGRAM = Path(__file__).with_name("tracer") / "program.py"
OPTIONS = ("-B", "-W", "ignore")
LOOK_EVERY = 0.02
"""Seconds between two looks at whether the tracer is done, too late or no longer wanted."""
PATIENCE = 5.0
"""Seconds in which the tracer and all it has started must have ended when they are told to."""
TIRED = 75
"""Exit status of a tracer that has waited for a model for too long."""


def environment(scratch: Path) -> dict[str, str]:
    """What a tracer runs with, which leaves in `scratch` what torch and the model leave."""
    places = ("TMPDIR", "TEMP", "TMP", "TORCHINDUCTOR_CACHE_DIR")
    return isolated.environment({"CUDA_VISIBLE_DEVICES": "", **dict.fromkeys(places, str(scratch))})


def start(environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """The program in a process, and a session, of its own. Raises OSError."""
    return subprocess.Popen(
        isolated.guarded(isolated.command(PROGRAM, options=OPTIONS)),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,  # a model may print for ever; nobody reads it
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )


class TracerProcess:
    """A tracer that waits for its one request. `folder` is where it answers and leaves things."""

    def __init__(self) -> None:
        """Start it. Raises OSError."""
        self.folder = model_folders.make()
        scratch = self.folder / "scratch"  # it goes with the folder
        scratch.mkdir()
        self._child = start(environment(scratch))

    @property
    def is_waiting(self) -> bool:
        """Whether it lives; meant for one that has not been asked yet."""
        return self._child.poll() is None

    def ask(
        self, request: Mapping[str, Any], cancelled: threading.Event | None, seconds: float
    ) -> int | Fault:
        """Have it read a model: its exit status, or why it was ended. It is gone afterwards."""
        (self.folder / "request.json").write_text(json.dumps(request), encoding="utf-8")
        end = time.monotonic() + seconds
        try:
            with contextlib.suppress(OSError):  # it has ended: its status says so
                assert self._child.stdin is not None
                with self._child.stdin as pipe:
                    pipe.write(f"{self.folder / 'request.json'}\n".encode())
            while True:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    return self._child.wait(LOOK_EVERY)
                if cancelled is not None and cancelled.is_set():
                    return Fault("model-cancelled")
                if time.monotonic() > end:
                    return Fault("model-too-slow", (seconds,))
        finally:
            self.end()

    def end(self) -> None:
        """End it with all it has started."""
        child = self._child
        if child.stdin is not None:
            with contextlib.suppress(OSError):
                child.stdin.close()
        if sys.platform.startswith("linux"):
            child.terminate()  # what guards the tracer ends all of it
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(PATIENCE)
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
        elif child.poll() is None:
            child.kill()
        child.wait()


_lock = threading.Lock()
_spare: list[TracerProcess] = []
"""The one that waits, if any."""


def prepare() -> None:
    """Start a tracer for the model that is to come, unless one waits. Never raises."""
    with _lock, contextlib.suppress(OSError):
        _drop_dead()
        if not _spare:
            _spare.append(TracerProcess())


def take() -> TracerProcess:
    """The tracer that waits, or a new one. Raises OSError."""
    with _lock:
        _drop_dead()
        if _spare:
            return _spare.pop()
    return TracerProcess()


def _drop_dead() -> None:
    for each in [*_spare]:
        if not each.is_waiting:
            _spare.remove(each)
            each.end()


@atexit.register
def dismiss() -> None:
    """End the tracer that waits."""
    with _lock:
        waiting, _spare[:] = [*_spare], []
    for each in waiting:
        each.end()
