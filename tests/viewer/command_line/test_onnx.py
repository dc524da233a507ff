"""`convert -o x.onnx` and back: a file that runs, one line where there is none to be had."""

from __future__ import annotations

import json

import onnx
import pytest

from analysis.graph import Graph, Node
from analysis.operators import Given, Input, Linear, Multiply, Output, Reshape
from analysis.storage.document import Document, to_json
from viewer.cli import main


def described(capsys, *arguments: str) -> dict:
    assert main(["describe", *arguments, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_blueprint_goes_out_and_comes_back(tmp_path, capsys):
    path = tmp_path / "net.onnx"
    model = "unet:depth=2,base=4,in=3,size=32"
    assert main(["convert", model, "--seed", "5", "-o", str(path)]) == 0
    assert "--seed 5" in capsys.readouterr().err
    onnx.checker.check_model(str(path), full_check=True)
    before = described(capsys, model)
    after = described(capsys, str(path), "--size", "3,32,32")
    for key in ("input", "parameters", "macs", "layers", "skips"):
        assert after[key] == before[key], key


def test_a_fixed_size_is_said(tmp_path, capsys):
    for model, fixed in (("dense_autoencoder", True), ("unet:depth=1,base=4", False)):
        path = tmp_path / "net.onnx"
        assert main(["convert", model, "-o", str(path)]) == 0
        assert ("takes images of" in capsys.readouterr().err) == fixed
        shape = onnx.load(path).graph.input[0].type.tensor_type.shape.dim
        assert all(each.HasField("dim_value") for each in shape[2:]) == fixed


@pytest.mark.parametrize("name", ["x.onnxx", "x"])
def test_another_ending_is_refused(tmp_path, capsys, name):
    assert main(["convert", "unet", "-o", str(tmp_path / name)]) == 2
    assert ".onnx files" in capsys.readouterr().err


def test_further_inputs_are_named(tmp_path, capsys):
    graph = Graph.of([
        Node("input", Input(3, (4, 4))),
        Node("step", Given((1, 2), "float32", (2.0,))),
        Node("scale", Linear(3), ("step",)),
        Node("seen", Reshape((3, 1, 1)), ("scale",)),
        Node("both", Multiply(), ("input", "seen")),
        Node("output", Output(), ("both",)),
    ])  # fmt: skip
    path = tmp_path / "net.onnx"
    (tmp_path / "net.fieldglass").write_bytes(to_json(Document(graph)))
    assert main(["convert", str(tmp_path / "net.fieldglass"), "-o", str(path)]) == 0
    assert "The file takes input, step, in this order." in capsys.readouterr().err
    assert [each.name for each in onnx.load(path).graph.input] == ["input", "step"]
