"""Bounds of the process that runs a person's code: how much memory, how long, with whom."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

FULL = ("allocate memory", "bad_alloc", "bad alloc", "out of memory", "unable to allocate")
"""What allocators say when memory has run out."""


def is_full(error: BaseException | None) -> bool:
    """Whether memory has run out: allocators in C++ say so in a RuntimeError of their own."""
    while error is not None:
        text = str(error).lower()
        if isinstance(error, MemoryError) or (
            isinstance(error, RuntimeError | OSError) and any(each in text for each in FULL)
        ):
            return True
        error = error.__cause__
    return False


def limit_memory(megabytes: int) -> None:
    """Bound what may be taken beyond what torch itself has mapped; Linux only."""
    if not sys.platform.startswith("linux"):
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + (megabytes << 20)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or most <= hard:
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def watch(
    parent: int, seconds: float, done: threading.Event | None = None, status: int = 1
) -> None:
    """End this process when its parent has ended or time is up, unless `done` is set before."""
    end = time.monotonic() + seconds
    while os.getppid() == parent and time.monotonic() < end:
        if done is not None and done.is_set():
            return
        time.sleep(0.5)
    os._exit(status if os.getppid() == parent else 1)
