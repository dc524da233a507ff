"""Runs one of our modules in an isolated child and reads the one JSON answer that it prints."""

from __future__ import annotations

import contextlib
import json
import subprocess
import time
from pathlib import Path
from threading import Event
from typing import Any

from analysis.processes import isolated, program

LOOK_EVERY = 0.05
"""Seconds between two looks at whether the answer is still wanted."""


def one_answer(
    module: str, *arguments: str, seconds: float, cancelled: Event | None = None
) -> dict[str, Any]:
    """What `main(*arguments)` of the module prints, an object of JSON.

    Nothing where it prints none, takes longer than `seconds`, or is no longer wanted. Blocks.
    Raises OSError where no process can be started.
    """
    end = time.monotonic() + seconds
    unwanted = cancelled or Event()
    with subprocess.Popen(
        isolated.command(Path(program.__file__), module, *arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=isolated.environment(),
    ) as child:
        while not unwanted.is_set() and time.monotonic() < end:
            with contextlib.suppress(subprocess.TimeoutExpired):
                said, _ = child.communicate(timeout=LOOK_EVERY)
                with contextlib.suppress(ValueError):
                    found = json.loads(said)
                    return found if isinstance(found, dict) else {}
                return {}
        child.kill()
    return {}
