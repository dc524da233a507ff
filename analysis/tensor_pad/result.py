"""What a line comes to: a tensor with its memory and numbers about it, or a plain value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from analysis.tensor_pad.expression import Span

BINS = 48
"""Bars of the histogram."""


@dataclass(frozen=True, slots=True)
class Step:
    """A tensor on the way: the part of the line that made it, its shape and its strides."""

    span: Span
    shape: tuple[int, ...]
    strides: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """Numbers about all elements of a tensor, NaN and infinities left out but for `strange`.

    `counts` (BINS,) are how many lie in each of as many equal parts from `low` to `high`; `std` is
    that of the elements themselves, not an estimate from a sample.
    """

    low: float
    high: float
    mean: float
    std: float
    strange: int
    counts: NDArray[np.int64] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TensorResult:
    """A tensor. Strides and offset count elements of `memory`, the values in their order there.

    `memory` is all of the storage, also what the tensor itself does not reach. `half` is set
    where torch answers two tensors, `values` and `indices`: that this is the first of them.
    """

    shape: tuple[int, ...]
    strides: tuple[int, ...]
    offset: int
    dtype: str
    contiguous: bool
    memory: NDArray[Any] = field(compare=False, repr=False)
    summary: Summary
    steps: tuple[Step, ...] = ()
    is_random: bool = False
    half: bool = False

    @property
    def values(self) -> NDArray[Any]:
        """The elements in their shape, as a view of the memory that is not to be written."""
        size = self.memory.itemsize
        return as_strided(
            self.memory[self.offset :],
            self.shape,
            tuple(stride * size for stride in self.strides),
            writeable=False,
        )

    def place(self, index: tuple[int, ...]) -> int:
        """Where in the memory the element of that index lies."""
        return self.offset + sum(i * s for i, s in zip(index, self.strides, strict=True))

    def indices(self, place: int) -> tuple[int, ...] | None:
        """The first index whose element lies at that place of the memory; None where none does."""
        if not self.summary_size:
            return None
        order = sorted(range(len(self.shape)), key=lambda axis: -self.strides[axis])
        return _found(self, place - self.offset, order, [0] * len(self.shape))

    @property
    def summary_size(self) -> int:
        """The number of elements."""
        return int(np.prod(self.shape, dtype=np.int64))


def _found(
    result: TensorResult, left: int, order: list[int], index: list[int]
) -> tuple[int, ...] | None:
    """Search the axes of the largest strides first; each further one has less left to reach."""
    if not order:
        return tuple(index) if left == 0 else None
    axis, *rest = order
    stride, size = result.strides[axis], result.shape[axis]
    reach = sum((result.shape[a] - 1) * result.strides[a] for a in rest)
    if stride == 0:
        return _found(result, left, rest, index)
    for i in range(min(size - 1, left // stride), -1, -1):
        if left - i * stride > reach:
            return None
        index[axis] = i
        found = _found(result, left - i * stride, rest, index)
        if found is not None:
            return found
    index[axis] = 0
    return None


@dataclass(frozen=True, slots=True)
class PlainResult:
    """A number, a size or a dtype, as Python writes it."""

    text: str
    steps: tuple[Step, ...] = ()


def summary_of(values: NDArray[Any]) -> Summary:
    """Numbers about an array of any shape."""
    flat = np.asarray(values, np.float64).reshape(-1)
    known = flat[np.isfinite(flat)]
    strange = int(flat.size - known.size)
    if not known.size:
        nothing = float("nan")
        return Summary(nothing, nothing, nothing, nothing, strange, np.zeros(BINS, np.int64))
    low, high = float(known.min()), float(known.max())
    counts = np.zeros(BINS, np.int64)
    if low == high:
        counts[BINS // 2] = known.size
    else:
        # Places are worked out by hand: numpy refuses ranges that a float64 cannot divide.
        at = (known / 2 - low / 2) / (high / 2 - low / 2) * BINS
        counts += np.bincount(np.clip(at.astype(np.int64), 0, BINS - 1), minlength=BINS)
    scale = max(abs(low), abs(high)) or 1.0
    mean = float((known / scale).mean() * scale)
    std = float((known / scale - mean / scale).std() * scale)
    return Summary(low, high, mean, std, strange, counts)
