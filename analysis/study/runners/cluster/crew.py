"""The crew of a study on Ray: one process of this machine, which speaks with the cluster.

Ray ends a process whose cluster dies. That is this child, and never the program itself.
"""

from __future__ import annotations

from importlib.util import find_spec

from analysis.faults import Fault
from analysis.study.measuring.ready import WorkerReady
from analysis.study.plan import StudyPlan
from analysis.study.runners.worker_process import WorkerProcess, start

PROGRAM = "analysis.study.runners.cluster.program"
QUIET = {"RAY_USAGE_STATS_ENABLED": "0"}
"""Nobody is told that there is a study."""
FAREWELL = 4.0


def is_installed() -> bool:
    """Whether there is Ray; it is not loaded for that."""
    return find_spec("ray") is not None


class RayCrew:
    """Starts the child that connects to `address`; `workers` is the most actors, None for all."""

    losses = 3

    def __init__(self, plan: StudyPlan, address: str, workers: int | None = None) -> None:
        self._plan = plan
        self._arguments = (address, str(workers or 0))

    def first(self) -> list[WorkerProcess]:
        """The child."""
        worker = start(PROGRAM, self._plan, *self._arguments, environment=QUIET)
        worker.farewell = FAREWELL
        return [worker]

    def more(self, ready: WorkerReady) -> list[WorkerProcess]:
        """None: the child starts the actors."""
        return []

    def again(self) -> WorkerProcess | None:
        """None: with the child the cluster is lost."""
        return None

    def broken(self, deaths: int, image: str) -> Fault:
        """What is said where the child has ended."""
        return Fault("study-cluster-lost")
