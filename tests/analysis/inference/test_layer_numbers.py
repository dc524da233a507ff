"""A layer's own numbers: the patch computed alone is what stands in the feature map."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from functools import cache
from importlib.resources import as_file, files
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import torch

from analysis.arithmetic import check
from analysis.exchange.torch_module import trace
from analysis.graph import Graph, Node
from analysis.inference.answers.layer_numbers import ROUNDING
from analysis.inference.engine import Engine
from analysis.inference.inbox import Inbox
from analysis.inference.protocol.effective_field import EffectiveRequest
from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.images import ImageSource
from analysis.inference.protocol.layer_numbers import LayerNumbers, LayerNumbersRequest
from analysis.inference.protocol.measures import MeasureRequest
from analysis.inference.protocol.runs import Frame, Noise, RunRequest
from analysis.inference.transport import Parcel, loose, pack, unpack
from analysis.operators import (
    AveragePool,
    Concatenate,
    Convolution,
    GlobalPool,
    Input,
    MaxPool,
    Output,
    ReLU,
    TransposedConvolution,
)
from analysis.training.denoiser import blueprint
from tests.analysis.exchange import models

torch.set_num_threads(1)


def ask(layer: str, unit: tuple[int, ...], channel: int = 0, **changes: object):
    return replace(LayerNumbersRequest(1, "slot", "", layer, unit, channel), **changes)


def numbers(engine: Engine, wanted: LayerNumbersRequest) -> LayerNumbers:
    answer = engine.answer(wanted)
    assert isinstance(answer, LayerNumbers), getattr(answer, "details", answer)
    return answer


def run(graph: Graph, revision: int = 1, **changes: object) -> RunRequest:
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    image = ImageSource("random", None, pixels)
    made = RunRequest(revision, "slot", graph.structure_hash, graph, image)
    return replace(made, **changes)


def shown(engine: Engine, wanted: RunRequest) -> None:
    answer = engine.answer(wanted)
    assert isinstance(answer, Frame), getattr(answer, "details", answer)


def agree(engine: Engine, found: LayerNumbers) -> None:
    """The answer is what the feature map itself, asked for in another way, holds there."""
    feature = engine.values("slot", [found.layer])[found.layer]
    assert feature.shape == found.out_shape
    at_unit = found.at_unit
    assert at_unit[1] == feature[(found.channel, *found.unit)]
    assert at_unit[0] == pytest.approx(at_unit[1], abs=1e-5 * found.scale)
    assert found.difference <= ROUNDING * found.scale
    assert found.equal
    assert check(found.case) is None
    for cell in np.ndindex(found.case.out_size):
        place = tuple(o + at for o, at in zip(found.origin, cell, strict=True))
        if not np.isnan(found.expected[cell]):
            assert found.expected[cell] == feature[(found.channel, *place)]
    places = [o + at for o, at in zip(found.origin, found.unit_cell, strict=True)]
    assert tuple(places) == found.unit


def units(shape: tuple[int, ...], seed: int = 0) -> list[tuple[int, tuple[int, ...]]]:
    """(channel, unit): the corners of the first and last channel, and some between."""
    channels, *size = shape
    random = np.random.default_rng(seed)
    corners = product(*((0, length - 1) for length in size))
    between = [tuple(int(random.integers(0, length)) for length in size) for _ in range(4)]
    return [
        *((at % 2 * (channels - 1), corner) for at, corner in enumerate(corners)),
        *((int(random.integers(0, channels)), unit) for unit in between),
    ]


# -------------------------------------------------------------------- the shipped denoiser


@cache
def denoising(photograph: Path) -> tuple[Engine, Graph]:
    """An engine that has run the shipped denoiser on the photograph."""
    card = json.loads(files("assets").joinpath("models/denoiser.json").read_text())
    graph = blueprint(card["networks"]["denoiser"]["model"])
    engine = Engine("cpu", threads=1)
    with as_file(files("assets").joinpath("models/denoiser.safetensors")) as weights:
        request = RunRequest(
            1,
            "slot",
            graph.structure_hash,
            graph,
            ImageSource("photograph", str(photograph)),
            str(weights),
            noise=Noise("gaussian", 25, 1),
        )
        shown(engine, request)
    return engine, graph


def first_of(graph: Graph, kind: type) -> str:
    return next(node.id for node in graph.nodes if isinstance(node.operator, kind))


def test_the_first_up_convolution_of_the_denoiser(photograph: Path) -> None:
    engine, graph = denoising(photograph)
    layer = first_of(graph, TransposedConvolution)
    shape = numbers(engine, ask(layer, (0, 0))).out_shape
    for channel, unit in units(shape):
        found = numbers(engine, ask(layer, unit, channel))
        agree(engine, found)
        assert found.case.kind == "transposed"
        assert found.case.channels == (found.in_shape[0], 1)
        assert found.b is not None
        assert np.abs(found.expected).max() > 0


def test_every_other_window_of_the_denoiser(photograph: Path) -> None:
    engine, graph = denoising(photograph)
    windows = Convolution | TransposedConvolution | MaxPool | AveragePool
    layers = [node.id for node in graph.nodes if isinstance(node.operator, windows)]
    assert len(layers) > 8
    for seed, layer in enumerate(layers):
        shape = numbers(engine, ask(layer, (0, 0))).out_shape
        for channel, unit in units(shape, seed)[::3]:
            agree(engine, numbers(engine, ask(layer, unit, channel)))


def test_the_weights_are_those_of_the_file(photograph: Path) -> None:
    from analysis.network.weights import load

    engine, graph = denoising(photograph)
    with as_file(files("assets").joinpath("models/denoiser.safetensors")) as path:
        stored = load(path)
    conv, up = first_of(graph, Convolution), first_of(graph, TransposedConvolution)
    found = numbers(engine, ask(conv, (100, 90), 3))
    assert np.array_equal(found.w, stored[f"{conv}.weight"].numpy()[3:4])
    assert np.array_equal(found.b, stored[f"{conv}.bias"].numpy()[3:4])
    found = numbers(engine, ask(up, (7, 9), 2))
    assert np.array_equal(found.w, stored[f"{up}.weight"].numpy()[:, 2:3])
    fed = graph[up].inputs[0]
    (top, bottom), (left, right) = found.region
    read = engine.values("slot", [fed])[fed]
    assert np.array_equal(found.x, read[:, top:bottom, left:right])


# ------------------------------------------------------------------------- other layers


def other_layers() -> Graph:
    same = ((2, 2), (2, 2))
    return Graph.of(
        [
            Node("input", Input(3, (41, 38))),
            Node("first", Convolution(6, (3, 3), (2, 1), ((1, 1), (0, 2))), ("input",)),
            Node("act", ReLU(), ("first",)),
            Node(
                "dilated",
                Convolution(4, (3, 3), padding=same, dilation=(2, 2), groups=2, border="reflect"),
                ("act",),
            ),
            Node(
                "round",
                Convolution(4, (3, 3), padding=((1, 1),) * 2, border="circular", bias=False),
                ("dilated",),
            ),
            Node("deep", Convolution(4, (5, 5), padding=same, groups=4), ("round",)),
            Node("stem", MaxPool((3, 3), (1, 1), (1, 1)), ("deep",)),
            Node("mean", AveragePool((3, 3), (1, 1), (1, 1), False, False), ("stem",)),
            Node("ceil", AveragePool((3, 3), (2, 2), (1, 1), True), ("mean",)),
            Node(
                "up",
                TransposedConvolution(6, (5, 4), (2, 3), (1, 2), (1, 0), (2, 1), 2),
                ("ceil",),
            ),
            Node("output", Output(), ("up",)),
        ]
    )


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine("cpu", threads=1)


@pytest.mark.parametrize(
    "layer", ["first", "dilated", "round", "deep", "stem", "mean", "ceil", "up"]
)
def test_groups_dilation_borders_and_pools(engine: Engine, layer: str) -> None:
    shown(engine, run(other_layers()))
    shape = numbers(engine, ask(layer, (0, 0))).out_shape
    for channel, unit in units(shape):
        found = numbers(engine, ask(layer, unit, channel))
        agree(engine, found)
        if layer == "dilated":
            assert found.case.channels == (3, 1)
            assert found.first_channel == (0 if channel < 2 else 3)
        if layer == "deep":
            assert found.first_channel == channel


def test_a_line(engine: Engine) -> None:
    nodes = [
        Node("input", Input(2, (50,))),
        Node("conv", Convolution(5, (4,), (2,), ((1, 1),)), ("input",)),
        Node("pool", MaxPool((3,), (2,), (1,)), ("conv",)),
        Node("up", TransposedConvolution(3, (3,), (2,), (1,), (1,)), ("pool",)),
        Node("output", Output(), ("up",)),
    ]
    shown(engine, run(Graph.of(nodes)))
    for layer in ("conv", "pool", "up"):
        shape = numbers(engine, ask(layer, (0,))).out_shape
        for channel, unit in units(shape):
            agree(engine, numbers(engine, ask(layer, unit, channel)))


def test_noise_and_gates_count(engine: Engine) -> None:
    nodes = [
        Node("input", Input(3, (32, 32))),
        Node("skip", Convolution(4, (3, 3), padding=((1, 1),) * 2), ("input",)),
        Node("down", MaxPool(), ("skip",)),
        Node("deep", Convolution(4, (3, 3), padding=((1, 1),) * 2), ("down",)),
        Node("up", TransposedConvolution(4), ("deep",)),
        Node("join", Concatenate(), ("skip", "up")),
        Node("last", Convolution(3, (3, 3), padding=((1, 1),) * 2), ("join",)),
        Node("output", Output(), ("last",)),
    ]
    graph = Graph.of(nodes)
    wanted = ask("last", (9, 8), 1)
    found = []
    for changes in ({}, {"gates": {"skip1": 0.0}}, {"noise": Noise("gaussian", 60, 1)}):
        shown(engine, run(graph, **changes))
        found.append(numbers(engine, wanted))
        agree(engine, found[-1])
    assert not np.array_equal(found[0].x, found[2].x)
    gated = found[1].x
    assert not gated[:4].any()
    assert np.array_equal(gated[4:], found[0].x[4:])


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_shorter_number_formats_are_given_their_own_rounding(
    dtype: torch.dtype,
) -> None:
    engine = Engine("cpu", threads=1, precision=str(dtype).removeprefix("torch."))
    shown(engine, run(other_layers()))
    for layer in ("first", "dilated", "deep", "stem", "up"):
        shape = numbers(engine, ask(layer, (0, 0))).out_shape
        for channel, unit in units(shape):
            found = numbers(engine, ask(layer, unit, channel))
            assert found.equal
            assert found.difference <= torch.finfo(dtype).eps * 2 * found.scale
    assert found.difference > ROUNDING * found.scale


def test_a_feature_map_that_is_not_the_layers_is_told(engine: Engine) -> None:
    """`equal` is found, not assumed: a map that is off by one is not equal."""
    shown(engine, run(other_layers()))
    loaded = engine._slots["slot"].loaded
    assert loaded is not None
    real = loaded.network.run

    def wrong(*given: object, **named: object) -> dict[str, torch.Tensor]:
        return {node: value + (node == "deep") for node, value in real(*given, **named).items()}

    loaded.network.run = wrong  # type: ignore[method-assign]
    try:
        found = numbers(engine, ask("deep", (9, 9)))
    finally:
        loaded.network.run = real  # type: ignore[method-assign]
    assert found.difference == pytest.approx(1, abs=1e-5)
    assert not found.equal


def test_a_model_of_somebody_else() -> None:
    """What the importer reads are the same operators, with the model's own weights."""
    found = trace(Path(models.__file__), "Depthwise", (3, 16, 20), seed=3)
    engine = Engine("cpu", threads=1)
    shown(engine, run(found.graph, weights=str(found.weights)))
    windows = Convolution | TransposedConvolution
    layers = [n.id for n in found.graph.nodes if isinstance(n.operator, windows)]
    assert any(getattr(found.graph[name].operator, "groups", 1) > 1 for name in layers)
    for layer in layers:
        shape = numbers(engine, ask(layer, (0, 0))).out_shape
        for channel, unit in units(shape)[::2]:
            agree(engine, numbers(engine, ask(layer, unit, channel)))


