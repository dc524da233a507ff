"""A transposed convolution as a direct one: zeros between the input cells, the kernel flipped.

The stretched input (s − 1 zeros between cells) gets p′ = d(k − 1) − p cells of padding on every
side, and the output padding's extra ones at the bottom and right only; a convolution of stride 1
with the flipped kernel then gives the same output. Where p′ < 0 the input is cropped instead.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.arithmetic.case import Case, Size
from analysis.arithmetic.forms.shifts import Values
from analysis.arithmetic.forms.values import compute

CellKind = Literal["input", "zero", "padding"]
KINDS: tuple[CellKind, ...] = ("input", "zero", "padding")


@dataclass(frozen=True, slots=True)
class ZeroInsertion:
    """The direct convolution that equals a transposed case.

    `stretched` is ĩ′ = s(i′ − 1) + 1, `between` the zeros between two input cells, `before` (top,
    left) and `after` (bottom, right) the padding, below 0 where the stretched input is cropped.
    `direct` is the equivalent convolution over the padded, stretched input: its stride is 1 and
    its padding 0, since the padding is already in its `in_size`.
    """

    case: Case
    direct: Case
    stretched: Size
    between: Size
    before: Size
    after: Size

    def kinds(self) -> NDArray[np.int8]:
        """The kind of each cell of the direct input: an index into `KINDS`, (*in_size)."""
        origin = self.origins()
        result = np.full(self.direct.in_size, KINDS.index("padding"), np.int8)
        within = np.ones(self.direct.in_size, np.bool_)
        for axis, size in enumerate(self.direct.in_size):
            at = np.arange(size) - self.before[axis]
            shape = [1] * self.case.rank
            shape[axis] = -1
            within &= ((at >= 0) & (at < self.stretched[axis])).reshape(shape)
        result[within] = KINDS.index("zero")
        result[(origin >= 0).all(axis=-1)] = KINDS.index("input")
        return result

    def origins(self) -> NDArray[np.int64]:
        """Which input cell stands at each cell, (*in_size, axes); −1 in every axis for a zero."""
        along = []
        for axis, size in enumerate(self.direct.in_size):
            at = np.arange(size, dtype=np.int64) - self.before[axis]
            cell, left = np.divmod(at, self.case.stride[axis])
            real = (left == 0) & (cell >= 0) & (cell < self.case.in_size[axis])
            along.append(np.where(real, cell, -1))
        cells = np.stack(np.meshgrid(*along, indexing="ij"), axis=-1)
        cells[(cells < 0).any(axis=-1)] = -1
        return cells

    def padded(self, x: Values) -> Values:
        """The direct convolution's input, (C, *in_size), from the transposed one's."""
        result = np.zeros(self.direct.input_shape, x.dtype)
        origins = self.origins()
        real = (origins >= 0).all(axis=-1)
        result[:, real] = x[(slice(None), *np.moveaxis(origins[real], -1, 0))]
        return result

    def flipped(self, w: Values) -> Values:
        """The direct convolution's weights, (out, in / groups, *kernel): w turned by 180°."""
        groups = self.case.groups
        inside, outside = self.case.channels
        by_group = w.reshape(groups, inside // groups, outside // groups, *self.case.kernel)
        turned = np.flip(by_group.swapaxes(1, 2), axis=tuple(range(3, 3 + self.case.rank)))
        return turned.reshape(self.direct.kernel_shape)

    def compute(self, x: Values, w: Values, b: Values | None = None) -> Values:
        """The output by this form: the direct convolution, from the transposed case's values."""
        return compute(self.direct, self.padded(x), self.flipped(w), b)


def zero_insertion(case: Case) -> ZeroInsertion:
    """The zero-insertion form of a possible transposed case."""
    assert case.kind == "transposed", "only a transposed convolution has a zero-insertion form"
    stretched = tuple(s * (i - 1) + 1 for s, i in zip(case.stride, case.in_size, strict=True))
    before = case.equivalent_padding
    after = tuple(p + a for p, a in zip(before, case.output_padding, strict=True))
    size = tuple(sum(parts) for parts in zip(stretched, before, after, strict=True))
    ones, zeros = (1,) * case.rank, (0,) * case.rank
    direct = replace(
        case, kind="conv", in_size=size, stride=ones, padding=zeros, output_padding=zeros
    )
    return ZeroInsertion(case, direct, stretched, tuple(s - 1 for s in case.stride), before, after)
