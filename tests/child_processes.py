"""The processes that the test's own process has started and that still run."""

import contextlib
import multiprocessing
import os
from pathlib import Path

KEPT = ("multiprocessing.resource_tracker", "forked_tracers/origin.py")
"""What serves many tests: Python's own tracker, and the process of which tracers are forked."""


def running_children() -> dict[int, str]:
    """Command line by process id; elsewhere than on Linux only what multiprocessing knows of.

    A tracer that was forked counts as one.
    """
    if not Path("/proc/self/task").is_dir():
        return {each.pid or 0: each.name for each in multiprocessing.active_children()}
    found = {}
    for pid in _children(os.getpid()):
        words = _words(pid)
        if KEPT[1] in words:
            found |= {each: "a forked tracer" for each in _children(pid) if _words(each)}
        elif words and KEPT[0] not in words:
            found[pid] = words
    return found


def _children(pid: int) -> set[int]:
    """The kernel's own list, in two looks: a child that ends meanwhile can hide its neighbour."""
    found: set[int] = set()
    for _ in range(2):
        for each in Path(f"/proc/{pid}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found |= set(map(int, each.read_text().split()))
    return found


def _words(pid: int) -> str:
    """The command line, empty for a process that has ended; one being started may have none yet."""
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return "" if state in "ZX" else words or "being started"
    return ""
