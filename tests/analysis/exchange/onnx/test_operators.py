"""Every ONNX operator that is read computes what onnxruntime computes, in its old and new forms."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch
from onnx import TensorProto, helper

from analysis.exchange.tracer.onnx.module import OnnxModule
from analysis.exchange.tracer.refusal import Refused
from tests.analysis.exchange.onnx.files import model, numbers, tensor

MAP = (1, 4, 7, 10)


def ints(*values: int) -> Any:
    return np.array(values, dtype=np.int64)


def agree(made: Any, shape: tuple[int, ...], image: Any = None) -> None:
    image = numbers(*shape, seed=9) if image is None else image
    session = onnxruntime.InferenceSession(made.SerializeToString())
    wanted = session.run(None, {"x": image})
    with torch.no_grad():
        ours = OnnxModule(made).eval()(torch.from_numpy(image))
    ours = ours if isinstance(ours, tuple) else (ours,)
    for mine, theirs in zip(ours, wanted, strict=True):
        np.testing.assert_allclose(mine.numpy(), theirs, rtol=1e-4, atol=1e-5)


UNARY = [
    "Abs",
    "Neg",
    "Exp",
    "Sin",
    "Cos",
    "Tanh",
    "Erf",
    "Ceil",
    "Floor",
    "Round",
    "Sign",
    "Relu",
    "Sigmoid",
    "Softplus",
    "Softsign",
    "HardSwish",
    "Mish",
    "Elu",
    "Celu",
    "Selu",
    "LeakyRelu",
    "HardSigmoid",
    "ThresholdedRelu",
    "Atan",
    "GlobalAveragePool",
    "GlobalMaxPool",
    "Identity",
    "Softmax",
    "LogSoftmax",
    "Flatten",
    "Transpose",
]


@pytest.mark.parametrize("name", UNARY)
def test_a_function_of_one_map(name: str) -> None:
    agree(model([helper.make_node(name, ["x"], ["y"])], MAP, opset=18), MAP)


CASES: dict[str, tuple[str, dict[str, Any], int, dict[str, Any]]] = {
    "conv uneven": ("Conv", {"w": numbers(6, 4, 3, 3)}, 17, {"pads": [0, 1, 2, 1]}),
    "conv same": ("Conv", {"w": numbers(6, 4, 3, 2)}, 17,
                  {"auto_pad": "SAME_UPPER", "strides": [2, 2]}),
    "conv same lower": ("Conv", {"w": numbers(6, 2, 3, 4)}, 17,
                        {"auto_pad": "SAME_LOWER", "group": 2}),
    "conv dilated": ("Conv", {"w": numbers(6, 4, 3, 3), "b": numbers(6)}, 9,
                     {"dilations": [2, 1], "strides": [1, 2]}),
    "transposed": ("ConvTranspose", {"w": numbers(4, 3, 3, 3), "b": numbers(3)}, 17,
                   {"strides": [2, 2], "pads": [1, 1, 1, 1], "output_padding": [1, 1]}),
    "transposed uneven": ("ConvTranspose", {"w": numbers(4, 3, 3, 3)}, 17,
                          {"strides": [2, 3], "pads": [0, 1, 1, 0]}),
    "transposed shape": ("ConvTranspose", {"w": numbers(4, 3, 3, 3)}, 17,
                         {"strides": [2, 2], "output_shape": [14, 20]}),
    "max pool uneven": ("MaxPool", {}, 17, {"kernel_shape": [3, 2], "pads": [0, 0, 1, 1],
                                            "strides": [2, 2]}),
    "max pool ceil": ("MaxPool", {}, 17, {"kernel_shape": [2, 2], "strides": [2, 2],
                                          "ceil_mode": 1}),
    "average uneven": ("AveragePool", {}, 17, {"kernel_shape": [3, 3], "pads": [0, 0, 1, 1],
                                               "strides": [2, 2]}),
    "average counted": ("AveragePool", {}, 17, {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1],
                                                "count_include_pad": 1}),
    "average same": ("AveragePool", {}, 9, {"kernel_shape": [2, 2], "auto_pad": "SAME_UPPER"}),
    "batch norm": ("BatchNormalization", {"s": numbers(4), "b": numbers(4), "m": numbers(4),
                                          "v": np.abs(numbers(4)) + 0.1}, 9, {"epsilon": 1e-3}),
    "instance norm": ("InstanceNormalization", {"s": numbers(4), "b": numbers(4)}, 9, {}),
    "group norm": ("GroupNormalization", {"s": numbers(4), "b": numbers(4, seed=2)}, 21,
                   {"num_groups": 2}),
    "layer norm": ("LayerNormalization", {"s": numbers(7, 10), "b": numbers(7, 10)}, 17,
                   {"axis": 2}),
    "lrn": ("LRN", {}, 13, {"size": 3, "alpha": 0.1}),
    "prelu": ("PRelu", {"s": numbers(4, 1, 1)}, 16, {}),
    "prelu one": ("PRelu", {"s": numbers(1)}, 9, {}),
    "gelu": ("Gelu", {}, 20, {}),
    "gelu tanh": ("Gelu", {}, 20, {"approximate": "tanh"}),
    "hard sigmoid sixth": ("HardSigmoid", {}, 9, {"alpha": 1 / 6}),
    "shrink soft": ("Shrink", {}, 9, {"lambd": 0.3, "bias": 0.3}),
    "shrink odd": ("Shrink", {}, 9, {"lambd": 0.3, "bias": 0.1}),
    "clip old": ("Clip", {}, 9, {"min": -0.5, "max": 0.7}),
    "clip": ("Clip", {"low": np.float32(-0.5)}, 13, {}),
    "softmax old": ("Softmax", {}, 11, {"axis": 1}),
    "add number": ("Add", {"n": np.float32(2)}, 13, {}),
    "power": ("Pow", {"n": np.float32(2)}, 13, {}),
    "multiply by channel": ("Mul", {"w": numbers(4, 1, 1)}, 13, {}),
    "pad old": ("Pad", {}, 9, {"pads": [0, 0, 1, 2, 0, 0, 3, 0], "value": 1.5}),
    "pad reflect": ("Pad", {"p": ints(0, 0, 1, 2, 0, 0, 3, 1)}, 13, {"mode": "reflect"}),
    "pad edge": ("Pad", {"p": ints(0, 0, 0, 2, 0, 0, 0, 1)}, 13, {"mode": "edge"}),
    "pad cuts": ("Pad", {"p": ints(0, 0, -1, 2, 0, 0, 0, -2)}, 13, {}),
    "slice old": ("Slice", {}, 9, {"starts": [1, 2], "ends": [3, 1000], "axes": [1, 3]}),
    "slice backwards": ("Slice", {"s": ints(-1, 5), "e": ints(-(2**63), 0), "a": ints(2, 3),
                                  "st": ints(-1, -2)}, 13, {}),
    "slice steps": ("Slice", {"s": ints(1), "e": ints(2**62), "a": ints(3), "st": ints(3)}, 13, {}),
    "split": ("Split", {"l": ints(1, 3)}, 13, {"axis": 1}),
    "squeeze old": ("Squeeze", {}, 9, {"axes": [0]}),
    "unsqueeze": ("Unsqueeze", {"a": ints(0, 3)}, 13, {}),
    "reshape": ("Reshape", {"s": ints(0, 2, -1, 10)}, 13, {}),
    "flatten": ("Flatten", {}, 13, {"axis": 2}),
    "gather one": ("Gather", {"i": np.array(-2, dtype=np.int64)}, 13, {"axis": 1}),
    "gather": ("Gather", {"i": ints(2, 0, 2)}, 13, {"axis": 3}),
    "expand": ("Expand", {"s": ints(2, 1, 1, 1, 1)}, 13, {}),
    "tile": ("Tile", {"r": ints(1, 2, 1, 3)}, 13, {}),
    "depth to space": ("DepthToSpace", {}, 13, {"blocksize": 2}),
    "depth to space crd": ("DepthToSpace", {}, 13, {"blocksize": 2, "mode": "CRD"}),
    "mean": ("ReduceMean", {}, 13, {"axes": [2, -1], "keepdims": 0}),
    "mean new": ("ReduceMean", {"a": ints(1)}, 18, {}),
    "sum": ("ReduceSum", {"a": ints(-1)}, 13, {}),
    "l2": ("ReduceL2", {}, 13, {"axes": [1]}),
    "log sum exp": ("ReduceLogSumExp", {}, 13, {"axes": [1]}),
    "product": ("ReduceProd", {}, 13, {"axes": [2, 3]}),
    "cumulative": ("CumSum", {"a": np.array(2, dtype=np.int64)}, 14, {}),
    "matmul": ("MatMul", {"w": numbers(10, 5)}, 13, {}),
    "cast": ("Cast", {}, 13, {"to": TensorProto.FLOAT}),
    "dropout old": ("Dropout", {}, 9, {"ratio": 0.4}),
    "upsample": ("Upsample", {"s": np.array([1, 1, 2, 3], dtype=np.float32)}, 9, {}),
    "upsample linear": ("Upsample", {"s": np.array([1, 1, 2, 2], dtype=np.float32)}, 9,
                        {"mode": "linear"}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_an_operator_with_its_settings(name: str) -> None:
    operator, weights, opset, attributes = CASES[name]
    outputs = ("y", "z") if operator == "Split" else ("y",)
    node = helper.make_node(operator, ["x", *weights], list(outputs), **attributes)
    if operator == "Clip" and weights:
        node = helper.make_node(operator, ["x", "low"], ["y"])
    agree(model([node], MAP, weights, opset, outputs), MAP)


PLACES = ("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric")
ROUNDINGS = ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")


@pytest.mark.parametrize("places", PLACES)
@pytest.mark.parametrize("rounding", ROUNDINGS)
@pytest.mark.parametrize("size", [(14, 20), (5, 13), (7, 3)])
def test_nearest_copies_the_same_pixels(places: str, rounding: str, size: tuple[int, int]) -> None:
    attributes = {"coordinate_transformation_mode": places, "nearest_mode": rounding}
    node = helper.make_node("Resize", ["x", "", "", "s"], ["y"], mode="nearest", **attributes)
    agree(model([node], MAP, {"s": ints(1, 4, *size)}, 13), MAP)


@pytest.mark.parametrize("places", PLACES)
@pytest.mark.parametrize("mode", ["linear", "cubic"])
@pytest.mark.parametrize("scale", [(2.0, 2.0), (1.5, 0.7), (1.0, 3.0)])
def test_interpolation_reads_the_same_places(
    places: str, mode: str, scale: tuple[float, float]
) -> None:
    node = helper.make_node(
        "Resize", ["x", "", "s"], ["y"], mode=mode, coordinate_transformation_mode=places
    )
    scales = np.array([1, 1, *scale], dtype=np.float32)
    agree(model([node], MAP, {"s": scales}, 13), MAP)


@pytest.mark.parametrize("turned", [0, 1])
def test_a_dense_layer(turned: int) -> None:
    weight = numbers(5, 40) if turned else numbers(40, 5)
    nodes = [
        helper.make_node("Flatten", ["x"], ["f"]),
        helper.make_node("Gemm", ["f", "w", "b"], ["y"], transB=turned, alpha=1.0, beta=1.0),
    ]
    agree(model(nodes, (1, 4, 2, 5), {"w": weight, "b": numbers(5)}), (1, 4, 2, 5))


def test_shapes_of_an_open_size_are_computed() -> None:
    """Half the height, found by Shape, Gather, Div and Concat as exporters write it."""
    nodes = [
        helper.make_node("Shape", ["x"], ["s"]),
        helper.make_node("Gather", ["s", "two"], ["h"]),
        helper.make_node("Div", ["h", "half"], ["g"]),
        helper.make_node("Unsqueeze", ["g", "zero"], ["u"]),
        helper.make_node("Concat", ["begin", "u", "rest"], ["size"], axis=0),
        helper.make_node("Reshape", ["x", "size"], ["y"]),
    ]
    weights = {
        "two": np.array(2, dtype=np.int64), "half": np.array(2, dtype=np.int64),
        "zero": ints(0), "begin": ints(1, 8), "rest": ints(-1),
    }  # fmt: skip
    agree(model(nodes, ("n", 4, "h", "w"), weights), (1, 4, 6, 10))


def test_half_floats_run_as_floats() -> None:
    weight = numbers(6, 4, 3, 3).astype(np.float16)
    nodes = [
        helper.make_node("Cast", ["x"], ["h"], to=TensorProto.FLOAT16),
        helper.make_node("Conv", ["h", "w"], ["c"]),
        helper.make_node("Cast", ["c"], ["y"], to=TensorProto.FLOAT),
    ]
    image = numbers(*MAP, seed=9)
    with torch.no_grad():
        ours = OnnxModule(model(nodes, MAP, {"w": weight}))(torch.from_numpy(image))
    wanted = torch.nn.functional.conv2d(
        torch.from_numpy(image), torch.from_numpy(weight.astype(np.float32))
    )
    torch.testing.assert_close(ours, wanted)


@pytest.mark.parametrize(
    ("places", "batch"),
    [(ints(0, 3, 0, 1).reshape(2, 2), 0), (ints(1, 5, 2, 0, 0, 9).reshape(1, 2, 3), 1)],
)
def test_entries_at_places(places: Any, batch: int) -> None:
    node = helper.make_node("GatherND", ["x", "places"], ["y"], batch_dims=batch)
    agree(model([node], MAP, {"places": places}), MAP)


@pytest.mark.parametrize("scale", [np.ones(10, dtype="f"), numbers(10)])
def test_a_layer_norm_without_a_bias(scale: Any) -> None:
    node = helper.make_node("LayerNormalization", ["x", "scale"], ["y"], axis=-1)
    agree(model([node], MAP, {"scale": scale}), MAP)


def test_a_branch_by_a_known_condition_is_taken() -> None:
    def branch(name: str, operator: str) -> Any:
        node = helper.make_node(operator, ["x"], [f"of_{name}"])
        out = helper.make_tensor_value_info(f"of_{name}", TensorProto.FLOAT, None)
        return helper.make_graph([node], name, [], [out])

    nodes = [
        helper.make_node("Constant", [], ["yes"], value=tensor("", np.array(True))),
        helper.make_node("If", ["yes"], ["y"], then_branch=branch("then", "Neg"),
                         else_branch=branch("else", "Abs")),
    ]  # fmt: skip
    agree(model(nodes, MAP), MAP)


def test_what_hangs_on_the_picture_itself_is_refused() -> None:
    nodes = [
        helper.make_node("Cast", ["x"], ["s"], to=TensorProto.INT64),
        helper.make_node("Reshape", ["x", "s"], ["y"]),
    ]
    with pytest.raises(Refused) as refused:
        OnnxModule(model(nodes, (1, 4)))(torch.ones(1, 4))
    assert refused.value.answer["code"] == "onnx-value-unknown"
