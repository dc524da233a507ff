"""The actors of a study: as many as the cluster has devices, each with a shard and one waiting."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from analysis.faults import Fault
from analysis.storage.regular_file import read_regular
from analysis.study.data_set import StudyImage
from analysis.study.measuring.ready import WorkerReady
from analysis.study.plan import StudyPlan
from analysis.study.runners.cluster.measurer import Measurer, sent

AT_ONCE = 2
"""Shards of an actor: the one that is measured, and the next, so that it never waits."""
LOOK_AGAIN = 2.0
"""Seconds between two looks at what the cluster has."""
PATIENCE = 2.0
Message = tuple[Any, ...]


@dataclass(eq=False)
class Actor:
    """A Ray actor and its work; `busy` holds the numbers of its shards by their references."""

    handle: Any
    starting: Any
    """The reference of its start, None once it is ready."""
    busy: dict[Any, int] = field(default_factory=dict)


class Actors:
    """Starts actors, gives them shards, and says what came of them. Raises what Ray raises."""

    def __init__(self, plan: StudyPlan, most: int) -> None:
        import ray

        # Ray has types for half of what is used here: mypy says the same with it and without.
        self._ray: Any = ray
        self._plan = plan
        self._most = most
        self._actors: list[Actor] = []
        self._queue: deque[tuple[int, tuple[StudyImage, ...]]] = deque()
        self._looked = 0.0
        self._stopped = False
        weights = None if plan.weights is None else read_regular(plan.weights)
        self._weights = ray.put(weights)
        self._first = ray.put(sent(plan.first))

    @property
    def room(self) -> int:
        """How many shards can be under way at once."""
        return AT_ONCE * sum(1 for actor in self._actors if actor.starting is None)

    def give(self, number: int, images: tuple[StudyImage, ...]) -> None:
        """Have a shard measured."""
        self._queue.append((number, images))

    def stop(self) -> None:
        """Measure nothing more than the images at hand."""
        self._stopped = True
        for actor in self._actors:
            actor.handle.stop.remote()

    def close(self) -> None:
        """Have them delete their files; they end with the process that started them."""
        asked = [actor.handle.close.remote() for actor in self._actors]
        self._ray.wait(asked, num_returns=len(asked), timeout=PATIENCE)

    def turn(self, seconds: float) -> Iterator[Message]:
        """What happened, after waiting at most so long: messages as `Hand` describes them."""
        self._hire()
        self._share_out()
        waiting = [ref for actor in self._actors for ref in actor.busy]
        waiting += [actor.starting for actor in self._actors if actor.starting is not None]
        if not waiting:
            time.sleep(seconds)
            return
        done, _ = self._ray.wait(waiting, num_returns=1, timeout=seconds)
        for ref in done:
            yield from self._came(ref)

    # ------------------------------------------------------------------ hiring
    def _hire(self) -> None:
        """Start as many as there is room for; a node that is lost or new changes that."""
        if self._stopped or time.monotonic() - self._looked < LOOK_AGAIN:
            return
        self._looked = time.monotonic()
        resources = self._ray.cluster_resources()
        gpus = 0 if self._plan.device == "cpu" else int(resources.get("GPU", 0))
        wanted = gpus or int(resources.get("CPU", 0))
        wanted = min(wanted, self._most) if self._most else wanted
        device, threads = ("cuda", None) if gpus else ("cpu", 1)
        plan = replace(self._plan, device=device, threads=threads, weights=None)
        kind = self._ray.remote(Measurer)
        for _ in range(wanted - len(self._actors)):
            handle = kind.options(
                num_cpus=1, num_gpus=1 if gpus else 0, max_concurrency=AT_ONCE + 1
            ).remote(plan, self._weights, self._first)
            self._actors.append(Actor(handle, handle.start.remote()))

    def _share_out(self) -> None:
        for count in range(AT_ONCE):
            for actor in self._actors:
                free = actor.starting is None and len(actor.busy) <= count
                if self._queue and free:
                    number, images = self._queue.popleft()
                    content = [sent(image) for image in images]
                    actor.busy[actor.handle.measure.remote(content)] = number

    # ------------------------------------------------------------------ hearing
    def _came(self, ref: Any) -> Iterator[Message]:
        actor = next(a for a in self._actors if ref is a.starting or ref in a.busy)
        try:
            found = self._ray.get(ref)
        except self._ray.exceptions.RayTaskError as error:
            if ref is actor.starting:
                yield ("failed", Fault("study-no-cluster", ("", _first_line(error.cause))))
            else:
                yield ("lost", actor.busy.pop(ref))
        except self._ray.exceptions.RayError as error:
            yield from self._died(actor, error)
        else:
            if ref is not actor.starting:
                yield ("shard", actor.busy.pop(ref), found)
                return
            actor.starting = None
            if isinstance(found, WorkerReady):
                yield ("ready", found)
                yield ("room", self.room)
            else:
                yield ("failed", found)

    def _died(self, actor: Actor, error: Exception) -> Iterator[Message]:
        """Its shards are done again, by another."""
        self._actors.remove(actor)
        cause = getattr(error, "cause", None)
        if actor.starting is not None and isinstance(cause, Exception):
            yield ("failed", Fault("study-no-cluster", ("", _first_line(cause))))
            return
        yield ("room", max(1, self.room))
        for number in actor.busy.values():
            yield ("lost", number)


def _first_line(error: BaseException) -> str:
    words = str(error).strip().splitlines()
    return f"{type(error).__name__}: {words[0] if words else ''}"
