"""Shares images out to hands, keeps the shards that come back, and does lost ones again.

Shards are as large as is measured in about GOAL seconds, so that whatever happens little is lost.
A shard whose hand died is done again, then image by image; an image that ends its process even
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
from analysis.study.runners.hand import Hand
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
    """Starts hands."""

    losses: int
    """How often the process that has an image may die before it is the image's fault."""

    def first(self) -> list[Hand]:
        """Those to begin with. Raises OSError."""

    def more(self, ready: WorkerReady) -> list[Hand]:
        """Those to add, now that one is ready."""

    def again(self) -> Hand | None:
        """One in the place of a dead one; None where there can be none."""

    def broken(self, deaths: int, image: str) -> Fault:
        """Why there is no hand any more; `image` is one that the last of so many had."""


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
        self._hands: list[Hand] = []
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
            self._hands = self._crew.first()
            while self._fault is None and (self._todo or self._again or self._busy()):
                if stop() and not self._stopping:
                    self._stop()
                self._share_out()
                if not self._hands:
                    break
                pipes: list[Any] = [hand.connection for hand in self._hands]
                for pipe in wait(pipes, TURN):
                    self._hear(next(h for h in self._hands if h.connection is pipe))
        finally:
            for hand in self._hands:
                hand.close()
        return self._fault

    def _busy(self) -> bool:
        return any(hand.busy for hand in self._hands)

    def _stop(self) -> None:
        self._stopping = True
        self._todo.clear()
        self._again.clear()
        for hand in self._hands:
            hand.send("stop")

    # ------------------------------------------------------------------ giving
    def _share_out(self) -> None:
        for hand in self._hands:
            while len(hand.busy) < hand.room and (self._todo or self._again):
                self._number += 1
                hand.give(self._number, self._next())

    def _next(self) -> Images:
        if self._again:
            return self._again.popleft()
        hands = max(1, sum(hand.room for hand in self._hands))
        fair = max(1, len(self._todo) // (2 * hands))
        size = 1 if self._pace is None else round(GOAL / max(self._pace, 1e-3))
        size = max(1, min(size, fair, MOST_IMAGES, len(self._todo)))
        images = [self._todo.popleft()]
        room = MOST_BYTES - sum(images[0].identity[:1])
        while len(images) < size and sum(self._todo[0].identity[:1]) <= room:
            images.append(self._todo.popleft())
            room -= sum(images[-1].identity[:1])
        return tuple(images)

    # ------------------------------------------------------------------ hearing
    def _hear(self, hand: Hand) -> None:
        try:
            message = hand.connection.recv()
        except (EOFError, OSError):
            self._died(hand)
            return
        match message:
            case ("ready", WorkerReady() as ready):
                hand.room = hand.room or 1
                self._ready(ready)
                self._hands += self._crew.more(ready)
            case ("room", int() as room):
                hand.room = room
            case ("image", int() as number):
                hand.seen[number] = hand.seen.get(number, 0) + 1
                self._count()
            case ("shard", int() as number, Shard() as shard):
                self._take(hand, number, shard)
            case ("lost", int() as number):
                hand.seen.pop(number, None)
                self._lose(hand.busy.pop(number))
            case ("failed", Fault() as fault):
                self._fault = fault

    def _take(self, hand: Hand, number: int, shard: Shard) -> None:
        given = hand.busy.pop(number)
        hand.seen.pop(number, None)
        self._keep(shard)
        self._deaths = 0
        measured = len(shard.names) + len(shard.skipped)
        self._kept += measured
        if measured:
            pace = shard.seconds / measured
            self._pace = pace if self._pace is None else (self._pace + pace) / 2
        if not self._stopping:  # what a hand left is not lost
            known = {*shard.names, *shard.skipped}
            self._todo.extend(image for image in given if image.name not in known)
        self._count()

    def _count(self) -> None:
        self._tell(self._kept + sum(n for hand in self._hands for n in hand.seen.values()))

    # ------------------------------------------------------------------ losing
    def _died(self, hand: Hand) -> None:
        self._hands.remove(hand)
        hand.close()
        self._deaths += 1
        images = [image for shard in hand.busy.values() for image in shard]
        for shard in hand.busy.values():
            self._lose(shard)
        if self._stopping:
            return
        other = None
        if self._deaths <= MOST_DEATHS:
            with contextlib.suppress(OSError):
                other = self._crew.again()
        if other is not None:
            self._hands.append(other)
        elif not self._hands:
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
