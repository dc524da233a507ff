"""Images a second of a study: with one worker and more on this machine, and on a Ray cluster.

`python -m tests.benchmarks.study`. Timed from the moment that all workers are ready until the last
shard is on the disk; that a process has to load PyTorch first is not part of it. Local and Ray take
turns, and the best of each counts, so that what else runs on the machine is in neither.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from analysis.faults import Fault
from analysis.study.data_set import StudyData, find_images
from analysis.study.plan import StudyPlan
from analysis.study.run import study
from analysis.study.runners.cluster.crew import RayCrew
from analysis.study.runners.local import LocalCrew, cores
from analysis.study.runners.pool import Crew
from tests.analysis.study.pictures import folder_of, network
from tests.benchmarks.table import Row, run_alone

CALLED = "unet:depth=4,base=8,size=128,norm=none,out=3"
SIDE = 128
AIM = 0.9


class Clock:
    """Hears a study of so many workers, and takes the time from when all of them are ready."""

    def __init__(self, workers: int) -> None:
        self._missing = workers
        self._begun: tuple[float, int] | None = None
        self.pace = 0.0

    def begun(self, done: int, of: int) -> None:
        pass

    def ready(self, ready: object) -> None:
        self._missing -= 1

    def tell(self, done: int) -> None:
        now = time.perf_counter()
        if self._missing <= 0 and self._begun is None:
            self._begun = now, done
        elif self._begun is not None and done > self._begun[1]:
            self.pace = (done - self._begun[1]) / (now - self._begun[0])

    def stop(self) -> bool:
        return False


def measure(smallest: bool) -> list[Row]:
    """Images a second and core, Ray beside local, and how local grows with workers."""
    with tempfile.TemporaryDirectory() as folder:
        data = find_images(folder_of(Path(folder) / "data", 8 if smallest else 24, side=SIDE))
        assert not isinstance(data, Fault)
        plan = StudyPlan(network(CALLED), folder, data.images[0], device="cpu", threads=1)
        one = pace(plan, data, LocalCrew(plan, len(data.images), 1), 1)
        rows = [Row("study, one worker here", one, "images/s")]
        for workers in (2, 4):
            if workers <= cores() and not smallest:
                many = pace(plan, data, LocalCrew(plan, len(data.images), workers), workers)
                what = f"study, {workers} workers here, of one"
                rows.append(Row(what, many / one, "×"))
        rows.append(beside_ray(plan, data, 1 if smallest else 3))
        return rows


def beside_ray(plan: StudyPlan, data: StudyData, turns: int) -> Row:
    """Images a second of one actor, as a part of what one worker here does."""
    what = "study, one actor of Ray, of one worker here"
    if find_spec("ray") is None:
        return Row(what, None, "×", at_least=AIM, note="Ray is not installed")
    here, there = [], []
    with cluster() as address:
        for _ in range(turns):
            there.append(pace(plan, data, RayCrew(plan, address, 1), 1))
            here.append(pace(plan, data, LocalCrew(plan, len(data.images), 1), 1))
    return Row(what, max(there) / max(here), "×", at_least=AIM)


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """The address of a cluster of one core."""
    from ray.cluster_utils import Cluster

    head = {"num_cpus": 1, "include_dashboard": False}
    made = Cluster(initialize_head=True, head_node_args=head)
    try:
        yield made.address
    finally:
        made.shutdown()


def pace(plan: StudyPlan, data: StudyData, crew: Crew, workers: int) -> float:
    """Images a second of a whole study."""
    clock = Clock(workers)
    with tempfile.TemporaryDirectory() as out:
        found = study(plan, data, Path(out), lambda _: crew, clock)
    assert not isinstance(found, Fault), found
    assert found.fault is None, found.fault
    return clock.pace


if __name__ == "__main__":
    run_alone(measure)
