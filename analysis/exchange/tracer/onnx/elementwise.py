"""Arithmetic and named functions of ONNX in torch, unit by unit."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import reduce
from math import isclose
from typing import Any

from .call import Call, Function, shortest


def _torch(name: str) -> Function:
    def function(call: Call) -> Any:
        import torch

        return getattr(torch, name)(call.tensor())

    return function


def _functional(name: str, **attributes: float) -> Function:
    """A function of torch whose further arguments are attributes, in this order, with defaults."""

    def function(call: Call) -> Any:
        from torch.nn import functional

        values = [call.get(key, default) for key, default in attributes.items()]
        return getattr(functional, name)(call.tensor(), *values)

    return function


def _binary(name: str) -> Function:
    def function(call: Call) -> Any:
        import torch

        first, second = call.operand(0), call.operand(1)
        if not isinstance(first, torch.Tensor):
            if name in ("add", "mul"):
                first, second = second, first
            elif name == "sub":
                return first - second
            else:
                first = call.tensor(0)
        return getattr(torch, name)(first, second)

    return function


def power(call: Call) -> Any:
    """`Pow`."""
    import torch

    base, exponent = call.operand(0), call.operand(1)
    if exponent == 2 and isinstance(exponent, int | float):
        return torch.square(base)
    return torch.pow(base, exponent)


def _variadic(join: Callable[[Any, Any], Any], mean: bool = False) -> Function:
    def function(call: Call) -> Any:
        parts = [call.tensor(port) for port in range(len(call.operands))]
        total = reduce(join, parts)
        return total / len(parts) if mean else total

    return function


def _extreme(name: str) -> Callable[[Any, Any], Any]:
    def join(first: Any, second: Any) -> Any:
        import torch

        return getattr(torch, name)(first, second)

    return join


def clip(call: Call) -> Any:
    """`Clip`; a missing end is open."""
    low, high = _bound(call, "min", 1), _bound(call, "max", 2)
    image = call.tensor()
    if low is None and high is None:
        return image
    if low == 0 and high is None:
        return image.relu()
    return image.clamp(low, high)


def _bound(call: Call, name: str, port: int) -> Any:
    if name in call.attributes:
        return call.get(name)
    if not call.has(port):
        return None
    return shortest(call.value(port).item()) if call.is_known(port) else call.tensor(port)


def prelu(call: Call) -> Any:
    """`PRelu` with one slope, or one a channel."""
    import torch
    from torch.nn import functional

    image, slope = call.tensor(0), call.tensor(1)
    channels = image.shape[1] if image.dim() > 1 else 1
    axis = slope.dim() - (image.dim() - 1)
    by_channel = axis >= 0 and slope.numel() == slope.shape[axis] == channels
    if slope.numel() == 1 or by_channel:
        return functional.prelu(image, slope.reshape(-1))
    return torch.where(image < 0, image * slope, image)


def hard_sigmoid(call: Call) -> Any:
    """`HardSigmoid`: torch's own where its slope is a sixth."""
    from torch.nn import functional

    slope, shift = call.get("alpha", 0.2), call.get("beta", 0.5)
    if isclose(slope, 1 / 6, rel_tol=1e-5) and shift == 0.5:
        return functional.hardsigmoid(call.tensor())
    return (call.tensor() * slope + shift).clamp(0.0, 1.0)


def selu(call: Call) -> Any:
    """`Selu` with the constants of its paper, or others."""
    import torch
    from torch.nn import functional

    image = call.tensor()
    alpha, gamma = call.get("alpha", 1.67326319), call.get("gamma", 1.05070102)
    if isclose(alpha, 1.67326319, rel_tol=1e-5) and isclose(gamma, 1.05070102, rel_tol=1e-5):
        return functional.selu(image)
    return gamma * torch.where(image > 0, image, alpha * torch.expm1(image))


def gelu(call: Call) -> Any:
    """`Gelu`, exact or with a hyperbolic tangent."""
    from torch.nn import functional

    return functional.gelu(call.tensor(), approximate=str(call.get("approximate", "none")))


