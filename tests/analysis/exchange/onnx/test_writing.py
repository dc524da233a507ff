"""What is written as ONNX runs in onnxruntime with our output, and reads back as the same graph."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import hypothesis
import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from safetensors.torch import save_file

from analysis.blueprints import BLUEPRINTS, parse
from analysis.exchange.module_here import trace_module
from analysis.exchange.onnx_file import OnnxError, file, write_onnx
from analysis.exchange.torch_module import trace
from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.network import Network
from analysis.network.weights import initial, load
from analysis.operators import (
    REGISTRY,
    Attention,
    ChannelGroupPool,
    ChannelLinear,
    ChannelNorm,
    Fault,
    GaussianSample,
    Given,
    Input,
    Linear,
    Multiply,
    Opaque,
    Operator,
    Output,
    Reshape,
    Roll,
    Shape,
    Subsample,
    Upsample,
)
from tests.analysis.exchange import tokens
from tests.analysis.exchange.test_tokens import SIZES
from tests.analysis.operators.cases import CASES

NO_FORM = {"opaque", "followed", "placed", "noise", "failed"}
"""What only torch has, numbers that it draws, and what could not be read."""
ENDS = {"input", "output", "given"}


def random_weights(graph: Graph, seed: int = 1) -> dict[str, torch.Tensor]:
    """Values between 0.3 and 1.3: variances stay above zero."""
    source = torch.Generator().manual_seed(seed)
    return {
        each.key: torch.rand(each.shape, generator=source) + 0.3
        for tensors in analyse(graph).tensors.values()
        for each in tensors
    }


def write(folder: Path, graph: Graph, weights: dict[str, torch.Tensor]) -> Path:
    beside = folder / "weights.safetensors"
    save_file(weights, str(beside))
    path = folder / "net.onnx"
    write_onnx(path, graph, analyse(graph), beside)
    onnx.checker.check_model(str(path), full_check=True)
    return path


def outputs(path: Path, pictures: dict[str, torch.Tensor]) -> np.ndarray:
    session = onnxruntime.InferenceSession(str(path))
    taken = {each.name for each in session.get_inputs()}
    return session.run(None, {k: v.numpy() for k, v in pictures.items() if k in taken})[0]


def is_without_form(operator: Operator, inputs: tuple[Shape, ...]) -> bool:
    """A factor that gives a broken size, and a sample that is drawn or stretched."""
    if isinstance(operator, Upsample):
        factors = operator.scale if operator.size is None else ()
        return any(n * f != int(n * f) for n, f in zip(inputs[0][1:], factors, strict=False))
    if isinstance(operator, GaussianSample):
        return operator.draw or inputs[0] != inputs[1]
    return False


@pytest.mark.parametrize("key", sorted(set(REGISTRY) - NO_FORM - ENDS))
@settings(max_examples=6, deadline=None, derandomize=True,
          suppress_health_check=list(HealthCheck))  # fmt: skip
@hypothesis.given(data=st.data())
def test_every_operator_gives_the_same_in_onnxruntime(key, data, tmp_path_factory):
    case = CASES[key](data.draw)
    if isinstance(case.operator.shape(case.inputs), Fault):
        return
    names = [f"x{i}" for i in range(len(case.inputs))]
    ins = [Node(name, Input(shape[0], shape[1:])) for name, shape in
           zip(names, case.inputs, strict=True)]  # fmt: skip
    graph = Graph.of([*ins, Node("op", case.operator, tuple(names), "group"),
                      Node("output", Output(), ("op",))])  # fmt: skip
    weights = random_weights(graph)
    if is_without_form(case.operator, case.inputs):
        with pytest.raises(OnnxError, match="onnx-no-form"):
            write(tmp_path_factory.mktemp("onnx"), graph, weights)
        return
    path = write(tmp_path_factory.mktemp("onnx"), graph, weights)
    source = torch.Generator().manual_seed(5)
    pictures = {name: torch.rand(2, *shape, generator=source) + 0.1 for name, shape in
                zip(names, case.inputs, strict=True)}  # fmt: skip
    with torch.no_grad():
        ours = Network(graph, weights).run(pictures)["output"].numpy()
    np.testing.assert_allclose(outputs(path, pictures), ours, rtol=1e-4, atol=1e-5)


MODELS = ("unet:depth=2,base=4", "unet:depth=2,base=4,norm=group")


@pytest.mark.parametrize("called", MODELS)
def test_a_network_comes_back_as_it_was(called, tmp_path):
    read = parse(called)
    assert not isinstance(read, Fault)
    graph = BLUEPRINTS[read[0]].build(read[1])
    node = graph.inputs[0]
    graph = graph.with_operator(node.id, Input(node.operator.channels, (32, 64)))
    weights = initial(graph, analyse(graph), 3)
    path = write(tmp_path, graph, weights)
    found = trace(path, None, analyse(graph).layers[node.id].shape)
    assert found.graph.nodes == graph.nodes
    back = load(found.weights)
    assert back.keys() == weights.keys()
    assert all(torch.equal(back[key], weights[key]) for key in back)


def test_a_unet_takes_any_batch_and_size(tmp_path):
    read = parse("unet:depth=2,base=4")
    graph = BLUEPRINTS[read[0]].build(read[1])
    weights = initial(graph, analyse(graph), 3)
    path = write(tmp_path, graph, weights)
    picture = torch.rand(3, graph.inputs[0].operator.channels, 20, 36)
    with torch.no_grad():
        ours = Network(graph, weights).run(picture)["output"].numpy()
    np.testing.assert_allclose(outputs(path, {"input": picture}), ours, rtol=1e-4, atol=1e-5)


def test_half_floats_stay_half_floats_in_the_file(tmp_path):
    read = parse("unet:depth=1,base=4")
    graph = BLUEPRINTS[read[0]].build(read[1])
    weights = {k: v.half() for k, v in initial(graph, analyse(graph), 3).items()}
    path = write(tmp_path, graph, weights)
    made = onnx.load(path)
    kinds = {each.name: each.data_type for each in made.graph.initializer}
    assert {kinds[key] for key in weights} == {onnx.TensorProto.FLOAT16}
    picture = torch.rand(1, graph.inputs[0].operator.channels, 16, 16)
    with torch.no_grad():
        floats = {key: value.float() for key, value in weights.items()}
        ours = Network(graph, floats).run(picture)["output"].numpy()
    np.testing.assert_allclose(outputs(path, {"input": picture}), ours, rtol=1e-4, atol=1e-5)


def test_long_weights_lie_beside_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(file, "LONGEST", 1000)
    read = parse("unet:depth=1,base=4")
    graph = BLUEPRINTS[read[0]].build(read[1])
    weights = initial(graph, analyse(graph), 3)
    path = write(tmp_path, graph, weights)
    assert (tmp_path / "net.onnx.data").stat().st_size == sum(
        4 * w.numel() for w in weights.values()
    )
    picture = torch.rand(1, graph.inputs[0].operator.channels, 16, 16)
    with torch.no_grad():
        ours = Network(graph, weights).run(picture)["output"].numpy()
    np.testing.assert_allclose(outputs(path, {"input": picture}), ours, rtol=1e-4, atol=1e-5)
    back = load(trace(path, None, (graph.inputs[0].operator.channels, 16, 16)).weights)
    assert all(torch.equal(back[key], weights[key]) for key in weights)


def test_biases_are_looked_up_in_their_table(tmp_path):
    window = Attention(2, 0.5, (2,), (((2, 2, 2), (3, 2, 2, 2), True, (3, 2)),))
    graph = Graph.of([Node("input", Input(4, (6,))), Node("a", window, ("input",) * 3),
                      Node("output", Output(), ("a",))])  # fmt: skip
    weights = random_weights(graph)
    weights["a.places0"] = torch.arange(8).remainder(6).reshape(2, 2, 2)
    path = write(tmp_path, graph, weights)
    picture = torch.rand(2, 4, 6)
    with torch.no_grad():
        ours = Network(graph, weights).run(picture)["output"].numpy()
    np.testing.assert_allclose(outputs(path, {"input": picture}), ours, rtol=1e-4, atol=1e-5)


def test_a_given_number_is_an_input(tmp_path):
    graph = Graph.of([
        Node("input", Input(3, (4, 4))), Node("step", Given((1, 2), "float32", (2.0,))),
        Node("scale", Linear(3), ("step",)), Node("seen", Reshape((3, 1, 1)), ("scale",)),
        Node("both", Multiply(), ("input", "seen")), Node("output", Output(), ("both",)),
    ])  # fmt: skip
    weights = random_weights(graph)
    path = write(tmp_path, graph, weights)
    picture, step = torch.rand(1, 3, 4, 4), torch.tensor([[5.0, 7.0]])
    other = graph.with_operator("step", Given((1, 2), "float32", (5.0, 7.0)))
    with torch.no_grad():
        ours = Network(other, weights).run(picture)["output"].numpy()
    theirs = outputs(path, {"input": picture, "step": step})
    np.testing.assert_allclose(theirs, ours, rtol=1e-4, atol=1e-5)


def test_a_map_of_any_size_looks_at_itself(tmp_path):
    """Attention over a whole map, layers per pixel and a roll hold for every size and batch."""
    graph = Graph.of([
        Node("input", Input(4, (6, 6))), Node("norm", ChannelNorm(), ("input",)),
        Node("q", ChannelLinear(4), ("norm",)), Node("rolled", Roll((2, -1)), ("norm",)),
        Node("a", Attention(2, 0.7), ("q", "norm", "rolled")),
        Node("pool", ChannelGroupPool("max", 1, 2), ("a",)),
        Node("thin", Subsample((1, 0), (2, 2)), ("pool",)), Node("output", Output(), ("thin",)),
    ])  # fmt: skip
    weights = random_weights(graph)
    path = write(tmp_path, graph, weights)
    picture = torch.rand(3, 4, 10, 3)
    with torch.no_grad():
        ours = Network(graph, weights).run(picture)["output"].numpy()
    np.testing.assert_allclose(outputs(path, {"input": picture}), ours, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", SIZES)
def test_a_model_on_tokens_gives_the_same_in_onnxruntime(name, tmp_path):
    torch.manual_seed(3)
    model = getattr(tokens, name)().eval()
    found = trace_module(model, SIZES[name])
    path = tmp_path / "net.onnx"
    write_onnx(path, found.graph, analyse(found.graph), found.weights)
    onnx.checker.check_model(str(path), full_check=True)
    picture = torch.rand(1, *SIZES[name])
    with torch.no_grad():
        theirs = model(picture).numpy()
    np.testing.assert_allclose(outputs(path, {"input": picture}), theirs, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("longest", [file.LONGEST, 100])
def test_a_file_that_is_given_up_is_not_left(longest, tmp_path, monkeypatch):
    monkeypatch.setattr(file, "LONGEST", longest)
    graph = BLUEPRINTS["unet"].build({"depth": 1, "base": 2})
    weights, given_up = tmp_path / "w.safetensors", Event()
    save_file(random_weights(graph), str(weights))
    given_up.set()
    with pytest.raises(OnnxError) as refused:
        write_onnx(tmp_path / "net.onnx", graph, analyse(graph), weights, cancelled=given_up)
    assert refused.value.fault.code == "export-cancelled"
    assert [each.name for each in tmp_path.iterdir()] == [weights.name]


def test_what_onnx_has_not_is_named(tmp_path):
    opaque = Opaque("aten.special_i0.default", (("input", 0),), (1, 4, 4))
    graph = Graph.of([Node("input", Input(1, (4, 4))), Node("bessel", opaque, ("input",)),
                      Node("output", Output(), ("bessel",))])  # fmt: skip
    save_file({}, str(tmp_path / "none.safetensors"))
    with pytest.raises(OnnxError) as refused:
        write_onnx(tmp_path / "net.onnx", graph, analyse(graph), tmp_path / "none.safetensors")
    assert refused.value.fault.numbers == ("bessel (aten.special_i0.default)", 1)
    assert not (tmp_path / "net.onnx").exists()
