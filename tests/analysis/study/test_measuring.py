"""What a worker measures of an image is what torch says, and what the measures say one by one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from analysis.facts import analyse
from analysis.faults import Fault
from analysis.graph import Graph, Node
from analysis.inference.effective_area import FAINT
from analysis.inference.engine import Engine
from analysis.inference.protocol.images import ImageSource
from analysis.inference.protocol.runs import RunRequest
from analysis.operators import Convolution, Input, Output, ReLU
from analysis.study.columns import FIELD, FIELDS, LAYER, ROWS
from analysis.study.data_set import find_images
from analysis.study.measuring.ready import WorkerReady
from analysis.study.measuring.worker import StudyWorker
from analysis.study.plan import StudyPlan
from analysis.study.report import report
from analysis.study.run import StudyResult
from analysis.study.shard import Shard
from tests.analysis.study.pictures import folder_of, network

COUNT = 3


def worker_of(place: Path, graph: Graph | None = None, targets: bool = True) -> tuple:
    data = find_images(folder_of(place, COUNT, targets))
    assert not isinstance(data, Fault)
    plan = StudyPlan(graph or network(), str(place), data.images[0], device="cpu", threads=1)
    return StudyWorker(plan), data.images, plan


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[Shard, StudyPlan, tuple]:
    worker, images, plan = worker_of(tmp_path_factory.mktemp("data"))
    ready = worker.start()
    assert isinstance(ready, WorkerReady)
    assert ready.f == ("psnr", "target")
    return worker.shard(images), plan, images


def test_rows_hold_every_measure_and_the_scores(measured: tuple) -> None:
    shard, _, _ = measured
    row = dict(zip(shard.columns, shard.values[1], strict=True))
    names = ("skip1", "skip2")
    assert sum(row[f"{n}.shapley"] for n in names) == pytest.approx(row["f.all"] - row["f.none"])
    parts = [*names, "bottleneck", "bias"]
    assert sum(row[f"{n}.share"] for n in parts) == pytest.approx(1, abs=1e-5)
    assert row["psnr"] == pytest.approx(row["f.all"], abs=1e-4)
    assert row["without all.psnr"] == pytest.approx(row["f.none"], abs=1e-4)
    assert row["skip1.loss"] == pytest.approx(row["psnr"] - row["skip1.psnr"], abs=1e-4)
    assert row["skip2.deep"] == pytest.approx(row["without all.psnr"], abs=1e-4)
    mean = shard.summary.moments[f"{ROWS}skip1.share"].mean
    assert mean == pytest.approx(shard.values[:, shard.columns.index("skip1.share")].mean())


def test_activations_are_those_of_the_engine(measured: tuple) -> None:
    shard, plan, images = measured
    engine, seen = Engine("cpu", 1), []
    for revision, image in enumerate(images):
        source = ImageSource(image.name, image.path, stream="study")
        engine.run(RunRequest(revision, "s", plan.graph.structure_hash, plan.graph, source))
        seen.append(engine.values("s", ["enc1.act1", "dec1.conv2"]))
    for layer in ("enc1.act1", "dec1.conv2"):
        values = np.stack([each[layer] for each in seen])
        ends = shard.summary.extents[LAYER + layer]
        assert (ends.low, ends.high) == pytest.approx((values.min(), values.max()), rel=1e-5)
        mean, zeros = shard.summary.moments[LAYER + layer].mean
        assert mean == pytest.approx(values.mean(), rel=1e-4)
        assert zeros == pytest.approx((values == 0).mean(), abs=1e-6)


def test_the_mean_gradient_is_that_of_torch_in_float64(tmp_path: Path) -> None:
    """Two convolutions and a ReLU, whose mask differs from image to image."""
    same = ((1, 1), (1, 1))
    graph = Graph.of(
        [
            Node("input", Input(3, (16, 16))),
            Node("a", Convolution(2, (3, 3), padding=same), ("input",)),
            Node("r", ReLU(), ("a",)),
            Node("b", Convolution(2, (3, 3), padding=same), ("r",)),
            Node("output", Output(), ("b",)),
        ]
    )
    worker, images, _ = worker_of(tmp_path, graph, targets=False)
    assert isinstance(worker.start(), WorkerReady)
    shard = worker.shard(images)
    slot, loaded = worker._engine.held("study")
    tensors = {name: each.double() for name, each in loaded.network.tensors.items()}
    total = np.zeros((16, 16))
    for image in images:
        worker.shard([image])
        given = slot.inputs["input"].double().clone().contiguous().requires_grad_()
        inner = torch.conv2d(given, tensors["a.weight"], tensors["a.bias"], padding=1).relu()
        made = torch.conv2d(inner, tensors["b.weight"], tensors["b.bias"], padding=1)
        made[0, :, 8, 8].sum().backward()
        total += given.grad[0].abs().sum(0).numpy()
    assert float(shard.summary.sums[FIELDS]) == COUNT
    found = shard.summary.sums[FIELD + "output"]
    np.testing.assert_allclose(found, total, rtol=1e-4, atol=1e-7)
    answer = report("two", analyse(graph), StudyResult(shard, {}, COUNT), str)
    assert answer["effective"]["output"]["theoretical"] == 2.5
    area = np.count_nonzero(total >= FAINT * total.max())
    assert answer["effective"]["output"]["radius"] == pytest.approx(area**0.5 / 2, abs=1e-4)
    assert "r" not in answer["effective"]
    assert answer["skips"] == []


def test_a_channel_is_dead_that_is_0_in_every_image(tmp_path: Path) -> None:
    from safetensors.torch import save_file

    from analysis.network.weights import initial

    graph = network()
    tensors = initial(graph, analyse(graph), 0)
    tensors["enc1.conv1.bias"][2] = -1e3  # far below what any pixel can lift over 0
    tensors["enc1.conv1.bias"][0] = 1e3
    save_file(tensors, tmp_path / "w.safetensors")
    worker, images, plan = worker_of(tmp_path / "data", graph)
    worker = StudyWorker(replace(plan, weights=str(tmp_path / "w.safetensors")))
    worker.start()
    shard = worker.shard(images)
    answer = report("m", analyse(graph), StudyResult(shard, {}, COUNT), str)
    assert 2 in answer["dead_channels"]["enc1.act1"]
    assert 0 not in answer["dead_channels"]["enc1.act1"]


def test_what_cannot_be_measured_is_skipped_by_name(tmp_path: Path) -> None:
    worker, images, _ = worker_of(tmp_path)
    worker.start()
    broken, gone, ok = images
    Path(gone.path).unlink()
    Path(broken.target).write_bytes(b"no picture")
    shard = worker.shard(images)
    assert shard.names == (ok.name,)
    assert shard.skipped.keys() == {gone.name, broken.name}
    mask = tmp_path / "mask.png"
    Image.fromarray((np.arange(256).reshape(16, 16) > 99).astype(np.uint8) * 255).save(mask)
    other = worker.shard([replace(ok, target=str(mask))])
    assert other.skipped == {ok.name: Fault("study-other-target", ("dice", "psnr"))}


def test_a_network_without_skips_still_has_fields_and_channels(tmp_path: Path) -> None:
    worker, images, plan = worker_of(
        tmp_path, network("unet:depth=2,base=4,size=16,skip=none,out=3")
    )
    assert isinstance(worker.start(), WorkerReady)
    shard = worker.shard(images[:1])
    assert not shard.skipped
    assert not any("share" in column for column in shard.columns)
    answer = report("m", analyse(plan.graph), StudyResult(shard, {}, 1), str)
    assert answer["effective"]["output"]["theoretical"] > 0
    assert answer["scores"]["psnr"]["low"] is None  # one image has no interval
