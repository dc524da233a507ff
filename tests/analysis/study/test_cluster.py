"""On a Ray cluster of two nodes, with a worker killed on the way, a study finds what it does here.

Ray is not among what the tests install: it is 70 MB, and a cluster takes longer to start than all
other tests of studies together. `pip install -c constraints.txt -e '.[ray]'` runs them.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from analysis.faults import Fault
from analysis.study.data_set import StudyData, find_images
from analysis.study.measuring.ready import WorkerReady
from analysis.study.measuring.worker import StudyWorker
from analysis.study.plan import StudyPlan
from analysis.study.run import StudyResult, study
from analysis.study.runners.cluster.crew import RayCrew
from analysis.study.runners.cluster.measurer import Measurer, sent
from tests.analysis.study.pictures import folder_of, network
from tests.analysis.study.test_run import Heard, same

COUNT = 8
needs_ray = pytest.mark.skipif(
    find_spec("ray") is None, reason="Ray is not installed: pip install -e '.[ray]'"
)


@pytest.fixture
def data(tmp_path: Path) -> StudyData:
    found = find_images(folder_of(tmp_path / "data", COUNT, targets=True))
    assert not isinstance(found, Fault)
    return found


@pytest.fixture
def plan(data: StudyData) -> StudyPlan:
    return StudyPlan(network(), str(data.folder), data.images[0], device="cpu", threads=1)


def test_files_that_were_sent_are_measured_as_those_that_lie_here(
    data: StudyData, plan: StudyPlan
) -> None:
    """What an actor does, in this process."""
    gone = replace(data.images[1], name="gone", path=str(data.folder / "gone.png"))
    there = Measurer(plan, None, sent(data.images[0]))
    assert isinstance(there.start(), WorkerReady)
    found = there.measure([sent(image) for image in (*data.images[:3], gone)])
    assert found.skipped == {"gone": Fault("missing-file", (gone.path,))}
    assert found.identities == tuple(image.identity for image in data.images[:3])
    here = StudyWorker(plan)
    here.start()
    same(found, here.shard(data.images[:3]))
    there.stop()
    assert there.measure([sent(data.images[4])]).names == ()
    left = there._folder
    assert [path.name for path in left.iterdir()] == ["0.png", "1.png"]  # those of the first image
    there.close()
    assert not left.exists()


@pytest.fixture
def cluster() -> Iterator[Any]:
    """Two nodes of one core each; what is lost is noticed within seconds."""
    from ray.cluster_utils import Cluster

    soon = {
        "health_check_failure_threshold": 2,
        "health_check_period_ms": 500,
        "health_check_timeout_ms": 1000,
    }
    head = {"num_cpus": 1, "include_dashboard": False, "_system_config": soon}
    made = Cluster(initialize_head=True, head_node_args=head)
    made.add_node(num_cpus=1)
    yield made
    made.shutdown()


def measurers() -> list[int]:
    """Process ids of the actors' processes."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if b"ray::Measurer" in place.read_bytes():
                found.append(int(place.parent.name))
    return found


@needs_ray
@pytest.mark.filterwarnings("default")
def test_two_nodes_and_a_killed_worker_find_what_one_process_does(
    data: StudyData, plan: StudyPlan, cluster: Any, tmp_path: Path
) -> None:
    killed: list[int] = []

    def kill(done: int) -> None:
        if done >= 2 and not killed:
            killed.extend(measurers()[:1])
            os.kill(killed[0], signal.SIGKILL)

    crew = RayCrew(plan, cluster.address)
    found = study(plan, data, tmp_path / "out", lambda _: crew, Heard(at=kill))
    assert killed
    assert isinstance(found, StudyResult)
    assert found.fault is None
    assert found.is_complete
    here = StudyWorker(plan)
    here.start()
    same(found.total, here.shard(data.images))


@needs_ray
@pytest.mark.filterwarnings("default")
def test_a_cluster_that_dies_is_one_fault_and_what_is_done_is_kept(
    data: StudyData, plan: StudyPlan, cluster: Any, tmp_path: Path
) -> None:
    ended: list[int] = []

    def end(done: int) -> None:
        if done >= 2 and not ended:
            ended.append(done)
            cluster.shutdown()

    crew = RayCrew(plan, cluster.address)
    found = study(plan, data, tmp_path / "out", lambda _: crew, Heard(at=end))
    assert isinstance(found, StudyResult)
    assert found.fault == Fault("study-cluster-lost")
    assert found.images >= 2


@needs_ray
def test_no_cluster_is_one_fault(data: StudyData, plan: StudyPlan, tmp_path: Path) -> None:
    crew = RayCrew(plan, "127.0.0.1:1")
    found = study(plan, data, tmp_path / "out", lambda _: crew, Heard())
    assert isinstance(found, StudyResult)
    assert found.fault is not None
    assert found.fault.code == "study-no-cluster"
