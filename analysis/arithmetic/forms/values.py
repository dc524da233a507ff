"""Computes a case's output, and writes out the sum of a single step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from analysis.arithmetic.case import Case
from analysis.arithmetic.forms.plan import Cell, Plan, Step, Tap
from analysis.arithmetic.forms.pooling import divisors, pooled
from analysis.arithmetic.forms.shifts import Values, gather, scatter

Number = int | float
_SAFE = 1 << 62


def as_values(numbers: object, shape: Sequence[int]) -> Values:
    """Nested lists (or an array) as an array of that shape: int64 where all are whole, else float.

    Whole numbers past 64 bits stay exact Python integers. Leading axes of length 1 (channels) may
    be left out.

    Raises:
        ValueError: ragged, of another shape, or not numbers.
    """
    array = np.asarray(numbers)
    if array.dtype.kind == "O":
        kinds = {type(each) for each in array.flat}
        if not kinds <= {int, float}:
            raise ValueError("not numbers")
        array = array if kinds == {int} else array.astype(np.float64)
    elif array.dtype.kind not in "iuf":
        raise ValueError("not numbers")
    if array.dtype.kind == "u":
        array = array.astype(object)
    elif array.dtype.kind in "if":
        array = array.astype(np.int64 if array.dtype.kind == "i" else np.float64)
    wanted = tuple(shape)
    missing = len(wanted) - array.ndim
    if missing < 0 or array.shape != wanted[missing:] or math.prod(wanted[:missing]) != 1:
        raise ValueError(f"{array.shape} is not {wanted}")
    return array.reshape(wanted)


def compute(case: Case, x: Values, w: Values | None = None, b: Values | None = None) -> Values:
    """The output y of a possible case.

    Args:
        x: (C, *in_size). w: `Case.kernel_shape` (not for pooling). b: (out channels,), or None.

    Returns:
        (C, *out_size). Whole numbers stay whole and are exact, past 64 bits as Python integers;
        averages are floats.
    """
    if case.kind == "pool":
        return pooled(case, x)
    assert w is not None, "a convolution needs weights"
    x, w = exact(case, x, w)
    y = scatter(case, x, w) if case.kind == "transposed" else gather(case, x, w)
    if b is None:
        return y
    if b.dtype.kind in "iO" and _peak(b) >= _SAFE // 2:
        b = b.astype(object)
    return np.asarray(y + b.reshape(-1, *[1] * case.rank))


def exact(case: Case, left: Values, right: Values) -> tuple[Values, Values]:
    """Both factors of a case's products: as Python integers where 64 bits might overflow."""
    if left.dtype.kind == "f" or right.dtype.kind == "f":
        return left.astype(np.float64), right.astype(np.float64)
    cells = max(*case.out_size, *case.in_size, *case.kernel) ** case.rank
    most = _peak(left) * _peak(right) * cells * max(case.channels)
    return (left, right) if most < _SAFE else (left.astype(object), right.astype(object))


def _peak(values: Values) -> int:
    return max(abs(int(values.max())), abs(int(values.min()))) if values.size else 0


# ------------------------------------------------------------------- one step, written out


@dataclass(frozen=True, slots=True)
class Term:
    """One product of a step, and the running sum (of max pooling: maximum) after it."""

    tap: Tap
    weight: Number
    value: Number
    product: Number
    running: Number


@dataclass(frozen=True, slots=True)
class WrittenOut:
    """A step as it is written: its terms in order, what is added or divided by, the result.

    `operation`: "sum" (terms are weight · value, then + bias), "max" (terms are values) or
    "average" (terms are values, then ÷ divisor). A maximum with no term is −∞.
    """

    operation: Literal["sum", "max", "average"]
    terms: tuple[Term, ...]
    bias: Number | None
    divisor: int | None
    result: Number


def written_out(
    plan: Plan, step: Step, x: Values, w: Values | None = None, b: Values | None = None
) -> WrittenOut:
    """The sum (or maximum) of one output step, term by term with running results."""
    if plan.case.kind == "pool":
        return _written_pooling(plan.case, step, x)
    assert w is not None, "a convolution needs weights"
    running: Number = 0
    terms = []
    for tap in step.taps:
        weight = number(w[plan.weight_place(tap)])
        value = number(x[(tap.input_channel, *tap.input)])
        running = running + weight * value
        terms.append(Term(tap, weight, value, weight * value, running))
    bias = None if b is None else number(b[step.channel])
    return WrittenOut("sum", tuple(terms), bias, None, running + (bias or 0))


def _written_pooling(case: Case, step: Step, x: Values) -> WrittenOut:
    terms: list[Term] = []
    for tap in step.taps:
        value = number(x[(tap.input_channel, *tap.input)])
        before = terms[-1].running if terms else None
        if case.mode == "average":
            running = value + (before or 0)
        else:
            running = value if before is None else max(before, value)
        terms.append(Term(tap, 1, value, value, running))
    if case.mode == "max":
        most = terms[-1].running if terms else -np.inf
        return WrittenOut("max", tuple(terms), None, None, most)
    divisor = int(divisors(case)[step.cell])
    total = terms[-1].running if terms else 0
    return WrittenOut("average", tuple(terms), None, divisor, total / divisor)


def number(value: Any) -> Number:
    """An array's element as a plain number."""
    return int(value) if isinstance(value, int | np.integer) else float(value)


def place_text(cell: Cell) -> str:
    """Indices as a symbol has them: 02, or 0,12 where one has two digits."""
    return ("," if max(cell, default=0) > 9 else "").join(map(str, cell))
