"""Reads products and softmaxes of tensors that are no feature maps, such as tokens and scores."""

from __future__ import annotations

import string

from analysis.exchange.aten.call import Found, Reading
from analysis.exchange.recorded import node_of
from analysis.operators import AxisSoftmax, TensorProduct
from analysis.operators.contract import Operator, Shape
from analysis.operators.given import own_shape


def read_of_tokens(reading: Reading) -> Found | None:
    """The operator of such a call; None where it is none, or one operand is a weight."""
    match reading.call.packet:
        case "matmul" | "bmm":
            return _product(reading, _of_matrices(reading))
        case "einsum":
            return _product(reading, str(reading.get("equation", "")).replace(" ", ""))
        case "softmax" | "_softmax":
            return _softmax(reading)
    return None


def _of_matrices(reading: Reading) -> str:
    """Rows by columns, one pair of matrices beside the other."""
    value = reading.call.values[0]
    rank = len(value.shape) if value is not None else 0
    if rank < 3:
        return ""
    outer = string.ascii_lowercase[: rank - 2]
    return f"{outer}xy,{outer}yz->{outer}xz"


def _product(reading: Reading, equation: str) -> Found | None:
    sources = reading.call.sources()
    sides, _, result = equation.partition("->")
    parts = [*sides.split(","), result]
    if all(part.startswith("...") for part in parts):  # of one more axis: the batch's
        unused = next(each for each in string.ascii_lowercase if each not in equation)
        parts = [part.replace("...", unused) for part in parts]
    if len(sources) != 2 or len(parts) != 3 or not all(part.isalpha() for part in parts):
        return None
    shapes = [_shape(reading, name) for name in (*sources, reading.call.name)]
    if any(
        shape is None or len(shape) != len(part) for shape, part in zip(shapes, parts, strict=True)
    ):
        return None
    full = [shape for shape in shapes if shape is not None]
    if len({part[0] for part in parts}) > 1:
        return None
    if all(shape[0] == 1 for shape in full):
        parts = [part[1:] for part in parts]
    return _checked(TensorProduct(_renamed("{},{}->{}".format(*parts))), tuple(sources), full)


def _renamed(equation: str) -> str:
    """With the letters in the order of the alphabet, so that equal products are equal."""
    letters = dict.fromkeys(each for each in equation if each.isalpha())
    names = dict(zip(letters, string.ascii_lowercase, strict=False))
    return "".join(names.get(each, each) for each in equation)


def _softmax(reading: Reading) -> Found | None:
    source = node_of(reading.get("self")) or ""
    shape = _shape(reading, source)
    if not shape or reading.get("dtype") is not None:  # of one number alone there is no axis
        return None
    axis = len(shape) - reading.get("dim") % len(shape)
    return _checked(AxisSoftmax(axis), (source,), [shape, shape])


def _checked(operator: Operator, sources: tuple[str, ...], full: list[Shape]) -> Found | None:
    """The operator where it gives the shape that was recorded last."""
    *given, result = map(own_shape, full)
    return Found(operator, sources) if operator.shape(given) == result else None


def _shape(reading: Reading, name: str) -> Shape | None:
    """The full shape of a computed tensor of 32-bit floats."""
    value = reading.recording.values.get(name)
    known = name not in reading.recording.tensors and name not in reading.recording.given
    return value.shape if known and value is not None and value.dtype == "float32" else None
