"""The workers of a study on this machine: one a GPU, or as many as cores and memory allow."""

from __future__ import annotations

import os
from dataclasses import replace

from analysis.facts import analyse
from analysis.faults import Fault
from analysis.inference.memory import available_bytes, estimate_bytes
from analysis.study.measuring.ready import WorkerReady
from analysis.study.plan import StudyPlan
from analysis.study.runners.worker_process import WorkerProcess, start

PROGRAM = "analysis.study.runners.local_program"
OF_ITS_OWN = 400 << 20
"""Bytes that PyTorch takes in each process before anything runs."""
GRADIENTS = 4
"""So many times the memory of a run a worker may need, where it keeps all for a gradient."""


class LocalCrew:
    """Starts worker processes. `workers` is how many are wanted on processors; None chooses."""

    losses = 1

    def __init__(self, plan: StudyPlan, images: int, workers: int | None = None) -> None:
        self._count = workers or _most_workers(plan, images)
        self._plan = replace(plan, threads=plan.threads or max(1, cores() // self._count))
        self._restarted = self._plan
        self._all_started = False

    def first(self) -> list[WorkerProcess]:
        """All workers where it is known that they are processors', else the one that finds out."""
        self._all_started = self._plan.device == "cpu"
        return [self._start(self._plan) for _ in range(self._count if self._all_started else 1)]

    def more(self, ready: WorkerReady) -> list[WorkerProcess]:
        """The others, once the first says where it runs."""
        if self._all_started:
            return []
        self._all_started = True
        if ready.device == "cpu":
            self._restarted = replace(self._plan, device="cpu")
            return [self._start(self._restarted) for _ in range(self._count - 1)]
        self._restarted = replace(self._plan, device=ready.device)
        others = [name for name in ready.devices if name != _numbered(ready.device)]
        if self._plan.device not in ("auto", "cuda"):
            return []
        return [self._start(replace(self._plan, device=name)) for name in others]

    def again(self) -> WorkerProcess | None:
        """One in the place of a worker that has died."""
        return self._start(self._restarted)

    def broken(self, deaths: int, image: str) -> Fault:
        """What is said where workers die one after the other."""
        return Fault("study-workers-died", (deaths, image))

    @staticmethod
    def _start(plan: StudyPlan) -> WorkerProcess:
        return start(PROGRAM, plan)


def cores() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _most_workers(plan: StudyPlan, images: int) -> int:
    """One a core, but no more than there are images and than memory holds."""
    each = OF_ITS_OWN + GRADIENTS * estimate_bytes(analyse(plan.graph))
    free = available_bytes()
    fit = cores() if free is None else max(1, free // each)
    return max(1, min(cores(), images, int(fit)))


def _numbered(device: str) -> str:
    return "cuda:0" if device == "cuda" else device
