"""Weights that are picked or dropped: loaded and reported, or taken back with the reason."""

import onnx
import pytest
import torch

from analysis.graph import Graph, Node
from analysis.network import weights
from analysis.operators import Input, Output, ParameterArithmetic
from viewer.text.block_names import full_name


@pytest.fixture
def state(desk):
    return weights.initial(desk.session.document.graph, desk.session.facts, 77)


@pytest.mark.parametrize("name", ["w.ckpt", "w.pth", "w.bin", "w", "w.safetensors"])
def test_dropped_weights_are_loaded_and_counted(desk, tmp_path, state, name):
    if name.endswith("safetensors"):
        weights.save(state, tmp_path / name)
    else:
        torch.save({"state_dict": {f"model.{k}": v for k, v in state.items()}}, tmp_path / name)
    desk.wait_frame()
    before = desk.session.document
    desk.drop(tmp_path / name)
    told = desk.wait_told("tensors loaded")
    assert f"{name}: {len(state)} of {len(state)} tensors loaded." in told
    assert desk.session.document.weights.name == name
    assert desk.wait_frame().untrained == ()
    desk.do("undo")
    assert desk.session.document is before


def test_half_floats_are_kept_and_said(desk, tmp_path, state):
    weights.save({key: tensor.bfloat16() for key, tensor in state.items()}, tmp_path / "w.pth")
    desk.wait_frame()
    desk.drop(tmp_path / "w.pth")
    told = desk.wait_told("tensors loaded")
    assert "kept in bfloat16; the network runs in float32" in told
    desk.window.commands.onnx.write(str(tmp_path / "net.onnx"))
    desk.wait_told("is in net.onnx")
    kinds = {each.data_type for each in onnx.load(tmp_path / "net.onnx").graph.initializer}
    assert onnx.TensorProto.BFLOAT16 in kinds
    assert desk.session.document.weights.name == "w.pth"


def test_what_does_not_fit_is_named(desk, tmp_path, state):
    first, second = list(state)[:2]
    part = {name: tensor for name, tensor in state.items() if name != first}
    part[second] = torch.zeros(9)
    torch.save(part | {"other.bias": torch.zeros(1)}, tmp_path / "part.pth")
    desk.wait_frame()
    desk.drop(tmp_path / "part.pth")
    told = desk.wait_told("tensors loaded")
    assert f"part.pth: {len(state) - 2} of {len(state)} tensors loaded." in told
    assert f"Missing 1: {first}." in told
    assert f"Of another shape 1: {second}." in told
    assert "Not used 1: other.bias." in told


def write_module(path):
    torch.save(torch.nn.Conv2d(1, 1, 1), path)


def write_others(path):
    torch.save({"a.weight": torch.zeros(3), "b.weight": torch.zeros(3)}, path)


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (write_module, "weights_only=False"),
        (write_others, "No tensor of w.pth fits"),
        (lambda path: path.write_bytes(b"no weights"), "holds no weights"),
        (lambda path: path.write_bytes(b"PK\3\4 no archive"), "holds no weights"),
    ],
)
def test_what_cannot_be_loaded_is_said_and_the_document_is_as_it_was(desk, tmp_path, write, said):
    write(tmp_path / "w.pth")
    desk.wait_frame()
    before = desk.session.document
    desk.drop(tmp_path / "w.pth")
    desk.wait(lambda: said in desk.said)
    desk.wait(lambda: desk.session.document is before)
    assert "w.pth" in desk.said
    assert str(tmp_path) not in desk.said
    assert desk.wait_frame().structure == before.graph.structure_hash


def test_an_output_that_is_no_number_is_said_over_the_canvas_and_at_the_foot(desk, tmp_path, state):
    name = next(key for key in state if key.startswith("enc1.") and key.endswith("weight"))
    layer = name.rpartition(".")[0]
    weights.save(
        {**state, name: torch.full_like(state[name], float("nan"))}, tmp_path / "n.safetensors"
    )
    desk.wait_frame()
    desk.drop(tmp_path / "n.safetensors")
    desk.wait(lambda: desk.session.frame.not_finite is not None)
    desk.wait(lambda: full_name(layer) in desk.window.status.left.text())
    assert "no number" in desk.window.status.left.text()
    assert "NaN" in desk.said or "tensors loaded" in desk.said
    desk.do("undo")
    desk.wait_frame()
    assert "no number" not in desk.window.status.left.text()


def test_a_mask_that_comes_with_a_checkpoint_makes_fields_upper_bounds(desk, tmp_path):
    mask = ParameterArithmetic("multiply", (1, 32, 32))
    graph = Graph.of([
        Node("input", Input(3, (32, 32))),
        Node("masked", mask, ("input",), fixed=("weight",)),
        Node("output", Output(), ("masked",)),
    ])  # fmt: skip
    desk.edit(graph=graph, weights=None, gates={}, blueprint=None)
    desk.wait_frame()
    assert desk.session.facts.fields["output"].exactness == "exact"
    before = desk.session.document
    held = torch.ones(1, 32, 32)
    held[:, :9] = 0
    weights.save({"masked.weight": held}, tmp_path / "w.safetensors")
    desk.drop(tmp_path / "w.safetensors")
    desk.wait_told("cut paths in masked")
    assert desk.session.facts.fields["output"].exactness == "upper bound"
    desk.do("undo")
    assert desk.session.document is before
