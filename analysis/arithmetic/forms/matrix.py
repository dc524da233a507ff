"""A case as one sparse matrix: y = C x for a convolution, y = Cᵀ x for a transposed one.

x and y are flattened row by row, channel by channel. An entry names the weight that stands there
by its place in w, so one matrix gives symbols, numbers and a colour for each repeated weight.
Padding has no column, and nothing outside the input or the output has a row.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.arithmetic.case import Case
from analysis.arithmetic.forms.plan import Indices, Plan
from analysis.arithmetic.forms.pooling import divisors, largest
from analysis.arithmetic.forms.shifts import Values
from analysis.arithmetic.forms.values import place_text


@dataclass(frozen=True, slots=True)
class Matrix:
    """The matrix that maps a case's input to its output, (rows, columns) = `shape`.

    `rows`, `columns` and `weights` are equally long and in row-major order: entry n stands at
    (rows[n], columns[n]) and is the weight at flat place weights[n] of w (of a pooling: the
    window's cell). Every tap is an entry, also where its weight happens to be 0. In a transposed
    case this is Cᵀ; `transposed()` is then C.
    """

    case: Case
    shape: tuple[int, int]
    rows: Indices
    columns: Indices
    weights: Indices
    row_starts: Indices
    """Where each row begins in the entries; one longer than the rows."""

    @property
    def nonzeros(self) -> int:
        """How many taps there are."""
        return len(self.rows)

    def row(self, index: int) -> tuple[Indices, Indices]:
        """(columns, weights) of one row."""
        part = slice(int(self.row_starts[index]), int(self.row_starts[index + 1]))
        return self.columns[part], self.weights[part]

    def column(self, index: int) -> tuple[Indices, Indices]:
        """(rows, weights) of one column."""
        found = self.columns == index
        return self.rows[found], self.weights[found]

    def transposed(self) -> Matrix:
        """The same with rows and columns exchanged."""
        order = np.lexsort((self.rows, self.columns))
        shape = (self.shape[1], self.shape[0])
        rows = self.columns[order]
        return Matrix(
            self.case, shape, rows, self.rows[order], self.weights[order], _starts(rows, shape[0])
        )

    def symbol(self, weight: int) -> str:
        """The name of a weight by its flat place: w02; with channels w1,0,0,2."""
        place = tuple(int(at) for at in np.unravel_index(weight, self.case.kernel_shape))
        if self.case.kind != "pool" and self.case.channels != (1, 1):
            return "w" + ",".join(map(str, place))
        return "w" + place_text(place[-self.case.rank :])

    def symbols(self) -> list[list[str]]:
        """Every entry by its symbol, "0" where nothing meets: for small matrices."""
        names = [["0"] * self.shape[1] for _ in range(self.shape[0])]
        for row, column, weight in zip(self.rows, self.columns, self.weights, strict=True):
            names[row][column] = self.symbol(int(weight))
        return names

    def entries(self, x: Values, w: Values | None) -> Values:
        """The number of every entry, in their order.

        A convolution's come from w. An average's are 1 / divisor, a maximum's 1 for the cell
        that x makes the largest of its window and 0 for the window's others.
        """
        if self.case.kind != "pool":
            assert w is not None, "a convolution needs weights"
            chosen: Values = w.reshape(-1)[self.weights]
            return chosen
        cells = math.prod(self.case.out_size)
        if self.case.mode == "average":
            return np.asarray(1 / divisors(self.case).reshape(-1)[self.rows % cells])
        _, places = largest(self.case, x)
        spatial = self.columns % math.prod(self.case.in_size)
        largest_here: Values = places.reshape(-1)[self.rows] == spatial
        return largest_here.astype(np.int64)

    def dense(self, x: Values, w: Values | None) -> Values:
        """The whole matrix in numbers, zeros included: for small matrices."""
        values = self.entries(x, w)
        result = np.zeros(self.shape, values.dtype)
        result[self.rows, self.columns] = values
        return result

    def times(self, entries: Values, vector: Values) -> Values:
        """The matrix with these entries times a flat vector: exact for whole numbers."""
        result = np.zeros(self.shape[0], np.result_type(entries, vector))
        np.add.at(result, self.rows, entries * vector[self.columns])
        return result


def matrix(plan: Plan) -> Matrix:
    """The matrix that maps this case's input to its output; it has `plan.tap_count` entries."""
    case = plan.case
    out, inside, kernel = (
        _combined(plan, part, sizes)
        for part, sizes in (
            ("output", case.out_size),
            ("input", case.in_size),
            ("kernel", case.kernel),
        )
    )
    out_channel, in_channel, weight_channel = _channel_pairs(plan)
    cells = math.prod(case.out_size), math.prod(case.in_size), math.prod(case.kernel)
    rows = (out_channel[:, None] * cells[0] + out[None, :]).reshape(-1)
    columns = (in_channel[:, None] * cells[1] + inside[None, :]).reshape(-1)
    weights = (weight_channel[:, None] * cells[2] + kernel[None, :]).reshape(-1)
    order = np.lexsort((columns, rows))
    shape = (math.prod(case.output_shape), math.prod(case.input_shape))
    rows = rows[order]
    return Matrix(case, shape, rows, columns[order], weights[order], _starts(rows, shape[0]))


def _starts(rows: Indices, count: int) -> Indices:
    return np.searchsorted(rows, np.arange(count + 1)).astype(np.int64)


def _combined(plan: Plan, part: str, sizes: tuple[int, ...]) -> Indices:
    """The row-major places of the products of every axis's pairs."""
    result = np.zeros(1, np.int64)
    for axis, size in zip(plan.axes, sizes, strict=True):
        cells: Indices = getattr(axis, part)
        result = (result[:, None] * size + cells[None, :]).reshape(-1)
    return result


def _channel_pairs(plan: Plan) -> tuple[NDArray[np.int64], ...]:
    """Output channel, input channel and the flat place of the weight's first two axes."""
    case = plan.case
    found = []
    for outside in range(case.channels[1]):
        for inside in plan.input_channels(outside):
            if case.kind == "pool":
                weight = 0
            elif case.kind == "conv":
                width = case.channels[0] // case.groups
                weight = outside * width + inside % width
            else:
                width = case.channels[1] // case.groups
                weight = inside * width + outside % width
            found.append((outside, inside, weight))
    return tuple(np.array(found, np.int64).T)
