"""Activations, arithmetic and named functions as ONNX nodes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

from analysis import operators as ops
from analysis.exchange.onnx_file.layer import Layer, NoForm, Writer


def _plain(name: str, **attributes: Any) -> Writer:
    """One node without tensors; a text attribute names the setting that it takes."""

    def writer(layer: Layer, operator: Any) -> str:
        given = {key: getattr(operator, value) if isinstance(value, str) else value
                 for key, value in attributes.items()}  # fmt: skip
        return layer.add(name, layer.inputs[0], **given)

    return writer


def prelu(layer: Layer, operator: ops.PReLU) -> str:
    """`PRelu`, whose slope stands along the channels."""
    slope = layer.tensors["weight"]
    if operator.per_channel and layer.axes:
        slope = layer.add("Unsqueeze", slope, layer.ints(*range(1, layer.axes + 1)))
    return layer.add("PRelu", layer.inputs[0], slope)


def silu(layer: Layer, operator: ops.SiLU) -> str:
    """x · sigmoid(x)."""
    return layer.add("Mul", layer.inputs[0], layer.add("Sigmoid", layer.inputs[0]))


def glu(layer: Layer, operator: ops.GLU) -> str:
    """The first half of the channels times the sigmoid of the second."""
    half = layer.shape[0]
    axis = layer.ints(1)
    first = layer.add("Slice", layer.inputs[0], layer.ints(0), layer.ints(half), axis)
    second = layer.add("Slice", layer.inputs[0], layer.ints(half), layer.ints(2 * half), axis)
    return layer.add("Mul", first, layer.add("Sigmoid", second))


def same(layer: Layer, operator: Any) -> str:
    """`Identity`: a dropout outside training, or what is only named."""
    return layer.add("Identity", layer.inputs[0])


_ARITHMETIC = {"add": "Add", "subtract": "Sub", "subtract_from": "Sub", "multiply": "Mul",
               "divide": "Div"}  # fmt: skip


def _arithmetic(layer: Layer, function: str, by: str) -> str:
    pair = (by, layer.inputs[0]) if function == "subtract_from" else (layer.inputs[0], by)
    return layer.add(_ARITHMETIC[function], *pair)


def scalar(layer: Layer, operator: ops.ScalarArithmetic) -> str:
    """Arithmetic with a number."""
    return _arithmetic(layer, operator.function, layer.number(operator.value))


def parameter(layer: Layer, operator: ops.ParameterArithmetic) -> str:
    """Arithmetic with a tensor, which may have to be laid out as the map is."""
    weight = layer.tensors["weight"]
    if operator.to:
        if operator.order:  # a single number has no axes to turn
            weight = layer.add("Reshape", weight, layer.ints(*operator.factors))
            weight = layer.add("Transpose", weight, perm=list(operator.order))
        weight = layer.add("Reshape", weight, layer.ints(*operator.to))
    return _arithmetic(layer, operator.function, weight)


def _join(name: str) -> Writer:
    def writer(layer: Layer, operator: Any) -> str:
        first, *rest = layer.inputs
        return reduce(lambda left, right: layer.add(name, left, right), rest, first)

    return writer


def concatenate(layer: Layer, operator: ops.Concatenate) -> str:
    """`Concat` of channels."""
    return layer.add("Concat", *layer.inputs, axis=1)


def sample(layer: Layer, operator: ops.GaussianSample) -> str:
    """The mean, which is what is given outside training."""
    if operator.draw or layer.shapes[0] != layer.shapes[1]:
        raise NoForm
    return layer.add("Identity", layer.inputs[0])


def piecewise(layer: Layer, operator: ops.PiecewiseFunction) -> str:
    """A function of straight pieces."""
    source, values = layer.inputs[0], operator.operands
    match operator.function:
        case "clamp":
            return layer.add("Clip", source, *map(layer.number, values))
        case "clamp_min":
            return layer.add("Clip", source, layer.number(values[0]))
        case "clamp_max":
            return layer.add("Clip", source, "", layer.number(values[0]))
        case "abs":
            return layer.add("Abs", source)
        case "hardsigmoid":
            return layer.add("HardSigmoid", source, alpha=1 / 6, beta=0.5)
        case "hardshrink":
            return layer.add("Shrink", source, lambd=values[0], bias=0.0)
        case "softshrink":
            return layer.add("Shrink", source, lambd=values[0], bias=values[0])
    above = layer.add("Greater", source, layer.number(values[0]))
    return layer.add("Where", above, source, layer.number(values[1]))


_SMOOTH = {"exp": "Exp", "log": "Log", "sqrt": "Sqrt", "reciprocal": "Reciprocal", "sin": "Sin",
           "cos": "Cos", "erf": "Erf", "hardswish": "HardSwish", "mish": "Mish",
           "selu": "Selu"}  # fmt: skip


def smooth(layer: Layer, operator: ops.SmoothFunction) -> str:
    """A curved function."""
    source, values = layer.inputs[0], operator.operands
    if operator.function in _SMOOTH:
        return layer.add(_SMOOTH[operator.function], source)
    match operator.function:
        case "pow":
            return layer.add("Pow", source, layer.number(values[0]))
        case "square":
            return layer.add("Pow", source, layer.number(2.0))
        case "expm1":
            return layer.add("Sub", layer.add("Exp", source), layer.number(1.0))
        case "log1p":
            return layer.add("Log", layer.add("Add", source, layer.number(1.0)))
        case "rsqrt":
            return layer.add("Reciprocal", layer.add("Sqrt", source))
        case "celu":
            return layer.add("Celu", source, alpha=values[0])
        case "log_sigmoid":
            return layer.add("Neg", layer.add("Softplus", layer.add("Neg", source)))
        case "softplus":
            return _softplus(layer, source, *values)
    raise NoForm


def _softplus(layer: Layer, source: str, beta: float, threshold: float) -> str:
    """ln(1 + e^(βx)) / β, and x itself where βx is above the threshold."""
    if beta == 1 and threshold >= 20:
        return layer.add("Softplus", source)
    scaled = layer.add("Mul", source, layer.number(beta))
    curved = layer.add("Div", layer.add("Softplus", scaled), layer.number(beta))
    above = layer.add("Greater", scaled, layer.number(threshold))
    return layer.add("Where", above, source, curved)


def gelu(layer: Layer, operator: ops.GELU) -> str:
    """`Gelu`."""
    return layer.add("Gelu", layer.inputs[0], approximate=operator.approximate)


FUNCTIONS: Mapping[type, Writer] = {
    ops.ReLU: _plain("Relu"),
    ops.LeakyReLU: _plain("LeakyRelu", alpha="slope"),
    ops.PReLU: prelu,
    ops.ELU: _plain("Elu", alpha="alpha"),
    ops.SiLU: silu,
    ops.GELU: gelu,
    ops.GLU: glu,
    ops.Sigmoid: _plain("Sigmoid"),
    ops.Tanh: _plain("Tanh"),
    ops.Softmax: _plain("Softmax", axis=1),
    ops.LogSoftmax: _plain("LogSoftmax", axis=1),
    ops.Dropout: same,
    ops.Identity: same,
    ops.ScalarArithmetic: scalar,
    ops.ParameterArithmetic: parameter,
    ops.PiecewiseFunction: piecewise,
    ops.SmoothFunction: smooth,
    ops.Concatenate: concatenate,
    ops.Add: _join("Add"),
    ops.Subtract: _join("Sub"),
    ops.Multiply: _join("Mul"),
    ops.Divide: _join("Div"),
    ops.GaussianSample: sample,
}