# --------------------------------------------------------------------------- no answer


def test_what_cannot_be_answered() -> None:
    engine = Engine("cpu", threads=1)
    volume = Graph.of(
        [
            Node("input", Input(1, (6, 6, 6))),
            Node("solid", Convolution(2, (3, 3, 3)), ("input",)),
            Node("act", ReLU(), ("solid",)),
            Node("pool", GlobalPool(keep=False), ("act",)),
        ]
    )

    def fault(wanted: LayerNumbersRequest) -> tuple[str, tuple[object, ...]]:
        answer = engine.answer(wanted)
        assert isinstance(answer, EngineFailure)
        assert answer.asked == wanted
        return answer.fault.code, answer.fault.numbers

    assert fault(ask("solid", (0, 0, 0)))[0] == "engine-error"
    shown(engine, run(volume))
    assert fault(ask("solid", (0, 0, 0))) == ("numbers-three-axes", ("solid", 3))
    for layer in ("act", "pool", "input", "nowhere"):
        assert fault(ask(layer, (0, 0, 0))) == ("numbers-no-window", (layer,))
    shown(engine, run(other_layers()))
    shape = numbers(engine, ask("first", (0, 0))).out_shape
    assert shape == (6, 21, 38)
    for unit in ((21, 0), (0, 38), (-1, 0), (1,), (1, 1, 1), ()):
        assert fault(ask("first", unit)) == ("numbers-no-unit", ("first", unit, shape[1:]))
    for channel in (6, -1):
        expected = ("numbers-no-channel", ("first", channel, 6))
        assert fault(ask("first", (0, 0), channel)) == expected
    shown(engine, run(other_layers(), 2))
    assert engine.answer(ask("first", (0, 0))) is None
    broken = engine.answer(run(other_layers(), 3, image=ImageSource("gone", "/no/such.png")))
    assert isinstance(broken, EngineFailure)
    assert broken.asked is None


