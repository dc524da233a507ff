"""Computes everything that is known of a case, as a value that JSON can hold."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from analysis.arithmetic.case import Case
from analysis.arithmetic.case.relationships import relationships
from analysis.arithmetic.example.case_file import Exercise
from analysis.arithmetic.forms.backward import backward
from analysis.arithmetic.forms.counts import input_use_count, overlap_count
from analysis.arithmetic.forms.matrix import matrix
from analysis.arithmetic.forms.plan import Plan, plan
from analysis.arithmetic.forms.shifts import Values
from analysis.arithmetic.forms.values import compute
from analysis.faults import Fault

MOST_ENTRIES = 4096
"""A matrix with more entries, zeros counted, is answered without its values unless asked for."""
MOST_PRODUCTS, MOST_NUMBERS = 100_000_000, 2_000_000
"""What is answered takes a few seconds at most."""
BYTES_A_NUMBER = 150
"""A number as an array element, as a Python object and as text, while the answer is written."""


def bytes_needed(case: Case, *, whole_matrix: bool = False) -> int:
    """About how much memory the answer to a possible case takes."""
    numbers = _numbers(case)
    rows, columns = math.prod(case.output_shape), math.prod(case.input_shape)
    if whole_matrix or rows * columns <= MOST_ENTRIES:
        numbers += rows * columns
    narrow = case.in_size if case.kind == "transposed" else case.out_size
    pairs = max(n * k for n, k in zip(narrow, case.kernel, strict=True))
    return BYTES_A_NUMBER * numbers + 48 * pairs


def answer_fault(case: Case) -> Fault | None:
    """Why a possible case is not answered at once: too many products, or numbers to write.

    The matrix is not counted: it is left out where it is large.
    """
    products = plan(case).tap_count
    if products > MOST_PRODUCTS:
        return Fault("case-too-large", (products, MOST_PRODUCTS))
    numbers = _numbers(case)
    if numbers > MOST_NUMBERS:
        return Fault("answer-too-long", (numbers, MOST_NUMBERS))
    return None


def _numbers(case: Case) -> int:
    """How many numbers an answer holds: values and gradients of input, output and kernel."""
    shapes = [case.input_shape, case.output_shape]
    if case.kind != "pool":
        shapes.append(case.kernel_shape)
    return 2 * sum(math.prod(shape) for shape in shapes)


def answer(exercise: Exercise, *, whole_matrix: bool = False) -> dict[str, Any]:
    """Everything that is known of a case, as JSON has it; −∞ (an empty maximum) is null."""
    case, x, w = exercise.case, exercise.x, exercise.w
    steps = plan(case)
    gradients = backward(case, x, w, exercise.grad_output)
    found = relationships(case)
    numbers = [each.number for each in found]
    texts = list(dict.fromkeys(each.text() for each in found))
    kernel = None if w is None else _kernel_list(exercise, w)
    return {
        "output": list(case.out_size),
        "relationship": numbers[0] if len(set(numbers)) == 1 else numbers,
        "formula": "; ".join(texts),
        "steps": len(steps),
        "input_use_count": input_use_count(steps).tolist(),
        "overlap_count": overlap_count(steps).tolist() if case.kind == "transposed" else None,
        "input_values": _list(exercise, x),
        "kernel_values": kernel,
        "bias_values": None if exercise.b is None else exercise.b.tolist(),
        "output_values": _list(exercise, compute(case, x, w, exercise.b)),
        "matrix": _matrix(exercise, steps, whole_matrix),
        "backward": {
            "grad_output": _list(exercise, exercise.grad_output),
            "grad_input": _list(exercise, gradients.input),
            "grad_kernel": None
            if gradients.kernel is None
            else _kernel_list(exercise, gradients.kernel),
            "grad_bias": None if exercise.b is None else _plain(gradients.bias),
        },
    }


def _matrix(exercise: Exercise, steps: Plan, whole: bool) -> dict[str, Any]:
    case = exercise.case
    shape = [math.prod(case.output_shape), math.prod(case.input_shape)]
    described: dict[str, Any] = {"shape": shape, "nonzeros": steps.tap_count}
    if whole or shape[0] * shape[1] <= MOST_ENTRIES:
        described["values"] = _plain(matrix(steps).dense(exercise.x, exercise.w))
    return described


def _list(exercise: Exercise, values: Values) -> Any:
    return _plain(values if exercise.with_channels else values[0])


def _kernel_list(exercise: Exercise, weights: Values) -> Any:
    return _plain(weights if exercise.with_channels else weights[0, 0])


def _plain(values: Values | None) -> Any:
    assert values is not None
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        held = values.astype(object)
        held[~np.isfinite(values)] = None
        return held.tolist()
    return values.tolist()
