"""What is written as a program of torch.export runs alone with our output, and reads back."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from threading import Event

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file

from analysis.blueprints import BLUEPRINTS, parse
from analysis.exchange.program_file import ProgramError, write_program
from analysis.exchange.program_file.making import exported, open_axes
from analysis.exchange.program_file.module import OfGraph
from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.network import Network
from analysis.network.weights import initial
from analysis.operators import (
    REGISTRY,
    Convolution,
    Fault,
    Given,
    Input,
    Linear,
    Opaque,
    Output,
    ParameterArithmetic,
    ReLU,
)
from tests.analysis.exchange.onnx.test_writing import random_weights
from tests.analysis.operators.cases import CASES

ENDS = {"input", "output", "given", "failed"}


def built(called: str) -> Graph:
    read = parse(called)
    assert not isinstance(read, Fault)
    return BLUEPRINTS[read[0]].build(read[1])


def program_of(graph: Graph, weights: dict[str, torch.Tensor]):
    """The program as it comes from a file, and which of its axes are open."""
    facts = analyse(graph)
    model = OfGraph(graph, facts, weights).eval()
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = exported(model, facts, weights)
        torch.export.save(made, file)
        file.seek(0)
        return torch.export.load(file), open_axes(made, model)


@pytest.mark.parametrize("key", sorted(set(REGISTRY) - ENDS))
@settings(max_examples=3, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_module_of_every_operator_gives_the_same(key, data):
    case = CASES[key](data.draw)
    if isinstance(case.operator.shape(case.inputs), Fault):
        return
    names = [f"x{i}" for i in range(len(case.inputs))]
    ins = [Node(n, Input(s[0], s[1:])) for n, s in zip(names, case.inputs, strict=True)]
    graph = Graph.of([*ins, Node("op", case.operator, tuple(names), "group"),
                      Node("output", Output(), ("op",))])  # fmt: skip
    weights = random_weights(graph)
    source = torch.Generator().manual_seed(5)
    given_ = {
        n: torch.rand(2, *s, generator=source) + 0.1
        for n, s in zip(names, case.inputs, strict=True)
    }
    with torch.no_grad():
        ours = Network(graph, weights).run(given_)["output"]
        model = OfGraph(graph, analyse(graph), weights)
        theirs = model(*(given_[node.id] for node in model.taken))
    assert torch.equal(ours, theirs)


@pytest.mark.parametrize(
    "called", ["unet:depth=2,base=4,size=16", "unet:depth=1,base=4,size=8,axes=1,down=average"]
)
def test_a_unet_takes_any_batch_and_every_size_that_it_works_on(called):
    graph = built(called)
    weights = initial(graph, analyse(graph), 3)
    program, opened = program_of(graph, weights)
    assert opened == (True, True)
    node = graph.inputs[0].operator
    run = program.module()
    for batch, more in ((1, 0), (3, 4), (2, 20)):
        picture = torch.rand(batch, node.channels, *(n + more for n in node.size))
        with torch.no_grad():
            ours = Network(graph, weights).run(picture)["output"]
            torch.testing.assert_close(run(picture), ours, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "called", ["dense_autoencoder:size=8", "unet:depth=1,base=4,size=8,axes=1"]
)
def test_a_network_of_one_size_takes_any_batch(called):
    """Behind dense layers, and with torch's max_pool1d, which holds for one length."""
    graph = built(called)
    weights = initial(graph, analyse(graph), 3)
    program, opened = program_of(graph, weights)
    assert opened == (True, False)
    picture = torch.rand(3, *analyse(graph).shapes[graph.inputs[0].id])
    ours = Network(graph, weights).run(picture)["output"]
    torch.testing.assert_close(program.module()(picture), ours, rtol=1e-5, atol=1e-6)


def awkward() -> Graph:
    """Names that torch's modules have already, weights used twice, two outputs, a given number."""
    conv = Convolution(3, (3, 3), padding=((1, 1), (1, 1)))
    return Graph.of([
        Node("input", Input(3, (8, 8))),
        Node("step", Given((1,), "float32", (2.0,))),
        Node("graph.code", conv, ("input",), "graph"),
        Node("graph.again", conv, ("graph.code",), "graph", stored_as="graph.code"),
        Node("forward", ReLU(), ("graph.again",)),
        Node("forward.scale", ParameterArithmetic("multiply", (3, 1, 1)), ("forward",),
             tied=(("weight", "gamma"),)),
        Node("strange", Opaque("aten.special_i0.default", (("input", 0),), (3, 8, 8)),
             ("forward.scale",)),
        Node("lambda", Linear(2), ("step",)),
        Node("other", Output("embedding"), ("lambda",)),
        Node("output", Output("mask"), ("strange",)),
    ])  # fmt: skip


def test_every_name_every_output_and_shared_weights_are_kept():
    graph = awkward()
    weights = random_weights(graph)
    program, opened = program_of(graph, weights)
    assert opened == (True, False)
    assert set(weights) - set(program.state_dict) == {
        *("graph.code.weight", "graph.code.bias", "lambda.weight", "lambda.bias")
    }
    assert [str(each) for each in program.graph_signature.user_inputs] == ["input", "step"]
    picture, step = torch.rand(2, 3, 8, 8), torch.tensor([5.0])
    theirs = program.module()(picture, step)
    given_ = graph.with_operator("step", Given((1,), "float32", (5.0,)))
    ours = Network(given_, weights).run(picture, wanted=["output", "other"])
    assert list(theirs) == ["embedding", "mask"]
    torch.testing.assert_close(theirs["mask"], ours["output"])
    torch.testing.assert_close(theirs["embedding"], ours["other"])


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16])
def test_half_floats_stay_so_in_the_file(kind):
    graph = built("unet:depth=1,base=4,size=8")
    weights = {k: v.to(kind) for k, v in initial(graph, analyse(graph), 3).items()}
    program, _ = program_of(graph, weights)
    assert all(torch.equal(program.state_dict[key], weights[key]) for key in weights)
    assert {each.dtype for each in program.state_dict.values()} == {kind}
    picture = torch.rand(1, 3, 8, 8)
    ours = Network(graph, {k: v.float() for k, v in weights.items()}).run(picture)["output"]
    torch.testing.assert_close(program.module()(picture), ours, rtol=1e-5, atol=1e-6)


def test_what_cannot_be_written_leaves_no_file(tmp_path):
    graph = built("unet:depth=1,base=4,size=8")
    save_file({"head.bias": torch.zeros(3)}, tmp_path / "w.safetensors")
    path: Path = tmp_path / "net.pt2"
    with pytest.raises(ProgramError) as refused:
        write_program(path, graph, analyse(graph), tmp_path / "w.safetensors")
    assert refused.value.fault.code == "export-lacks-weights"
    clash = graph.with_operator("head", Convolution(3, (99, 99)))
    with pytest.raises(ProgramError) as refused:
        write_program(path, clash, analyse(clash), tmp_path / "w.safetensors")
    assert refused.value.node == "head"
    assert not path.exists()


def test_a_program_that_is_no_longer_wanted_is_said_to_be_cancelled(tmp_path):
    graph = built("unet:depth=1,base=4,size=8")
    facts = analyse(graph)
    cancelled = Event()
    cancelled.set()
    weights = tmp_path / "weights.safetensors"
    save_file(random_weights(graph), str(weights))
    with pytest.raises(ProgramError) as refused:
        write_program(tmp_path / "net.pt2", graph, facts, weights, cancelled)
    assert refused.value.fault.code == "export-cancelled"
    assert not (tmp_path / "net.pt2").exists()
