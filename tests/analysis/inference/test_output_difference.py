"""How far the outputs of two slots are apart, on random images; what cannot be compared is said."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.blueprints import BLUEPRINTS
from analysis.inference.engine import Engine
from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.images import ImageSource
from analysis.inference.protocol.output_difference import OutputDifference, OutputDifferenceRequest
from analysis.inference.protocol.runs import RunRequest

UNET = BLUEPRINTS["unet"]


def run(engine: Engine, slot: str, **settings: object) -> RunRequest:
    graph = UNET.build(UNET.complete({"depth": 2, "base": 4, "size": 32, **settings}))
    pixels = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    request = RunRequest(1, slot, graph.structure_hash, graph, ImageSource("r", None, pixels))
    answer = engine.answer(request)
    assert not isinstance(answer, EngineFailure), answer
    return request


def asked(engine: Engine, run_of: RunRequest, beside: str):
    return engine.answer(OutputDifferenceRequest(1, run_of.slot, run_of.structure, beside))


def test_the_difference_is_that_of_the_outputs() -> None:
    engine = Engine("cpu", threads=1)
    one, other = run(engine, "a"), run(engine, "b", base=8)
    found = asked(engine, other, "a")
    assert isinstance(found, OutputDifference)
    a = engine.values("a", [one.graph.output.id])[one.graph.output.id].astype(np.float64)
    b = engine.values("b", [other.graph.output.id])[other.graph.output.id].astype(np.float64)
    assert found.largest == pytest.approx(np.abs(a - b).max())
    assert found.largest > 0
    assert found.rms == pytest.approx(np.sqrt(np.square(a - b).mean()))
    assert found.rms_beside == pytest.approx(np.sqrt(np.square(a).mean()))
    brightest = np.unravel_index(np.abs(a - b).max(0).argmax(), (32, 32))
    assert found.picture is not None
    assert found.picture[brightest] == 0xFFFFFFFF
    assert asked(engine, run(engine, "c"), "a").largest == 0.0


def test_outputs_of_other_shapes_or_none_are_no_difference() -> None:
    engine = Engine("cpu", threads=1)
    run(engine, "a")
    other = run(engine, "b", size=48)
    refused = asked(engine, other, "a")
    assert isinstance(refused, EngineFailure)
    assert refused.fault.code == "outputs-other-shapes"
    assert refused.fault.numbers == ("3 × 32 × 32", "3 × 48 × 48")
    assert asked(engine, other, "nowhere").fault.code == "outputs-missing"
