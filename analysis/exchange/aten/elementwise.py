"""Readers of the calls that treat every unit by itself: arithmetic and named functions."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Literal

from analysis.exchange.aten.call import Found, Reader, Reading
from analysis.exchange.recorded import Foreign, node_of
from analysis.operators import (
    Add,
    Divide,
    GaussianSample,
    LeakyReLU,
    Multiply,
    ParameterArithmetic,
    PiecewiseFunction,
    ScalarArithmetic,
    SmoothFunction,
    Subtract,
    Upsample,
)
from analysis.operators.contract import Operator
from analysis.operators.joining import MEAN_ALONE

Function = Literal["add", "subtract", "multiply", "divide"]

_JOINS: Mapping[Function, Operator] = {
    "add": Add(),
    "subtract": Subtract(),
    "multiply": Multiply(),
    "divide": Divide(),
}
EXPANDS = ("expand", "expand_as")


def number(value: object) -> float:
    """A finite plain number. Raises Foreign."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise Foreign
    return float(value)


# ---------------------------------------------------------------------------- arithmetic


def arithmetic_reader(function: Function) -> Reader:
    """The reader of `a + b` and the like of two maps, or of a map and a number or a weight."""

    def reader(reading: Reading) -> Found:
        if reading.get("rounding_mode") is not None:
            raise Foreign
        alpha = number(reading.get("alpha", 1))
        first, second = node_of(reading.get("self")), node_of(reading.get("other"))
        if second is None:
            return _with_number(function, reading, alpha * number(reading.get("other")))
        if function == "add" and alpha == MEAN_ALONE and first is not None:
            unread = _read_for_zeros(second, reading)
            if unread is not None and first not in reading.recording.tensors:
                return Found(GaussianSample(), (first, unread))
        if alpha != 1 or first is None:
            raise Foreign
        weights = reading.recording.tensors
        if second in weights:
            return _with_weight(function, reading.data("self"), second, reading)
        if first in weights:
            if function == "divide":
                raise Foreign
            turned = "subtract_from" if function == "subtract" else function
            return _with_weight(turned, second, first, reading)
        return _joined(_JOINS[function], (first, second), reading)

    return reader


def _read_for_zeros(name: str, reading: Reading) -> str | None:
    """What a tensor of zeros was made as large as: what a mean without a draw adds to itself.

    It does so by the half that is the share of ln σ² in ln σ, which tells it from any other sum.
    """
    call = reading.made_by(name)
    if call is None or call.packet != "zeros_like":
        return None
    source, values = node_of(call.get("self")), reading.recording.values
    if source is None or source in reading.recording.tensors:
        return None
    given, result = values.get(source), reading.call.values[0]
    return source if given and result and given.shape == result.shape else None


def _with_number(function: Function, reading: Reading, value: float) -> Found:
    if not isfinite(value) or (function in ("multiply", "divide") and value == 0):
        raise Foreign
    return Found(ScalarArithmetic(function, value), (reading.data(),))


def _with_weight(
    function: Literal["add", "subtract", "subtract_from", "multiply", "divide"],
    source: str,
    weight: str,
    reading: Reading,
) -> Found:
    value = reading.recording.tensors[weight][1]
    if value.dtype != "float32":
        raise Foreign
    operator = ParameterArithmetic(function, value.shape, weight not in reading.recording.held)
    return Found(operator, (source,), {"weight": weight})


def _joined(operator: Operator, sources: tuple[str, ...], reading: Reading) -> Found:
    """The join; where an input was only expanded to the size of the other, of what it was."""
    narrow = tuple(_unexpanded(source, reading) for source in sources)
    shapes = [reading.recording.values[name] for name in narrow]
    result = reading.call.values[0]
    if result is not None and all(shapes):
        small = [value.shape[1:] for value in shapes if value is not None]
        if operator.shape(small) == result.shape[1:]:
            return Found(operator, narrow)
    return Found(operator, sources)


def _unexpanded(name: str, reading: Reading) -> str:
    while (call := reading.made_by(name)) is not None and call.packet in EXPANDS:
        source = node_of(call.get("self"))
        if source is None or source in reading.recording.tensors:
            break
        name = source
    return name


def read_reversed_subtraction(reading: Reading) -> Found:
    """`number - x`."""
    if reading.get("alpha", 1) != 1:
        raise Foreign
    operator = ScalarArithmetic("subtract_from", number(reading.get("other")))
    return Found(operator, (reading.data(),))


def read_negation(reading: Reading) -> Found:
    """`-x`, which is −1 times x."""
    return Found(ScalarArithmetic("multiply", -1.0), (reading.data(),))