def swish(call: Call) -> Any:
    """`Swish`: x · sigmoid(alpha · x)."""
    from torch.nn import functional

    alpha, image = call.get("alpha", 1.0), call.tensor()
    return functional.silu(image) if alpha == 1 else image * (alpha * image).sigmoid()


def shrink(call: Call) -> Any:
    """`Shrink`: hard without a bias, soft where the bias is its threshold."""
    import torch
    from torch.nn import functional

    image, edge, bias = call.tensor(), call.get("lambd", 0.5), call.get("bias", 0.0)
    if bias == 0:
        return functional.hardshrink(image, edge)
    if bias == edge:
        return functional.softshrink(image, edge)
    above = torch.where(image > edge, image - bias, torch.zeros_like(image))
    return torch.where(image < -edge, image + bias, above)


def thresholded(call: Call) -> Any:
    """`ThresholdedRelu`."""
    from torch.nn import functional

    return functional.threshold(call.tensor(), call.get("alpha", 1.0), 0.0)


def _softmax(name: str) -> Function:
    def function(call: Call) -> Any:
        from torch.nn import functional

        image = call.tensor()
        if call.version >= 13:
            return getattr(functional, name)(image, int(call.get("axis", -1)))
        axis = int(call.get("axis", 1)) % image.dim()
        if axis == image.dim() - 1 or all(n == 1 for n in image.shape[axis + 1 :]):
            return getattr(functional, name)(image, axis)
        flat = image.flatten(axis)  # until opset 12 all axes from this one on are one
        return getattr(functional, name)(flat, -1).reshape(image.shape)

    return function


def where(call: Call) -> Any:
    """`Where`."""
    import torch

    return torch.where(call.tensor(0), call.operand(1), call.operand(2))


def modulo(call: Call) -> Any:
    """`Mod`, with the sign of the divisor or (`fmod`) of the dividend."""
    import torch

    function = torch.fmod if call.get("fmod", 0) else torch.remainder
    return function(call.tensor(0), call.operand(1))


ELEMENTWISE: Mapping[str, Function] = {
    **{ours: _torch(theirs) for ours, theirs in {
        "Abs": "abs", "Neg": "neg", "Exp": "exp", "Log": "log", "Sqrt": "sqrt", "Sin": "sin",
        "Cos": "cos", "Tan": "tan", "Asin": "asin", "Acos": "acos", "Atan": "atan",
        "Sinh": "sinh", "Cosh": "cosh", "Asinh": "asinh", "Acosh": "acosh", "Atanh": "atanh",
        "Erf": "erf", "Ceil": "ceil", "Floor": "floor", "Round": "round", "Sign": "sign",
        "Reciprocal": "reciprocal", "Relu": "relu", "Sigmoid": "sigmoid", "Tanh": "tanh",
        "Not": "logical_not", "IsNaN": "isnan",
    }.items()},
    "Softplus": _functional("softplus"),
    "Softsign": _functional("softsign"),
    "HardSwish": _functional("hardswish"),
    "Mish": _functional("mish"),
    "Elu": _functional("elu", alpha=1.0),
    "Celu": _functional("celu", alpha=1.0),
    "LeakyRelu": _functional("leaky_relu", alpha=0.01),
    "HardSigmoid": hard_sigmoid,
    "Selu": selu,
    "Gelu": gelu,
    "Swish": swish,
    "Shrink": shrink,
    "ThresholdedRelu": thresholded,
    "PRelu": prelu,
    "Clip": clip,
    "Softmax": _softmax("softmax"),
    "LogSoftmax": _softmax("log_softmax"),
    **{ours: _binary(theirs) for ours, theirs in {
        "Add": "add", "Sub": "sub", "Mul": "mul", "Div": "div", "And": "logical_and",
        "Or": "logical_or", "Xor": "logical_xor", "Equal": "eq", "Greater": "gt", "Less": "lt",
        "GreaterOrEqual": "ge", "LessOrEqual": "le",
    }.items()},
    "Pow": power,
    "Mod": modulo,
    "Where": where,
    "Sum": _variadic(operator.add),
    "Mean": _variadic(operator.add, mean=True),
    "Max": _variadic(_extreme("maximum")),
    "Min": _variadic(_extreme("minimum")),
}  # fmt: skip
