"""An engine message is one file and one row: the engine answers it, here and through the pipe."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from analysis.blueprints import BLUEPRINTS
from analysis.inference.engine import Engine
from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.images import ImageSource
from analysis.inference.protocol.runs import RunRequest
from viewer.engine.process import EngineProcess

WAIT = 120_000
LAYER = "enc1.act2"


@pytest.fixture
def toy(toys) -> ModuleType:
    import toy_question

    return toy_question


def run() -> RunRequest:
    unet = BLUEPRINTS["unet"]
    graph = unet.build(unet.complete({"depth": 2, "base": 4, "size": 32}))
    pixels = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    return RunRequest(1, "toy", graph.structure_hash, graph, ImageSource("random", None, pixels))


def expected(engine: Engine) -> np.ndarray:
    return engine.values("toy", [LAYER])[LAYER]


def test_the_engine_answers_a_new_question(toy):
    engine, asked = Engine("cpu", threads=1), run()
    engine.answer(asked)
    reply = engine.answer(toy.LargestRequest(1, "toy", asked.structure, LAYER))
    assert isinstance(reply, toy.Largest)
    values = expected(engine)
    assert reply.value == pytest.approx(values.max())
    assert np.array_equal(reply.where, values == values.max())
    refused = engine.answer(toy.LargestRequest(1, "toy", asked.structure, "nowhere"))
    assert isinstance(refused, EngineFailure)
    assert refused.fault.numbers == ("nowhere",)


def test_its_reply_comes_through_the_pipe(toy, engine_with_toys: EngineProcess, qtbot):
    asked = run()
    with qtbot.waitSignal(engine_with_toys.frame, timeout=WAIT):
        engine_with_toys.submit(asked)
    with qtbot.waitSignal(engine_with_toys.replied, timeout=WAIT) as came:
        engine_with_toys.submit(toy.LargestRequest(1, "toy", asked.structure, LAYER))
    reply = came.args[0]
    assert isinstance(reply, toy.Largest)
    here = Engine("cpu", threads=1)
    here.answer(asked)
    values = expected(here)
    assert reply.value == pytest.approx(values.max(), rel=1e-5)
    assert reply.where.shape == values.shape
    assert reply.where.any()
