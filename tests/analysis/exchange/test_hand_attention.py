"""Attention written by hand: torch's output, its operations counted, and fields that are so."""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from analysis.exchange.onnx_file import write_onnx
from analysis.exchange.torch_module import Traced, trace
from analysis.facts import Facts, analyse
from analysis.facts.facts import analysed
from analysis.network import Network
from analysis.network.weights import load
from analysis.operators import Identity
from analysis.receptive_field import fields, projective_field, tables, unit_field
from tests.analysis.exchange import hand_attention
from tests.analysis.exchange.test_torch_code import same_output, written

SIZE = (3, 6, 10)
WHOLE = (
    *("PositionAttention", "SelfAttention", "NonLocal", "Heads", "LinearAttention"),
    *("ChannelAttention", "SigmoidScores", "ReluTokens"),
)
NAMES = (*WHOLE, "Rows")


@cache
def opened(name: str) -> tuple[torch.nn.Module, Traced, Facts]:
    torch.manual_seed(3)
    module = getattr(hand_attention, name)().eval()
    found = trace(Path(hand_attention.__file__), name, SIZE, seed=3)
    return module, found, analyse(found.graph)


@pytest.mark.parametrize("name", NAMES)
def test_the_output_is_torchs(name: str) -> None:
    module, found, facts = opened(name)
    assert found.opaque == ()
    assert facts.problems == ()
    image = torch.randn(1, *SIZE, dtype=torch.float64)
    network = Network(found.graph, load(found.weights), dtype=torch.float64)
    with torch.no_grad():
        wanted = copy.deepcopy(module).double()(image)
        ours = network.run(image)[found.graph.output.id]
    torch.testing.assert_close(ours, wanted, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_every_multiplication_is_counted(name: str) -> None:
    module, _, facts = opened(name)
    with FlopCounterMode(display=False) as counter:
        module(torch.zeros(1, *SIZE))
    assert 2 * facts.macs == counter.get_total_flops()


def seen_by(module: torch.nn.Module, unit: tuple[int, int]) -> np.ndarray:
    """Pixels with a gradient, of a few images: one could cancel in one of them."""
    source, exact = torch.Generator().manual_seed(0), copy.deepcopy(module).double()
    seen = np.zeros(SIZE[1:], bool)
    for _ in range(3):
        image = torch.randn(1, *SIZE, dtype=torch.float64, generator=source, requires_grad=True)
        (gradient,) = torch.autograd.grad(exact(image)[0, :, *unit].sum(), image)
        seen |= (gradient[0].abs().amax(0) > 0).numpy()
    return seen


@pytest.mark.parametrize("name", WHOLE)
def test_a_unit_sees_the_whole_input_where_it_is_said_to(name: str) -> None:
    module, found, facts = opened(name)
    graph, shapes = found.graph, facts.shapes
    field = facts.fields[graph.output.id]
    assert field.exactness == "whole input"
    assert field.extent_min == field.extent_max == SIZE[1:]
    for unit in ((0, 0), (5, 9), (2, 4)):
        assert seen_by(module, unit).all()
        walked = unit_field(graph, shapes, graph.output.id, unit)
        assert walked.exactness == "whole input"
        assert walked.sets["input"].mask().all()
        assert tables(graph, shapes).box(graph.output.id, unit) == (0, 0, *SIZE[1:])
    reached = projective_field(graph, shapes, (3, 3))
    assert reached.exactness[graph.output.id] == "whole input"
    assert reached.sets[graph.output.id].mask().all()


def test_rows_that_see_themselves_alone_are_not_said_to_see_the_whole_input() -> None:
    module, found, facts = opened("Rows")
    assert not seen_by(module, (0, 0)).all()
    graph, shapes = found.graph, facts.shapes
    assert facts.fields[graph.output.id].exactness == "unknown"
    walked = unit_field(graph, shapes, graph.output.id, (0, 0))
    assert walked.exactness == "unknown"
    assert graph.output.id not in tables(graph, shapes)
    assert projective_field(graph, shapes, (3, 3)).exactness[graph.output.id] == "unknown"


def test_an_edit_tells_the_same_as_a_graph_that_is_read_anew() -> None:
    _, found, facts = opened("SelfAttention")
    softmax = next(node for node in found.graph.nodes if node.operator.key == "axis_softmax")
    for operator in (Identity(), softmax.operator):
        edited = found.graph.with_operator(softmax.id, operator)
        facts = analysed(edited, False, facts)
        anew = fields(edited, facts.shapes)
        assert {key: each.exactness for key, each in facts.fields.items()} == {
            key: each.exactness for key, each in anew.items()
        }


@pytest.mark.parametrize("name", ["SelfAttention", "Heads"])
def test_what_is_written_as_onnx_opens_as_the_same(name: str, tmp_path: Path) -> None:
    _, found, facts = opened(name)
    path = tmp_path / "net.onnx"
    write_onnx(path, found.graph, facts, found.weights)
    back = trace(path, None)
    assert back.opaque == ()
    assert analyse(back.graph).macs == facts.macs
    assert analyse(back.graph).fields[back.graph.output.id].exactness == "whole input"
    image = torch.randn(1, *SIZE)
    ours = Network(found.graph, load(found.weights)).run(image)[found.graph.output.id]
    theirs = Network(back.graph, load(back.weights)).run(image)[back.graph.output.id]
    torch.testing.assert_close(theirs, ours)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_as_python_computes_the_same(name: str, tmp_path: Path) -> None:
    _, found, _ = opened(name)
    weights = load(found.weights)
    same_output(written(tmp_path, found.graph, weights), found.graph, weights)


ZEROING = ("ReluScores", "Relu6Scores", "HardScores", "ThresholdScores", "SquaredScores")


@pytest.mark.parametrize("name", ["Triangle", *ZEROING, "ReluFeatures"])
def test_behind_scores_of_zero_no_unit_is_said_to_see_the_whole_input(name: str) -> None:
    module, found, facts = opened(name)
    assert found.opaque == ()
    image = torch.rand(1, *SIZE, dtype=torch.float64, requires_grad=True)
    answer = copy.deepcopy(module).double()(image)
    shapes = {name: layer.shape for name, layer in facts.layers.items()}
    output = found.graph.output.id
    assert facts.fields[output].exactness == "upper bound"
    missed = False
    for place in [(0, 0), (2, 4), (5, 9)]:
        (slope,) = torch.autograd.grad(answer[0, :, *place].sum(), image, retain_graph=True)
        seen = unit_field(found.graph, shapes, output, place)
        assert seen.exactness == "upper bound"
        mask = np.asarray(seen.sets["input"].mask())
        reached = slope[0].abs().sum(0).numpy() > 0
        assert not reached[~mask].any()
        missed |= not reached.all()
    assert missed or name == "ReluFeatures"
