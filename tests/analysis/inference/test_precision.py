"""Number formats: measured against float32 on the picture, left by themselves where too far off."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from analysis.blueprints import BLUEPRINTS
from analysis.inference import device as devices
from analysis.inference.device import Device, formats
from analysis.inference.engine import Engine
from analysis.inference.failures import device_fault, fault_of
from analysis.inference.protocol.engine import TOLERANCE
from analysis.inference.protocol.images import ImageSource
from analysis.inference.protocol.runs import Frame, Noise, RunRequest
from analysis.network import NodeError

SIZE = 32


def request(**settings: object) -> RunRequest:
    blueprint = BLUEPRINTS["unet"]
    graph = blueprint.build(
        blueprint.complete({"depth": 2, "base": 4, "size": SIZE, "norm": "none", **settings})
    )
    pixels = np.random.default_rng(0).integers(0, 256, (SIZE, SIZE, 3), np.uint8)
    return RunRequest(
        revision=1,
        slot="test",
        structure=graph.structure_hash,
        graph=graph,
        image=ImageSource("noise", None, pixels),
        noise=Noise("gaussian", 25.0, 1),
        taps={node.id: 24 for node in graph.nodes},
        selected="head",
    )


def run(engine: Engine, asked: RunRequest) -> Frame:
    frame = engine.answer(asked)
    assert isinstance(frame, Frame), frame
    return frame


@pytest.mark.parametrize("name", ["bfloat16", "float16"])
def test_the_difference_is_that_of_the_two_outputs(name: str) -> None:
    asked = request()
    short, exact = Engine("cpu", 1, name), Engine("cpu", 1)
    frame = run(short, asked)
    assert run(exact, asked).precision_gap is None
    one, other = (each.values("test", ["output"])["output"] for each in (short, exact))
    assert frame.precision == name
    assert frame.precision_gap == pytest.approx(
        float(np.abs(one - other).max() / np.abs(other).max()), rel=1e-3
    )
    assert 0 < frame.precision_gap < 0.2
    again = run(short, replace(asked, revision=2, gates={"skip1": 0.5}))
    assert again.precision_gap == frame.precision_gap  # of the picture, not of every frame


def test_a_format_that_was_not_asked_for_is_left_where_it_is_too_far_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As on a GPU, where the fastest is taken: here bfloat16 moves a network by over 0.4 %."""
    device = Device(torch.device("cpu"), torch.bfloat16, True, 1, formats(torch.device("cpu")))
    monkeypatch.setattr(devices, "choose", lambda *_: device)
    asked = request()
    assert run(Engine("cpu", 1, "bfloat16"), asked).precision == "float32"
    monkeypatch.setattr(devices, "choose", lambda *_: replace(device, automatic=False))
    frame = run(Engine("cpu", 1, "bfloat16"), asked)
    assert frame.precision == "bfloat16"
    assert frame.precision_gap is not None
    assert frame.precision_gap > TOLERANCE


def test_a_format_that_the_device_does_not_run_is_float32() -> None:
    assert devices.choose("cpu", 1, "float8").precision == "float32"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (
            RuntimeError("CUDA error: an illegal memory access was encountered\nmore"),
            "device-failed",
        ),
        (RuntimeError("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED"), "device-failed"),
        (RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB."), "out-of-memory"),
        (RuntimeError("shapes cannot be multiplied"), "graph-cannot-run"),
    ],
)
def test_what_a_device_says_is_told_from_the_rest(error: RuntimeError, code: str) -> None:
    node = NodeError("enc1")
    node.__cause__ = error
    found = fault_of(node, 0, "cuda:0" if code != "out-of-memory" else "cpu")
    assert found.code == code
    if code == "device-failed":
        assert found.numbers[0] == "cuda:0"
        assert "\n" not in str(found.numbers[1])


def test_the_processor_never_counts_as_a_device_that_failed() -> None:
    assert device_fault(RuntimeError("CUDA error: none"), "cpu") is None
