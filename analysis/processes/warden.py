"""Runs a command and, when it ends, ends everything that it has started: `warden.py COMMAND …`.

A program of its own, Linux only. A process that makes a session of its own leaves the group of
the one that started it, so that killing the group misses it. This one asks the kernel to be given
the orphans among its descendants (PR_SET_CHILD_SUBREAPER), and kills them. SIGTERM, and the end of
the process that started this one, end the command too. It exits as the command did.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

PR_SET_CHILD_SUBREAPER = 36
LOOK_EVERY = 0.02
"""Seconds between two looks at whether the command is done or nobody waits for it any more."""


class Command(Protocol):
    """What runs."""

    def poll(self) -> int | None:
        """Its exit status, negative for a signal; None while it runs."""


class Ended(Exception):  # noqa: N818 - it is asked for
    """SIGTERM has come."""


def children() -> list[int]:
    """The process ids of this process's own children."""
    found = []
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            try:
                after_name = (place / "stat").read_text().rpartition(")")[2].split()
            except (OSError, ValueError):
                continue  # it has ended meanwhile
            if int(after_name[1]) == os.getpid():
                found.append(int(place.name))
    return found


def end_all() -> None:
    """Kill what is left of all descendants: the orphans of one round are children of the next."""
    while True:
        for child in children():
            os.kill(child, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(LOOK_EVERY / 4)


def wait(command: Command, parent: int) -> int:
    """The command's exit status, negative for a signal."""
    while os.getppid() == parent:
        status = command.poll()
        if status is not None:
            return status
        time.sleep(LOOK_EVERY)
    return -signal.SIGKILL


def guard(start: Callable[[], Command]) -> None:
    """Start the command and end as it does."""

    def end(*_: object) -> None:
        raise Ended

    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGTERM, end)
    status = -signal.SIGKILL
    try:
        status = wait(start(), parent)
    except Ended:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    end_all()
    if status < 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    os._exit(status)


if __name__ == "__main__":
    guard(lambda: subprocess.Popen(sys.argv[1:]))
