"""The model of a picture of convolution arithmetic: a plan, its values and display choices."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from analysis.arithmetic import (
    Case,
    Cell,
    Gradients,
    Matrix,
    Plan,
    ZeroInsertion,
    backward,
    compute,
    matrix,
    plan,
    stamped,
)
from analysis.arithmetic import zero_insertion as insert_zeros
from analysis.arithmetic.case.conversion import transposed_case
from analysis.arithmetic.forms.shifts import Values
from viewer.drawing.arithmetic.display import By, Look, Part, Shown
from viewer.look.palette import Inks
from viewer.look.tokens import Mode

MOST_READABLE = 160
"""Rows or columns of a matrix that is still shown with all its channels."""


@dataclass(frozen=True, eq=False)
class Scene:
    """One case with its values, (C, *size) as the engine has them; never changed, only replaced.

    `by` says what a step is: an output cell, or an input cell. One channel of either side is
    shown; steps are the cells of that channel.
    """

    plan: Plan
    x: Values
    w: Values | None = None
    b: Values | None = None
    look: Look = "flat"
    mode: Mode = "light"
    shown: Shown = "numbers"
    by: By = "output"
    in_channel: int = 0
    out_channel: int = 0
    letters: tuple[str, str] = ("x", "y")
    """What goes in and what comes out: of the backward pass ∂y and ∂x."""
    grad_output: Values | None = None
    """∂y, (C, *out_size), where the backward pass is shown."""
    block_of: tuple[int, int] | None = None
    """(in, out) channel, where this is the part of a larger scene between two channels."""

    @property
    def case(self) -> Case:
        """The settings."""
        return self.plan.case

    @property
    def inks(self) -> Inks:
        """The colours."""
        return Inks(self.mode)

    def ink_of(self, part: Part) -> str:
        """The token of a side: what belongs to x is blue, to y cyan, whichever way it goes."""
        of_x = (part == "input") == (self.letters[0] == "x")
        return "a_in" if of_x else "a_out"

    @property
    def steps(self) -> int:
        """How many steps there are: cells of the output or of the input."""
        return math.prod(self.case.out_size if self.by == "output" else self.case.in_size)

    @cached_property
    def y(self) -> Values:
        """The output, (C, *out_size)."""
        return compute(self.case, self.x, self.w, self.b)

    @cached_property
    def matrix(self) -> Matrix:
        """The matrix that maps the input to the output."""
        return matrix(self.plan)

    @cached_property
    def entries(self) -> Values:
        """The number of every entry of the matrix."""
        return self.matrix.entries(self.x, self.w)

    @cached_property
    def zeros(self) -> ZeroInsertion:
        """The zero-insertion form of a transposed case."""
        return insert_zeros(self.case)

    @cached_property
    def origins(self) -> Values:
        """Which input cell stands at each cell of the stretched input; −1 for a zero."""
        return self.zeros.origins()

    @cached_property
    def gradients(self) -> Gradients:
        """The gradients of the input, the kernel and the bias that ∂y gives."""
        assert self.grad_output is not None, "only a backward pass has gradients"
        return backward(self.case, self.x, self.w, self.grad_output)

    @cached_property
    def turned(self) -> Scene | None:
        """The backward pass as a scene of its own: ∂y in, ∂x out; None without `transposed_case`.

        The weights are the same array: a convolution's (out, in/groups, …) is what the transposed
        one reads as (in, out/groups, …).
        """
        back = transposed_case(self.case)
        if back is None or self.grad_output is None:
            return None
        return replace(
            self,
            plan=plan(back),
            x=self.grad_output,
            b=None,
            by="output",
            in_channel=self.out_channel,
            out_channel=self.in_channel,
            letters=("∂y", "∂x"),
            grad_output=None,
        )

    @cached_property
    def block(self) -> Scene:
        """The part of the shown output channel that comes from the shown input channel alone.

        The scene itself where its matrix is small enough to be read whole, or where groups keep
        the two channels apart.
        """
        rows, columns = (
            math.prod(shape) for shape in (self.case.output_shape, self.case.input_shape)
        )
        small = max(rows, columns) <= MOST_READABLE or self.case.channels == (1, 1)
        place = self.kernel_place
        if small or (place is None and self.case.kind != "pool"):
            return self
        case = replace(self.case, channels=(1, 1), groups=1, bias=False)
        return replace(
            self,
            plan=plan(case),
            x=self.x[self.in_channel : self.in_channel + 1],
            w=None if self.w is None or place is None else self.w[place][None, None],
            b=None,
            in_channel=0,
            out_channel=0,
            grad_output=None,
            block_of=(self.in_channel, self.out_channel),
        )

    @cached_property
    def _sums(self) -> dict[int, Values]:
        return {}

    def partial(self, steps: int) -> Values:
        """The shown output channel after that many input cells were stamped, (rows, columns)."""
        known = self._sums.get(steps)
        if known is None:
            assert self.w is not None, "only a convolution stamps"
            if len(self._sums) > 64:
                self._sums.clear()
            # Cells of the channels before the shown one are already stamped, so that the last
            # step of the last channel is the whole output.
            before = self.in_channel * math.prod(self.case.in_size)
            known = stamped(self.case, self.x, self.w, before + steps, self.b)
            known = self._sums[steps] = plane(known[self.out_channel])
        return known

    @property
    def input_plane(self) -> Values:
        """The shown input channel, (rows, columns)."""
        return plane(self.x[self.in_channel])

    @property
    def output_plane(self) -> Values:
        """The shown output channel, (rows, columns)."""
        return plane(self.y[self.out_channel])

    def output_after(self, step: float) -> Values:
        """The shown output channel as it is at a step, (rows, columns).

        By input cells that is what the stamps so far add up to; below step 0 all of it.
        """
        stamps = self.by == "input" and self.case.kind == "transposed"
        if step < 0 or not stamps or self.grad_output is not None:
            return self.output_plane
        return self.partial(math.floor(step + 0.5) + 1)

    @property
    def kernel_plane(self) -> Values | None:
        """The kernel between the shown channels, (rows, columns); a pooling has none.

        None too where groups keep the two channels apart.
        """
        place = self.kernel_place
        return None if self.w is None or place is None else plane(self.w[place])

    @property
    def kernel_place(self) -> tuple[int, int] | None:
        """Where the kernel between the shown channels stands in w."""
        case = self.case
        if case.kind == "pool" or self.in_channel not in self.plan.input_channels(self.out_channel):
            return None
        inside, outside = case.channels
        if case.kind == "conv":
            return self.out_channel, self.in_channel % (inside // case.groups)
        return self.in_channel, self.out_channel % (outside // case.groups)

    def entry_at(self, row: int, column: int) -> int | None:
        """Which entry of the matrix stands at (row, column)."""
        start, end = (int(at) for at in self.matrix.row_starts[row : row + 2])
        at = start + int(np.searchsorted(self.matrix.columns[start:end], column))
        return at if at < end and self.matrix.columns[at] == column else None

    def cell_of(self, index: int) -> Cell:
        """The cell of a step."""
        size = self.case.out_size if self.by == "output" else self.case.in_size
        return tuple(int(at) for at in np.unravel_index(index, size))

    def row_of(self, cell: Cell) -> int:
        """The row of the matrix of an output cell of the shown channel."""
        return _flat(self.out_channel, cell, self.case.out_size)

    def column_of(self, cell: Cell) -> int:
        """The column of the matrix of an input cell of the shown channel."""
        return _flat(self.in_channel, cell, self.case.in_size)


def plane(values: Values) -> Values:
    """A plane as rows and columns; one axis is a single row."""
    return values.reshape(1, -1) if values.ndim == 1 else values


def sides(size: tuple[int, ...]) -> tuple[int, int]:
    """(rows, columns) of a size; one axis is a single row."""
    return (1, size[0]) if len(size) == 1 else (size[0], size[1])


def paddings(size: tuple[int, ...]) -> tuple[int, int]:
    """The same of paddings and offsets: a single row has none above it."""
    return (0, size[0]) if len(size) == 1 else (size[0], size[1])


def place_of(cell: Cell) -> tuple[int, int]:
    """(row, column) of a cell."""
    return (0, cell[0]) if len(cell) == 1 else (cell[0], cell[1])


def cell_from(place: tuple[int, int], rank: int) -> Cell:
    """The cell at (row, column)."""
    return place if rank == 2 else (place[1],)


def _flat(channel: int, cell: Cell, size: tuple[int, ...]) -> int:
    return channel * math.prod(size) + int(np.ravel_multi_index(cell, size))
