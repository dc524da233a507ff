"""A study is continued, survives dead workers and full disks, and never counts an image twice."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.facts import analyse
from analysis.faults import Fault
from analysis.graph import Graph
from analysis.network.weights import initial, serialised
from analysis.storage import atomic_file
from analysis.storage.image_reading import ImageReading
from analysis.study.columns import IMAGES
from analysis.study.data_set import StudyData, find_images
from analysis.study.measuring.worker import StudyWorker
from analysis.study.plan import StudyPlan
from analysis.study.reducers.moments import Moments
from analysis.study.reducers.summary import Summary
from analysis.study.run import StudyResult, first_readable, study
from analysis.study.runners.local import LocalCrew
from analysis.study.runners.pool import Pool
from analysis.study.runners.worker_process import WorkerProcess
from analysis.study.shard import Shard
from analysis.study.store import MOST_FILES, StudyStore
from tests.analysis.study.pictures import folder_of, network


class Heard:
    """Hears a study; stops it after so many images."""

    def __init__(self, most: int = 1 << 30, at: Callable[[int], None] = lambda _: None) -> None:
        self.most, self.at = most, at
        self.done, self.start = 0, (-1, -1)

    def begun(self, done: int, of: int) -> None:
        self.start = (done, of)

    def tell(self, done: int) -> None:
        self.done = done
        self.at(done)

    def ready(self, ready: object) -> None:
        pass

    def stop(self) -> bool:
        return self.done >= self.most


def data_of(folder: Path) -> StudyData:
    data = find_images(folder)
    assert not isinstance(data, Fault)
    return data


class Watched(LocalCrew):
    """A crew of one worker, which can be killed."""

    workers: list[WorkerProcess]

    def first(self) -> list[WorkerProcess]:
        self.workers = super().first()
        return self.workers


def test_stopped_continued_and_with_a_worker_killed_it_is_the_same(tmp_path: Path) -> None:
    data = data_of(folder_of(tmp_path / "data", 6, targets=True))
    first = first_readable(data, ImageReading())
    assert not isinstance(first, Fault)
    plan = StudyPlan(network(), str(data.folder), first, device="cpu", threads=1)
    crew = Watched(plan, 6, 1)
    stopped = study(plan, data, tmp_path / "out", lambda _: crew, Heard(most=2))
    assert isinstance(stopped, StudyResult)
    assert 2 <= stopped.images < 6
    assert not stopped.is_complete
    killed: list[int] = []

    def kill(done: int) -> None:
        if done > stopped.images and not killed:
            killed.append(done)
            crew.workers[0].process.kill()

    crew = Watched(plan, 6, 1)
    heard = Heard(at=kill)
    found = study(plan, data, tmp_path / "out", lambda _: crew, heard)
    assert killed
    assert heard.start == (stopped.images, 6)
    assert isinstance(found, StudyResult)
    assert found.is_complete
    assert len(list((tmp_path / "out" / "shards").glob("*.npz"))) == 1
    worker = StudyWorker(plan)
    worker.start()
    same(found.total, worker.shard(data.images))


def same(found: Shard, whole: Shard) -> None:
    assert sorted(found.names) == sorted(whole.names)
    assert float(found.summary.sums[IMAGES]) == len(whole.names)
    for name, one in whole.summary.moments.items():
        other = found.summary.moments[name]
        np.testing.assert_allclose(other.mean, one.mean, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(other.squares, one.squares, rtol=1e-6, atol=1e-9)
    for name, total in whole.summary.sums.items():
        np.testing.assert_allclose(found.summary.sums[name], total, rtol=1e-9)


def row(*names: str) -> Shard:
    values = np.array([[float(len(name))] for name in names])
    return Shard(
        names,
        tuple((1, 1) for _ in names),
        ("x",),
        values,
        Summary({"rows/x": Moments.of(values[:, 0])}, sums={IMAGES: np.array(float(len(names)))}),
    )


def images_of(count: int) -> StudyData:
    from analysis.study.data_set import StudyImage

    names = [f"i{at:03d}" for at in range(count)]
    images = tuple(StudyImage(name, name, None, (1, 1)) for name in names)
    return StudyData(Path(), images, False, {})


def test_files_are_merged_and_none_counts_twice(tmp_path: Path) -> None:
    images = images_of(MOST_FILES + 5).images
    with StudyStore(tmp_path, "f") as store:
        assert store.open(images) is None
        for image in images:
            store.add(row(image.name))
        files = list(store.folder.glob("*.npz"))
        assert len(files) <= MOST_FILES
        assert float(store.total.summary.sums[IMAGES]) == len(images)
        # A kill between writing the merged file and deleting the others leaves both.
        atomic_file.write(store.folder / "900000.npz", [row(images[0].name).to_bytes("f")])
    with StudyStore(tmp_path, "f") as again:
        assert again.open(images) is None
        assert float(again.total.summary.sums[IMAGES]) == len(images)
        assert again.done() == {image.name for image in images}
        again.close()
        assert len(list(again.folder.glob("*.npz"))) == 1


def test_a_changed_image_is_measured_again(tmp_path: Path) -> None:
    images = list(images_of(3).images)
    with StudyStore(tmp_path, "f") as store:
        store.open(images)
        store.add(row("i000", "i001"))
        store.add(row("i002"))
    images[0] = replace(images[0], identity=(2, 2))
    with StudyStore(tmp_path, "f") as again:
        again.open(images)
        assert again.done() == {"i002"}


def test_another_study_and_another_program_are_refused(tmp_path: Path) -> None:
    images = images_of(1).images
    with StudyStore(tmp_path, "f") as store:
        assert store.open(images) is None
        store.add(row("i000"))
        with StudyStore(tmp_path, "f") as second:
            fault = second.open(images)
            assert fault is not None
            assert fault.code == "study-running"
    (tmp_path / "shards" / "000007.npz").write_bytes(b"half a fi")  # is not one, and is left
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "shards" / "000008.npz")  # read, it would wait for ever
    with StudyStore(tmp_path, "other") as third:
        fault = third.open(images)
        assert fault is not None
        assert fault.code == "study-other"


def test_the_first_image_counts_where_it_calibrates(tmp_path: Path) -> None:
    first, other = images_of(2).images
    normed, plain = network("unet:depth=2,base=4,size=16,out=3"), network()

    def prints(weights: Path | None, graph: Graph = normed) -> set[str]:
        kept = None if weights is None else str(weights)
        plans = (StudyPlan(graph, "f", image, kept) for image in (first, other))
        return {plan.fingerprint() for plan in plans}

    assert len(prints(None)) == 2
    assert len(prints(None, plain)) == 1  # there are no statistics to calibrate
    facts = analyse(normed)
    whole = initial(normed, facts, 0)
    (tmp_path / "whole.safetensors").write_bytes(serialised(whole))
    assert len(prints(tmp_path / "whole.safetensors")) == 1
    some = {key: each for key, each in whole.items() if not key.startswith("enc1.norm1")}
    assert len(some) < len(whole)
    (tmp_path / "some.safetensors").write_bytes(serialised(some))
    assert len(prints(tmp_path / "some.safetensors")) == 2
    (tmp_path / "else.pt").write_bytes(b"read by PyTorch only")
    assert len(prints(tmp_path / "else.pt")) == 2


def test_a_full_disk_loses_nothing_that_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = images_of(2).images
    with StudyStore(tmp_path, "f") as store:
        store.open(images)
        store.add(row("i000"))
        with monkeypatch.context() as patched:
            full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

            def fsync(_: int) -> None:
                raise full

            patched.setattr(os, "fsync", fsync)
            with pytest.raises(OSError, match="space"):
                store.add(row("i001"))
        assert store.done() == {"i000"}
    with StudyStore(tmp_path, "f") as again:
        again.open(images)
        assert again.done() == {"i000"}


class Dying(LocalCrew):
    """A crew whose workers never start."""

    def _start(self, plan: StudyPlan) -> WorkerProcess:  # type: ignore[override]
        from analysis.study.runners import worker_process

        return worker_process.start("analysis.no_such_module", plan)


def test_workers_that_cannot_start_are_one_fault(tmp_path: Path) -> None:
    data = images_of(2)
    plan = StudyPlan(network(), "", data.images[0], device="cpu")
    pool = Pool(Dying(plan, 2, 1), data.images, lambda _: None, lambda _: None, lambda _: None)
    fault = pool.run(lambda: False)
    assert fault is not None
    assert fault.code == "study-workers-died"


def test_an_image_that_ends_its_process_is_skipped_by_name(tmp_path: Path) -> None:
    """Without processes: what the pool does with shards that are lost again and again."""
    kept: list[Shard] = []
    data = images_of(3)

    class Lost(LocalCrew):
        def again(self) -> WorkerProcess | None:
            return None

    plan = StudyPlan(network(), "", data.images[0], device="cpu")
    pool = Pool(Lost(plan, 3, 1), data.images, kept.append, lambda _: None, lambda _: None)
    shard = data.images
    pool._lose(shard)
    assert pool._again.pop() == shard
    pool._lose(shard)
    assert [pool._again.popleft() for _ in shard] == [(image,) for image in shard]
    pool._lose((shard[1],))
    assert kept[0].skipped == {shard[1].name: Fault("study-worker-died")}


def test_folders(tmp_path: Path) -> None:
    missing = find_images(tmp_path / "none")
    assert isinstance(missing, Fault)
    assert missing.code == "study-no-folder"
    (tmp_path / "empty").mkdir()
    empty = find_images(tmp_path / "empty")
    assert isinstance(empty, Fault)
    assert empty.code == "data-empty-folder"
    folder = folder_of(tmp_path / "pairs", 3, targets=True)
    (folder / "targets" / "p01.png").rename(folder / "targets" / "p01.tif")
    (folder / "targets" / "p02.png").unlink()
    (folder / "images" / ".hidden.png").write_bytes(b"")
    data = data_of(folder)
    assert [image.name for image in data.images] == ["p00.png", "p01.png"]
    assert data.images[1].target is not None
    assert data.images[1].target.endswith("p01.tif")
    assert data.without_target["p02.png"].code == "data-no-mask"
