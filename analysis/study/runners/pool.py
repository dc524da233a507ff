"""Shares images out to worker processes, keeps the shards they return, does lost ones again.

Shards are as large as is measured in about GOAL seconds, so that whatever happens little is lost.
A shard whose worker died is done again, then image by image; an image that ends its process even
then is skipped, by name.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Sequence
from multiprocessing.connection import wait
from typing import Any, Protocol

from analysis.faults import Fault
from analysis.study.data_set import StudyImage
from analysis.study.measuring.ready import WorkerReady
from analysis.study.runners.worker_process import WorkerProcess
from analysis.study.shard import Shard

GOAL = 8.0
MOST_IMAGES = 64
MOST_BYTES = 64 << 20
"""Of the files of a shard, which may be sent over a network."""
TURN = 0.1
"""Seconds between two looks at whether the study is to stop."""
MOST_DEATHS = 4
"""Hands that may die one after the other without anything measured between."""

Images = tuple[StudyImage, ...]


class Crew(Protocol):
    """Starts worker processes."""

    losses: int
    """How often the process that has an image may die before it is the image's fault."""

    def first(self) -> list[WorkerProcess]:
        """Those to begin with. Raises OSError."""

    def more(self, ready: WorkerReady) -> list[WorkerProcess]:
        """Those to add, now that one is ready."""

    def again(self) -> WorkerProcess | None:
        """One in the place of a dead one; None where there can be none."""

    def broken(self, deaths: int, image: str) -> Fault:
        """Why there is no worker any more; `image` is one that the last of so many had."""


class Pool:
    """Measures `images`: `keep` takes each shard, `tell` how many images are measured so far."""

    def __init__(
        self,
        crew: Crew,
        images: Sequence[StudyImage],
        keep: Callable[[Shard], None],
        tell: Callable[[int], None],
        ready: Callable[[WorkerReady], None],
    ) -> None:
        self._crew = crew
        self._todo = deque(images)
        self._again: deque[Images] = deque()
        """Lost shards."""
        self._keep = keep
        self._tell = tell
        self._ready = ready
        self._workers: list[WorkerProcess] = []
        self._number = 0
        self._kept = 0
        self._deaths = 0
        self._lost: dict[str, int] = {}
        """How often the process that had an image has died."""
        self._pace: float | None = None
        """Seconds for an image, on one worker."""
        self._fault: Fault | None = None
        self._stopping = False

    def run(self, stop: Callable[[], bool]) -> Fault | None:
        """Until all is measured, or `stop()`; why it cannot go on. Raises OSError of `keep`.

        After a stop the image at hand is still finished and kept.
        """
        try:
            self._workers = self._crew.first()
            while self._fault is None and (self._todo or self._again or self._busy()):
                if stop() and not self._stopping:
                    self._stop()
                self._share_out()
                if not self._workers:
                    break
                pipes: list[Any] = [worker.connection for worker in self._workers]
                for pipe in wait(pipes, TURN):
                    self._hear(next(each for each in self._workers if each.connection is pipe))
        finally:
            for worker in self._workers:
                worker.close()
        return self._fault

    def _busy(self) -> bool:
        return any(worker.busy for worker in self._workers)

    def _stop(self) -> None:
        self._stopping = True
        self._todo.clear()
        self._again.clear()
        for worker in self._workers:
            worker.send("stop")

    # ------------------------------------------------------------------ giving
    def _share_out(self) -> None:
        for worker in self._workers:
            while len(worker.busy) < worker.room and (self._todo or self._again):
                self._number += 1
                worker.give(self._number, self._next())

    def _next(self) -> Images:
        if self._again:
            return self._again.popleft()
        places = max(1, sum(worker.room for worker in self._workers))
        fair = max(1, len(self._todo) // (2 * places))
        size = 1 if self._pace is None else round(GOAL / max(self._pace, 1e-3))
        size = max(1, min(size, fair, MOST_IMAGES, len(self._todo)))
        images = [self._todo.popleft()]
        room = MOST_BYTES - sum(images[0].identity[:1])
        while len(images) < size and sum(self._todo[0].identity[:1]) <= room:
            images.append(self._todo.popleft())
            room -= sum(images[-1].identity[:1])
        return tuple(images)

    # ------------------------------------------------------------------ hearing
    def _hear(self, worker: WorkerProcess) -> None:
        try:
            message = worker.connection.recv()
        except (EOFError, OSError):
            self._died(worker)
            return
        match message:
            case ("ready", WorkerReady() as ready):
                worker.room = worker.room or 1
                self._ready(ready)
                self._workers += self._crew.more(ready)
            case ("room", int() as room):
                worker.room = room
            case ("image", int() as number):
                worker.seen[number] = worker.seen.get(number, 0) + 1
                self._count()
            case ("shard", int() as number, Shard() as shard):
                self._take(worker, number, shard)
            case ("lost", int() as number):
                worker.seen.pop(number, None)
                self._lose(worker.busy.pop(number))
            case ("failed", Fault() as fault):
                self._fault = fault

    def _take(self, worker: WorkerProcess, number: int, shard: Shard) -> None:
        given = worker.busy.pop(number)
        worker.seen.pop(number, None)
        self._keep(shard)
        self._deaths = 0
        measured = len(shard.names) + len(shard.skipped)
        self._kept += measured
        if measured:
            pace = shard.seconds / measured
            self._pace = pace if self._pace is None else (self._pace + pace) / 2
        if not self._stopping:  # what a worker left is not lost
            known = {*shard.names, *shard.skipped}
            self._todo.extend(image for image in given if image.name not in known)
        self._count()

    def _count(self) -> None:
        self._tell(self._kept + sum(n for worker in self._workers for n in worker.seen.values()))

    # ------------------------------------------------------------------ losing
    def _died(self, worker: WorkerProcess) -> None:
        self._workers.remove(worker)
        worker.close()
        self._deaths += 1
        images = [image for shard in worker.busy.values() for image in shard]
        for shard in worker.busy.values():
            self._lose(shard)
        if self._stopping:
            return
        other = None
        if self._deaths <= MOST_DEATHS:
            with contextlib.suppress(OSError):
                other = self._crew.again()
        if other is not None:
            self._workers.append(other)
        elif not self._workers:
            name = images[0].name if images else ""
            self._fault = self._fault or self._crew.broken(self._deaths, name)

    def _lose(self, images: Images) -> None:
        if self._stopping:
            return
        for image in images:
            self._lost[image.name] = self._lost.get(image.name, 0) + 1
        twice = [image for image in images if self._lost[image.name] > self._crew.losses]
        if not twice:
            self._again.append(images)
        elif len(images) > 1:
            self._again.extend((image,) for image in images)
        else:
            skipped = {images[0].name: Fault("study-worker-died")}
            self._keep(Shard(skipped=skipped))
            self._kept += 1
