"""NaN and infinity: which layer first makes them is said, and nothing else goes wrong with them."""

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.blueprints import BLUEPRINTS
from analysis.facts import analyse
from analysis.inference.engine import Engine
from analysis.inference.protocol.effective_field import Effective, EffectiveRequest
from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.images import ImageSource
from analysis.inference.protocol.measures import MeasureRequest
from analysis.inference.protocol.runs import Frame, RunRequest
from analysis.network import weights

GRAPH = BLUEPRINTS["unet"].build(
    BLUEPRINTS["unet"].complete({"depth": 1, "base": 2, "size": 16, "norm": "none"})
)
FACTS = analyse(GRAPH)
TENSORS = weights.initial(GRAPH, FACTS, 0)
LAYERS = [node.id for node in GRAPH.nodes if f"{node.id}.weight" in TENSORS]
PIXELS = np.random.default_rng(0).integers(1, 256, (16, 16, 3), dtype=np.uint8)


def run(engine: Engine, path: Path, spoiled: dict[str, float], revision: int = 1) -> Frame:
    """A frame with one weight of each named layer replaced."""
    changed = {key: tensor.clone() for key, tensor in TENSORS.items()}
    for layer, value in spoiled.items():
        changed[f"{layer}.weight"].view(-1)[0] = value
    weights.save(changed, path)
    answer = engine.answer(
        RunRequest(
            revision,
            "slot",
            GRAPH.structure_hash,
            GRAPH,
            ImageSource("random", None, PIXELS),
            weights=str(path),
            taps=dict.fromkeys(LAYERS, 16),
            selected=LAYERS[0],
        )
    )
    assert isinstance(answer, Frame), getattr(answer, "details", answer)
    return answer


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20
)
@given(
    st.dictionaries(
        st.sampled_from(LAYERS), st.sampled_from([float("nan"), float("inf")]), max_size=3
    )
)
def test_the_first_layer_that_is_no_number_is_named(
    tmp_path: Path, spoiled: dict[str, float]
) -> None:
    frame = run(Engine("cpu", threads=1), tmp_path / "w.safetensors", spoiled)
    first = next((layer for layer in LAYERS if layer in spoiled), None)
    if first is None:
        assert frame.not_finite is None
        return
    assert frame.not_finite is not None
    assert frame.not_finite.node == first
    assert frame.not_finite.of_weights
    assert frame.output_image is not None


def test_a_layer_that_overflows_is_named_though_its_weights_are_numbers(tmp_path: Path) -> None:
    large = dict.fromkeys(LAYERS, 3e38)
    frame = run(Engine("cpu", threads=1), tmp_path / "w.safetensors", large)
    assert frame.not_finite is not None
    assert frame.not_finite.of_output
    assert not frame.not_finite.of_weights
    assert frame.not_finite.node in GRAPH.ancestors(GRAPH.output.id)
    before = GRAPH.ancestors(frame.not_finite.node) - {frame.not_finite.node}
    assert before
    values = _values(tmp_path / "w.safetensors", before)
    assert all(np.isfinite(each).all() for each in values.values())


def _values(path: Path, nodes: frozenset[str]) -> dict[str, np.ndarray]:
    engine = Engine("cpu", threads=1)
    engine.answer(
        RunRequest(
            1,
            "slot",
            GRAPH.structure_hash,
            GRAPH,
            ImageSource("random", None, PIXELS),
            weights=str(path),
        )
    )
    return engine.values("slot", nodes)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_questions_about_such_an_output_get_a_sentence_and_those_before_it_an_answer(
    tmp_path: Path, value: float
) -> None:
    engine = Engine("cpu", threads=1)
    frame = run(engine, tmp_path / "w.safetensors", {LAYERS[-1]: value})
    assert frame.not_finite is not None
    for question in (
        MeasureRequest(1, "slot", GRAPH.structure_hash, "share"),
        EffectiveRequest(1, "slot", GRAPH.structure_hash, GRAPH.output.id, ((8, 8),)),
    ):
        answer = engine.answer(question)
        assert isinstance(answer, EngineFailure)
        assert answer.fault == frame.not_finite.fault
    early = EffectiveRequest(1, "slot", GRAPH.structure_hash, LAYERS[0], ((8, 8),))
    assert isinstance(engine.answer(early), Effective)


def test_numbers_again_are_no_longer_called_none(tmp_path: Path) -> None:
    engine = Engine("cpu", threads=1)
    assert run(engine, tmp_path / "a.safetensors", {LAYERS[0]: float("nan")}).not_finite
    assert run(engine, tmp_path / "b.safetensors", {}, 2).not_finite is None
    assert torch.isfinite(TENSORS[f"{LAYERS[0]}.weight"]).all()
