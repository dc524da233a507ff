"""Makes small ONNX models for the tests."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 17


def tensor(name: str, array: Any) -> onnx.TensorProto:
    return numpy_helper.from_array(np.asarray(array), name)


def model(
    nodes: list[onnx.NodeProto],
    shape: tuple[int | str, ...],
    weights: dict[str, Any] | None = None,
    opset: int = OPSET,
    outputs: tuple[str, ...] = ("y",),
    **kinds: int,
) -> onnx.ModelProto:
    """A model from `x` (batch first) to `outputs`."""
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [
            helper.make_tensor_value_info(name, kinds.get(name, TensorProto.FLOAT), None)
            for name in outputs
        ],
        [tensor(name, array) for name, array in (weights or {}).items()],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    made.ir_version = 8
    return made


def numbers(*shape: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def unet(opset: int = OPSET) -> onnx.ModelProto:
    """Two levels as torch names them: encoder, pool, up, skip, decoder; any height and width."""
    node = helper.make_node
    weights: dict[str, Any] = {
        "enc.conv.weight": numbers(8, 3, 3, 3) / 5,
        "enc.conv.bias": numbers(8),
        "enc.norm.weight": np.abs(numbers(8)) + 0.5,
        "enc.norm.bias": numbers(8, seed=1),
        "enc.norm.running_mean": numbers(8, seed=2),
        "enc.norm.running_var": np.abs(numbers(8, seed=3)) + 0.5,
        "mid.conv.weight": numbers(16, 8, 3, 3) / 8,
        "up.weight": numbers(16, 8, 2, 2) / 4,
        "dec.conv.weight": numbers(4, 16, 3, 3) / 12,
        "head.weight": numbers(2, 4, 1, 1),
        "head.bias": numbers(2),
        "start": np.array([2], dtype=np.int64),
        "end": np.array([4], dtype=np.int64),
    }
    norm = [f"enc.norm.{name}" for name in ("weight", "bias", "running_mean", "running_var")]
    pads = {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}
    nodes = [
        node("Conv", ["x", "enc.conv.weight", "enc.conv.bias"], ["a"], "/enc/conv/Conv", **pads),
        node("BatchNormalization", ["a", *norm], ["b"], "/enc/norm/BatchNormalization"),
        node("Relu", ["b"], ["skip"], "/enc/act/Relu"),
        node("MaxPool", ["skip"], ["p"], "/pool/MaxPool", kernel_shape=[2, 2], strides=[2, 2]),
        node("Conv", ["p", "mid.conv.weight"], ["m"], "/mid/conv/Conv", **pads),
        node("LeakyRelu", ["m"], ["l"], "/mid/act/LeakyRelu", alpha=0.1),
        node("ConvTranspose", ["l", "up.weight"], ["u"], "/up/ConvTranspose",
             kernel_shape=[2, 2], strides=[2, 2]),
        node("Shape", ["skip"], ["s"], "/Shape"),
        node("Slice", ["s", "start", "end"], ["hw"], "/Slice"),
        node("Shape", ["u"], ["us"], "/Shape_1"),
        node("Constant", [], ["zero"], value=tensor("", np.array([0], dtype=np.int64))),
        node("Constant", [], ["two"], value=tensor("", np.array([2], dtype=np.int64))),
        node("Slice", ["us", "zero", "two"], ["nc"], "/Slice_1"),
        node("Concat", ["nc", "hw"], ["size"], "/Concat_1", axis=0),
        node("Resize", ["u", "", "", "size"], ["r"], "/Resize", mode="linear"),
        node("Concat", ["skip", "r"], ["c"], "/Concat", axis=1),
        node("Conv", ["c", "dec.conv.weight"], ["d"], "/dec/conv/Conv", **pads),
        node("Sigmoid", ["d"], ["e"], "/dec/act/Sigmoid"),
        node("Conv", ["e", "head.weight", "head.bias"], ["y"], "/head/Conv", kernel_shape=[1, 1]),
    ]  # fmt: skip
    return model(nodes, ("n", 3, "h", "w"), weights, opset)
