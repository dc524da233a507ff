"""The processes that the test's own process has started and that still run."""

import contextlib
import multiprocessing
import os
from pathlib import Path

from analysis.processes import warden


def running_children() -> dict[int, str]:
    """Command line by process id; elsewhere than on Linux only what multiprocessing knows of."""
    if not Path("/proc/self/stat").is_file():
        return {each.pid or 0: each.name for each in multiprocessing.active_children()}
    try:  # one call instead of a look at every process of the machine
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return {}
    found = {}
    for pid in warden.children():
        with contextlib.suppress(OSError):
            words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            # One that has ended has no words; Python's own tracker stays until the very end.
            if words and "multiprocessing.resource_tracker" not in words:
                found[pid] = words
    return found
