"""Arithmetic of plain numbers in a line, that can neither take for ever nor fill the memory."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from analysis.tensor_pad.expression import Span
from analysis.tensor_pad.limits import LARGEST_NUMBER
from analysis.tensor_pad.refusal import refuse

OPERATIONS: dict[str, Callable[..., Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
    "//": operator.floordiv, "%": operator.mod, "**": operator.pow, "@": operator.matmul,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
"""By sign; torch's tensors take them too."""
UNARY: dict[str, Callable[..., Any]] = {"-": operator.neg, "+": operator.pos}


def number_operation(sign: str, operands: tuple[int | float, ...], span: Span) -> int | float:
    """One or two numbers put together. Raises Refused."""
    if len(operands) == 1:
        return _known(UNARY[sign](operands[0]), span)
    left, right = operands
    if sign == "@":
        raise refuse(span, "pad-numbers-matmul")
    if sign in ("/", "//", "%") and right == 0:
        raise refuse(span, "pad-division-by-zero")
    if sign == "**":
        return _known(_power(left, right, span), span)
    return _known(OPERATIONS[sign](left, right), span)


def _power(base: float, exponent: float, span: Span) -> Any:
    if base == 0 and exponent < 0:
        raise refuse(span, "pad-division-by-zero")
    if abs(base) > 1 and exponent * math.log2(abs(base)) > 63:
        raise refuse(span, "pad-number-too-large")
    if abs(base) <= 1 and isinstance(base, int) and isinstance(exponent, int) and exponent >= 0:
        return base ** (2 - exponent % 2 if exponent else 0)
    return base**exponent


def _known(value: Any, span: Span) -> int | float:
    if isinstance(value, complex):
        raise refuse(span, "pad-complex")
    if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
        raise refuse(span, "pad-number-too-large")
    assert isinstance(value, int | float)
    return value
