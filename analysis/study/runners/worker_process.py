"""A child process that measures shards, at the other end of a pipe.

It is sent the plan, then ("shard", number, images) as often as it has room, and "stop". It sends
("ready", WorkerReady), ("room", count) where it can take more than one shard at once, ("image",
number) for each image measured, ("shard", number, Shard), ("lost", number) for a shard that is to
be done again, and ("failed", Fault) where nothing can be done.
"""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from analysis.processes import isolated, pipe, program
from analysis.study.data_set import StudyImage
from analysis.study.plan import StudyPlan

PATIENCE = 5.0
"""Seconds that a killed child may take to be gone."""


@dataclass
class WorkerProcess:
    """A worker process of a local study; `busy` are its shards by number, `seen` images of each."""

    process: subprocess.Popen[bytes]
    connection: Connection
    room: int = 0
    """How many shards it can have at once; 0 until it is ready."""
    busy: dict[int, tuple[StudyImage, ...]] = field(default_factory=dict)
    seen: dict[int, int] = field(default_factory=dict)

    farewell: float = 0.0
    """Seconds that it may take to tidy up."""

    def send(self, message: Any) -> None:
        """Send a message; a child that is gone is noticed where it is read from."""
        with contextlib.suppress(OSError):
            self.connection.send(message)

    def give(self, number: int, images: tuple[StudyImage, ...]) -> None:
        """Have it measure a shard."""
        self.busy[number] = images
        self.send(("shard", number, images))

    def close(self) -> None:
        """End the child, whatever it does, and wait until it is gone."""
        self.connection.close()
        if self.farewell:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(self.farewell)
        self.process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(PATIENCE)


def start(
    module: str,
    plan: StudyPlan,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
) -> WorkerProcess:
    """Start `main(pipe, *arguments)` of a module in a process of its own. Raises OSError.

    `environment` is what is other there than here.
    """
    command = isolated.command(Path(program.__file__), module, "{pipe}", *arguments)
    process, connection = pipe.start(
        command,
        env=isolated.environment(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    worker = WorkerProcess(process, connection)
    worker.send(plan)
    return worker
