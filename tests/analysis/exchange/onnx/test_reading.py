"""ONNX files become graphs with the file's names; what cannot be read is a fault with its cause."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import TensorProto, helper

from analysis.exchange.first_bytes import OtherContentError, check_content
from analysis.exchange.torch_module import TraceError, trace
from analysis.exchange.tracer.onnx import file as onnx_file
from analysis.exchange.tracer.onnx.opening import open_file
from analysis.exchange.tracer.refusal import Refused
from analysis.facts import analyse
from analysis.network import Network
from analysis.network.weights import load
from tests.analysis.exchange.onnx.files import model, numbers, unet


def test_a_unet_runs_as_in_onnxruntime_and_keeps_its_names(tmp_path: Path) -> None:
    path = tmp_path / "small unet.onnx"
    made = unet()
    onnx.save(made, path)
    found = trace(path, None, (3, 18, 21))
    session = onnxruntime.InferenceSession(made.SerializeToString())
    for size in ((18, 21), (23, 20)):  # it resizes to the skip, whose size the file computes
        image = torch.from_numpy(numbers(1, 3, *size, seed=4))
        ours = Network(found.graph, load(found.weights)).run(image)[found.graph.output.id]
        wanted = session.run(None, {"x": image.numpy()})[0]
        np.testing.assert_allclose(ours.detach().numpy(), wanted, rtol=1e-5, atol=1e-5)
    assert found.name == "small unet"
    assert found.opaque == ()
    operators = [(node.id, node.scope, node.operator.key) for node in found.graph.nodes]
    assert operators == [
        ("input", "", "input"),
        ("enc.conv", "enc", "conv"),
        ("enc.norm", "enc", "batch_norm"),
        ("enc.act", "enc", "relu"),
        ("pool", "", "max_pool"),
        ("mid.conv", "mid", "conv"),
        ("mid.act", "mid", "leaky_relu"),
        ("up", "", "transposed_conv"),
        ("upsample", "", "resize_like"),
        ("cat", "", "concat"),
        ("dec.conv", "dec", "conv"),
        ("dec.act", "dec", "sigmoid"),
        ("head", "", "conv"),
        ("output", "", "output"),
    ]
    assert found.unused_parameters == 0
    counted = sum(layer.parameters for layer in analyse(found.graph).layers.values())
    statistics = ("running_mean", "running_var")
    held = [each for each in made.graph.initializer if not each.name.endswith(statistics)]
    assert counted == sum(int(np.prod(each.dims)) for each in held if each.data_type == 1)


def refusal(path: Path) -> tuple[str, list[Any]]:
    with pytest.raises(Refused) as refused:
        open_file(path)
    return refused.value.answer["code"], refused.value.answer["numbers"]


def test_a_truncated_file(tmp_path: Path) -> None:
    path = tmp_path / "cut.onnx"
    path.write_bytes(unet().SerializeToString()[:-2000])
    assert refusal(path)[0] == "onnx-damaged"
    with pytest.raises(TraceError) as failed:
        trace(path, None)
    assert failed.value.fault.code == "onnx-damaged"
    assert failed.value.fault.numbers[0] == "cut.onnx"


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n" + bytes(300), b"not a model"])
def test_no_onnx_file(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "none.onnx"
    path.write_bytes(data)
    assert refusal(path)[0] == "onnx-damaged"


@pytest.mark.parametrize(
    ("data", "at"),
    [
        (b"\x08\x08" + bytes(40), 2),  # a version, then nothing that is a field
        (b"\x0a\x04abcd", 0),  # the version as text
        (b"\x08\x08\x3a\x40abc", 2),  # a graph that is cut off
        (b"\x08\x08", 2),  # no graph
        (b"\x08" + b"\xff" * 40, 0),  # a number without end
    ],
)
def test_what_is_no_model_is_told_by_its_fields_alone(tmp_path: Path, data: bytes, at: int) -> None:
    path = tmp_path / "none.onnx"
    path.write_bytes(data)
    with pytest.raises(OtherContentError) as told:
        check_content(path)
    assert told.value.fault.numbers == (str(path), f"byte {at} of {len(data)}")
    path.write_bytes(unet().SerializeToString())
    check_content(path)


@pytest.mark.parametrize("opset", [8, 99])
def test_an_opset_that_is_not_read(tmp_path: Path, opset: int) -> None:
    path = tmp_path / "opset.onnx"
    onnx.save(model([helper.make_node("Relu", ["x"], ["y"])], (1, 4), opset=opset), path)
    code, told = refusal(path)
    assert (code, told[0], told[1]) == ("onnx-opset", opset, 9)


def test_a_file_longer_than_a_message_may_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "long.onnx"
    path.write_bytes(bytes(100))
    monkeypatch.setattr(onnx_file, "LARGEST", 99)
    assert refusal(path) == ("onnx-too-long", [100, 99])


def test_operators_of_others(tmp_path: Path) -> None:
    made = model(
        [
            helper.make_node("Sharpen", ["x"], ["a"], domain="my.company"),
            helper.make_node("NonMaxSuppression", ["a"], ["y"]),
        ],
        (1, 4),
    )
    made.opset_import.append(helper.make_opsetid("my.company", 1))
    path = tmp_path / "custom.onnx"
    path.write_bytes(made.SerializeToString())
    assert refusal(path) == ("onnx-operators", ["my.company.Sharpen, NonMaxSuppression"])


def test_functions_of_the_file_are_written_out(tmp_path: Path) -> None:
    made = model([helper.make_node("Twice", ["x"], ["y"], domain="own")], (1, 4))
    body = [helper.make_node("Add", ["a", "a"], ["b"])]
    opsets = [helper.make_opsetid("", 17)]
    made.functions.append(helper.make_function("own", "Twice", ["a"], ["b"], body, opsets))
    made.opset_import.append(helper.make_opsetid("own", 1))
    path = tmp_path / "function.onnx"
    onnx.save(made, path)
    with torch.no_grad():
        assert open_file(path)(torch.ones(1, 4)).tolist() == [[2, 2, 2, 2]]


def test_operators_composed_of_others_are_written_out(tmp_path: Path) -> None:
    node = helper.make_node("MeanVarianceNormalization", ["x"], ["y"], axes=[0, 2])
    path = tmp_path / "composed.onnx"
    onnx.save(model([node], (2, 3, 5)), path)
    image = torch.randn(2, 3, 5)
    wanted = (image - image.mean((0, 2), True)) / image.var(
        (0, 2), unbiased=False, keepdim=True
    ) ** 0.5
    with torch.no_grad():
        torch.testing.assert_close(open_file(path)(image), wanted, rtol=1e-4, atol=1e-4)


def pieces() -> onnx.ModelProto:
    """Group normalisation and SiLU as torch writes them in opset 17."""
    node = helper.make_node
    weights = {
        "apart": np.array([0, 2, -1], dtype=np.int64),
        "ones": np.ones(2, dtype=np.float32),
        "zeros": np.zeros(2, dtype=np.float32),
        "scale": numbers(6, 1, 1),
        "bias": numbers(6, 1, 1, seed=1),
    }
    nodes = [
        node("Shape", ["x"], ["s"], "/norm/Shape"),
        node("Reshape", ["x", "apart"], ["r"], "/norm/Reshape"),
        node("InstanceNormalization", ["r", "ones", "zeros"], ["i"], "/norm/Norm", epsilon=1e-3),
        node("Reshape", ["i", "s"], ["b"], "/norm/Reshape_1"),
        node("Mul", ["b", "scale"], ["m"], "/norm/Mul"),
        node("Add", ["m", "bias"], ["a"], "/norm/Add"),
        node("Sigmoid", ["a"], ["g"], "/act/Sigmoid"),
        node("Mul", ["a", "g"], ["y"], "/act/Mul"),
    ]
    return model(nodes, (1, 6, "h", "w"), weights)


def test_what_exporters_write_in_pieces_is_one_operator_again(tmp_path: Path) -> None:
    path = tmp_path / "pieces.onnx"
    onnx.save(pieces(), path)
    found = trace(path, None, (6, 5, 8))
    kinds = [(node.id, node.operator.key) for node in found.graph.nodes]
    assert kinds == [("input", "input"), ("norm", "group_norm"), ("act", "silu"),
                     ("output", "output")]  # fmt: skip
    assert not found.size_is_fixed
    image = torch.from_numpy(numbers(1, 6, 5, 8, seed=4))
    ours = Network(found.graph, load(found.weights)).run(image)["output"].detach().numpy()
    session = onnxruntime.InferenceSession(pieces().SerializeToString())
    wanted = session.run(None, {"x": image.numpy()})[0]
    np.testing.assert_allclose(ours, wanted, rtol=1e-4, atol=1e-5)


def test_pieces_that_are_read_elsewhere_too_stay_apart(tmp_path: Path) -> None:
    made = pieces()
    made.graph.output.append(helper.make_tensor_value_info("g", TensorProto.FLOAT, None))
    path = tmp_path / "pieces.onnx"
    onnx.save(made, path)
    found = trace(path, None, (6, 5, 8))
    keys = [node.operator.key for node in found.graph.nodes]
    assert "sigmoid" in keys
    assert "silu" not in keys


# --------------------------------------------------------------------------- external data


def external(folder: Path, location: str) -> Path:
    """A model whose weight lies at `location`."""
    made = model(
        [helper.make_node("MatMul", ["x", "w"], ["y"])], (1, 4), {"w": np.eye(4, dtype="f")}
    )
    weight = made.graph.initializer[0]
    data = weight.raw_data
    weight.ClearField("raw_data")
    weight.data_location = TensorProto.EXTERNAL
    weight.external_data.add(key="location", value=location)
    weight.external_data.add(key="offset", value="8")
    weight.external_data.add(key="length", value="64")
    (folder / "weights.bin").write_bytes(bytes(8) + data)
    path = folder / "inner" / "apart.onnx"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(made.SerializeToString())
    return path


def test_weights_in_a_file_beside_it(tmp_path: Path) -> None:
    path = external(tmp_path, "weights.bin")
    (path.parent / "weights.bin").write_bytes((tmp_path / "weights.bin").read_bytes())
    with torch.no_grad():
        assert open_file(path)(torch.ones(1, 4)).tolist() == [[1, 1, 1, 1]]


def test_weights_anywhere_else_are_not_read(tmp_path: Path) -> None:
    for location in ("../weights.bin", str(tmp_path / "weights.bin"), "C:\\weights.bin", ""):
        assert refusal(external(tmp_path, location)) == ("onnx-data-outside", [location])
    path = external(tmp_path, "linked.bin")
    (path.parent / "linked.bin").symlink_to(tmp_path / "weights.bin")
    assert refusal(path) == ("onnx-data-outside", ["linked.bin"])
    assert refusal(external(tmp_path, "gone.bin")) == ("onnx-data-missing", ["gone.bin"])


def test_weights_that_end_early(tmp_path: Path) -> None:
    path = external(tmp_path, "weights.bin")
    (path.parent / "weights.bin").write_bytes(bytes(40))
    assert refusal(path)[0] == "onnx-data-short"