def test_a_cancelled_question_has_no_answer(engine: Engine) -> None:
    shown(engine, run(other_layers()))
    assert engine.answer(ask("up", (0, 0)), lambda: True) is None


# ------------------------------------------------------------------------- on the way


def test_an_answer_crosses_to_another_process(engine: Engine) -> None:
    shown(engine, run(other_layers()))
    found = numbers(engine, ask("up", (5, 5), 2))
    body, parts, spans = pack(found)
    assert b"torch" not in pickle.dumps(found)
    there = unpack(Parcel(body, None, spans, loose(parts, spans)), None)
    assert there == found
    for name in ("x", "w", "b", "computed", "expected"):
        assert np.array_equal(getattr(there, name), getattr(found, name), equal_nan=True)


def test_the_newest_question_of_a_slot_comes_first() -> None:
    inbox = Inbox()
    inbox.put(MeasureRequest(1, "slot", "", "share"))
    inbox.put(EffectiveRequest(1, "slot", "", "first", ((0, 0),)))
    inbox.put(ask("first", (0, 0)))
    inbox.put(ask("first", (1, 1)))
    inbox.put(run(other_layers(), slot="other"))
    assert isinstance(inbox.next(), RunRequest)
    asked = inbox.next()
    assert isinstance(asked, LayerNumbersRequest)
    assert asked.unit == (1, 1)
    inbox.put(ask("first", (2, 2)))
    assert not inbox.overtaken(asked)
    inbox.put(run(other_layers(), 2))
    assert inbox.overtaken(asked)
    assert isinstance(inbox.next(), RunRequest)
    inbox.put(MeasureRequest(2, "slot", "", "share"))
    assert isinstance(inbox.next(), MeasureRequest)
