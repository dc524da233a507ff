"""Reads the example of the arithmetic: its settings, sizes, matrix, values and gradients."""

from __future__ import annotations

import math
from collections.abc import Callable

from analysis.arithmetic import Values, backward, check, compute, plan
from analysis.arithmetic.example import Example
from analysis.arithmetic.forms.counts import phase_counts
from analysis.lessons.readings.contract import LessonState, ReadingRow, Value


def example_of(state: LessonState) -> Example:
    """The document's example, or the one that everybody starts with."""
    return state.document.arithmetic or Example.first()


def possible(state: LessonState) -> Example | None:
    """The example where it can be computed."""
    example = example_of(state)
    return example if check(example.case) is None else None


def _setting(name: str) -> ReadingRow:
    field = {"input": "in_size"}.get(name, name.replace("-", "_"))

    def read(state: LessonState) -> Value:
        value = getattr(example_of(state).case, field)
        return float(value[-1]) if isinstance(value, tuple) else str(value)

    return ReadingRow(name, 0, read)


def _output(state: LessonState) -> Value:
    found = possible(state)
    return None if found is None else float(found.case.out_size[-1])


def _extent(state: LessonState) -> Value:
    return float(example_of(state).case.extent[-1])


def _cells(side: str) -> Callable[[LessonState], Value]:
    """The rows or the columns of the matrix: cells of the output or of the input."""

    def read(state: LessonState) -> Value:
        found = possible(state)
        return None if found is None else float(math.prod(getattr(found.case, side)))

    return read


def _weights(state: LessonState) -> Value:
    """How many different numbers the matrix is made of: the kernel's."""
    return float(math.prod(example_of(state).case.kernel))


def _nonzeros(state: LessonState) -> Value:
    found = possible(state)
    return None if found is None else float(plan(found.case).tap_count)


def _writes(pick: Callable[[tuple[int, ...]], int]) -> Callable[[LessonState], Value]:
    """How often a cell of a transposed convolution's output is written, far from the border."""

    def read(state: LessonState) -> Value:
        found = possible(state)
        if found is None or found.case.kind != "transposed":
            return None
        case = found.case
        return float(math.prod(pick(phase_counts(case, axis)) for axis in range(case.rank)))

    return read


def _cell(values: Values, *place: str) -> Value:
    try:
        return float(values[(0, *map(int, place))])
    except (IndexError, ValueError):
        return None


def _output_cell(state: LessonState, y: str, x: str) -> Value:
    found = possible(state)
    if found is None:
        return None
    return _cell(compute(found.case, found.x, found.w, found.b), y, x)


def _input_cell(state: LessonState, y: str, x: str) -> Value:
    return _cell(example_of(state).x, y, x)


def _kernel_cell(state: LessonState, y: str, x: str) -> Value:
    weights = example_of(state).w
    return None if weights is None else _cell(weights[0], y, x)


def _gradient_cell(state: LessonState, y: str, x: str) -> Value:
    found = possible(state)
    if found is None:
        return None
    return _cell(backward(found.case, found.x, found.w, found.grad_output).input, y, x)


def _step(state: LessonState) -> Value:
    """The number of the step that is shown, from 1."""
    live = state.live.get("arithmetic")
    return float(live.get("step", 0) if isinstance(live, dict) else 0) + 1


ROWS = (
    *map(_setting, ("kind", "mode", "input", "kernel", "stride", "padding", "dilation")),
    _setting("output-padding"),
    ReadingRow("output", 0, _output),
    ReadingRow("extent", 0, _extent),
    ReadingRow("matrix-rows", 0, _cells("output_shape")),
    ReadingRow("matrix-columns", 0, _cells("input_shape")),
    ReadingRow("matrix-weights", 0, _weights),
    ReadingRow("products", 0, _nonzeros),
    ReadingRow("least-overlap", 0, _writes(min)),
    ReadingRow("most-overlap", 0, _writes(max)),
    ReadingRow("output-cell", 2, _output_cell),
    ReadingRow("input-cell", 2, _input_cell),
    ReadingRow("kernel-cell", 2, _kernel_cell),
    ReadingRow("gradient-cell", 2, _gradient_cell),
    ReadingRow("step", 0, _step),
)