def read_expansion(reading: Reading) -> Found:
    """A map of one pixel an axis laid out over a larger one: what nearest up-sampling does."""
    before, result = reading.value().shape, reading.call.values[0]
    if result is None or len(before) != len(result.shape) or before[:2] != result.shape[:2]:
        raise Foreign
    if not 3 <= len(before) <= 5:
        raise Foreign
    return Found(Upsample(None, "nearest", size=result.shape[2:]), (reading.data(),))


# ----------------------------------------------------------------------- named functions


def piecewise_reader(function: str, **operands: float | None) -> Reader:
    """The reader of a piecewise linear function: `operands` are its arguments and defaults."""

    def reader(reading: Reading) -> Found:
        return Found(PiecewiseFunction(function, _numbers(reading, operands)), (reading.data(),))

    return reader


def smooth_reader(function: str, **operands: float | None) -> Reader:
    """The reader of a smooth function: `operands` are its arguments and their defaults."""

    def reader(reading: Reading) -> Found:
        return Found(SmoothFunction(function, _numbers(reading, operands)), (reading.data(),))

    return reader


def _numbers(reading: Reading, operands: Mapping[str, float | None]) -> tuple[float, ...]:
    return tuple(number(reading.get(name, default)) for name, default in operands.items())


def clamp_reader(low_name: str, high_name: str) -> Reader:
    """The reader of a clamp to the arguments of these names, either of which may be missing."""

    def reader(reading: Reading) -> Found:
        low, high = reading.get(low_name), reading.get(high_name)
        if high is None:
            operator = PiecewiseFunction("clamp_min", (number(low),))
        elif low is None:
            operator = PiecewiseFunction("clamp_max", (number(high),))
        elif number(low) < number(high):
            operator = PiecewiseFunction("clamp", (number(low), number(high)))
        else:
            raise Foreign
        return Found(operator, (reading.data(),))

    return reader


def read_hardtanh(reading: Reading) -> Found:
    """A clamp to −1 … 1 unless it says otherwise."""
    low, high = number(reading.get("min_val", -1)), number(reading.get("max_val", 1))
    return Found(PiecewiseFunction("clamp", (low, high)), (reading.data(),))


def read_relu6(reading: Reading) -> Found:
    """A clamp to 0 … 6."""
    return Found(PiecewiseFunction("clamp", (0.0, 6.0)), (reading.data(),))


def read_power(reading: Reading) -> Found:
    """`x ** number`; the power 0 reads nothing."""
    exponent = number(reading.get("exponent"))
    if exponent == 0:
        raise Foreign
    return Found(SmoothFunction("pow", (exponent,)), (reading.data(),))


def read_random_relu(reading: Reading) -> Found:
    """Outside training it is a leaky ReLU with the mean of its slopes."""
    if reading.get("training", False):
        raise Foreign
    lower, upper = number(reading.get("lower", 1 / 8)), number(reading.get("upper", 1 / 3))
    return Found(LeakyReLU((lower + upper) / 2), (reading.data(),))


ELEMENTWISE: Mapping[str, Reader] = {
    "add": arithmetic_reader("add"),
    "sub": arithmetic_reader("subtract"),
    "mul": arithmetic_reader("multiply"),
    "div": arithmetic_reader("divide"),
    "rsub": read_reversed_subtraction,
    "neg": read_negation,
    **dict.fromkeys(EXPANDS, read_expansion),
    "clamp": clamp_reader("min", "max"),
    "clamp_min": clamp_reader("min", ""),
    "clamp_max": clamp_reader("", "max"),
    "hardtanh": read_hardtanh,
    "relu6": read_relu6,
    "hardshrink": piecewise_reader("hardshrink", lambd=0.5),
    "softshrink": piecewise_reader("softshrink", lambd=0.5),
    "threshold": piecewise_reader("threshold", threshold=None, value=None),
    **{name: piecewise_reader(name) for name in ("abs", "hardsigmoid")},
    "pow": read_power,
    "softplus": smooth_reader("softplus", beta=1.0, threshold=20.0),
    "celu": smooth_reader("celu", alpha=1.0),
    "rrelu": read_random_relu,
    **{
        name: smooth_reader(name)
        for name in (
            *("exp", "expm1", "log", "log1p", "sqrt", "rsqrt", "square", "reciprocal"),
            *("sin", "cos", "erf", "hardswish", "mish", "selu", "log_sigmoid"),
        )
    },
}
"""By the packet of the call."""
