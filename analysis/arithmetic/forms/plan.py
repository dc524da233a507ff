"""Every step of a case with its taps: which output, input and kernel cell meet.

Along each axis a convolution and a transposed one pair the same cells: a cell s of the narrow
side (the output of a convolution, the input of a transposed one) and a kernel cell k meet the
cell stride·s − padding + dilation·k of the wide side. Taps of several axes are products of
those pairs, so a plan holds only the pairs of each axis, and a step is made when it is asked for.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analysis.arithmetic.case import Case, Size
from analysis.arithmetic.case.checking import check

Cell = tuple[int, ...]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tap:
    """One product: the input cell times the kernel cell goes into the output cell.

    Cells are spatial, (y, x) or (x,). Where `inside` is False the cell at the other end lies in
    the padding (of a convolution's or pooling's input), or is cropped off (a transposed one's
    output): its coordinates are then below 0 or past the end, and no product is made.
    """

    output: Cell
    input: Cell
    kernel: Cell
    output_channel: int = 0
    input_channel: int = 0
    inside: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """What happens at one output cell (`Plan.step`), or at one input cell (`Plan.stamp`).

    `taps` make the products, in the kernel's row-major order, input channels outermost; `outside`
    are the window's other cells: in the padding, or cropped off. `index` is the row-major place
    of (channel, *cell), which is the row (of a stamp: the column) of the matrix.
    """

    index: int
    cell: Cell
    channel: int
    taps: tuple[Tap, ...]
    outside: tuple[Tap, ...]


@dataclass(frozen=True, slots=True)
class AxisPairs:
    """All taps of one axis: equally long arrays of output, input and kernel cells.

    They stand in order of output, then kernel cell.
    """

    output: Indices
    input: Indices
    kernel: Indices


@dataclass(frozen=True)
class Plan:
    """The steps of a possible case. `len(plan)` counts output elements: channels × cells."""

    case: Case

    def __len__(self) -> int:
        return math.prod(self.case.output_shape)

    def __iter__(self) -> Iterator[Step]:
        return (self.step(index) for index in range(len(self)))

    @property
    def stamps(self) -> int:
        """How many input elements there are: the steps of the stamp-and-add form."""
        return math.prod(self.case.input_shape)

    @property
    def tap_count(self) -> int:
        """How many products the whole case makes: the nonzeros of its matrix."""
        inside, outside = self.case.channels
        pairs = math.prod(len(axis.output) for axis in self.axes)
        groups = inside if self.case.kind == "pool" else self.case.groups
        return pairs * inside * outside // groups

    @cached_property
    def axes(self) -> tuple[AxisPairs, ...]:
        """The pairs of every axis."""
        return tuple(_pairs(self.case, axis) for axis in range(self.case.rank))

    def step(self, index: int) -> Step:
        """The step of output element `index` (row-major over (channel, *cell)). IndexError."""
        channel, cell = _place(index, self.case.output_shape)
        return self.step_at(cell, channel)

    def step_at(self, cell: Cell, channel: int = 0) -> Step:
        """The step that makes this output cell of this output channel."""
        return self._gathered(cell, channel, self.case.output_shape, by_output=True)

    def stamp(self, index: int) -> Step:
        """The step of input element `index`: every tap that this input cell takes part in."""
        channel, cell = _place(index, self.case.input_shape)
        return self.stamp_at(cell, channel)

    def stamp_at(self, cell: Cell, channel: int = 0) -> Step:
        """Every tap of this input cell of this input channel, output channels outermost."""
        return self._gathered(cell, channel, self.case.input_shape, by_output=False)

    def taps_of_kernel(
        self, cell: Cell, output_channel: int = 0, input_channel: int = 0
    ) -> tuple[Tap, ...]:
        """Every tap that this kernel cell between these channels takes part in."""
        if input_channel not in self.input_channels(output_channel):
            return ()
        along = [
            [
                (int(o), int(i))
                for o, i, k in zip(a.output, a.input, a.kernel, strict=True)
                if k == c
            ]
            for a, c in zip(self.axes, cell, strict=True)
        ]
        return tuple(
            Tap(
                tuple(o for o, _ in pairs),
                tuple(i for _, i in pairs),
                cell,
                output_channel,
                input_channel,
            )
            for pairs in itertools.product(*along)
        )

    def input_channels(self, output_channel: int) -> range:
        """The input channels that an output channel reads: its group's, of a pooling its own."""
        inside, outside = self.case.channels
        groups = inside if self.case.kind == "pool" else self.case.groups
        width, group = inside // groups, output_channel // (outside // groups)
        return range(group * width, (group + 1) * width)

    def output_channels(self, input_channel: int) -> range:
        """The output channels that an input channel goes into."""
        inside, outside = self.case.channels
        groups = inside if self.case.kind == "pool" else self.case.groups
        width, group = outside // groups, input_channel // (inside // groups)
        return range(group * width, (group + 1) * width)

    def weight_place(self, tap: Tap) -> Cell:
        """Where its weight stands in w (`Case.kernel_shape`); of a pooling the window's cell."""
        if self.case.kind == "pool":
            return tap.kernel
        inside, outside = self.case.channels
        if self.case.kind == "conv":
            within = tap.input_channel % (inside // self.case.groups)
            return (tap.output_channel, within, *tap.kernel)
        within = tap.output_channel % (outside // self.case.groups)
        return (tap.input_channel, within, *tap.kernel)

    def _gathered(self, cell: Cell, channel: int, shape: Size, *, by_output: bool) -> Step:
        place = (channel, *cell)
        if len(place) != len(shape) or any(
            not 0 <= at < n for at, n in zip(place, shape, strict=True)
        ):
            raise IndexError(f"no cell {place} in {shape}")
        others = (self.input_channels if by_output else self.output_channels)(channel)
        along = [self._partners(axis, at, by_output) for axis, at in enumerate(cell)]
        taps: list[Tap] = []
        outside: list[Tap] = []
        for other in others:
            for pairs in itertools.product(*along):
                far = tuple(at for at, _, _ in pairs)
                kernel = tuple(k for _, k, _ in pairs)
                inside = all(real for _, _, real in pairs)
                ends = (cell, far, kernel, channel, other) if by_output else (
                    far, cell, kernel, other, channel
                )  # fmt: skip
                (taps if inside else outside).append(Tap(*ends, inside))
        index = int(np.ravel_multi_index(place, shape))
        return Step(index, cell, channel, tuple(taps), tuple(outside))

    def _partners(self, axis: int, at: int, by_output: bool) -> list[tuple[int, int, bool]]:
        """(cell at the other end, kernel cell, is it there) along one axis."""
        case = self.case
        stride, padding, dilation = case.stride[axis], case.padding[axis], case.dilation[axis]
        far_size = (case.in_size if by_output else case.out_size)[axis]
        found = []
        for k in range(case.kernel[axis]):
            if by_output == (case.kind != "transposed"):  # from the narrow side to the wide one
                far, left = stride * at - padding + dilation * k, 0
            else:
                far, left = divmod(at + padding - dilation * k, stride)
            if not left:
                found.append((far, k, 0 <= far < far_size))
        return found


def plan(case: Case) -> Plan:
    """The plan of a case that `check` finds possible.

    Raises:
        ValueError: the case is impossible; ask `check` first for the reason.
    """
    fault = check(case)
    if fault is not None:
        raise ValueError(f"impossible case: {fault.code} {fault.numbers}")
    return Plan(case)


def _place(index: int, shape: Size) -> tuple[int, Cell]:
    if not 0 <= index < math.prod(shape):
        raise IndexError(f"no step {index}")
    channel, *cell = (int(at) for at in np.unravel_index(index, shape))
    return channel, tuple(cell)


def _pairs(case: Case, axis: int) -> AxisPairs:
    transposed = case.kind == "transposed"
    narrow, wide = case.out_size[axis], case.in_size[axis]
    if transposed:
        narrow, wide = wide, narrow
    at = np.arange(narrow, dtype=np.int64)[:, None]
    k = np.arange(case.kernel[axis], dtype=np.int64)[None, :]
    far = case.stride[axis] * at - case.padding[axis] + case.dilation[axis] * k
    inside = (far >= 0) & (far < wide)
    narrow_cells, kernel = (np.broadcast_to(part, far.shape)[inside] for part in (at, k))
    if not transposed:
        return AxisPairs(narrow_cells, far[inside], kernel)
    order = np.lexsort((kernel, far[inside]))
    return AxisPairs(far[inside][order], narrow_cells[order], kernel[order])
