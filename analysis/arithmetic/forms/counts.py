"""Counts how many taps write each output cell (checkerboards) and read each input cell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analysis.arithmetic.case import Case
from analysis.arithmetic.forms.plan import Indices, Plan, plan

Counts = NDArray[np.int64]


def input_use_count(plan: Plan) -> Counts:
    """How many taps read each input cell for one pair of channels, (*in_size)."""
    return _outer([(pairs.input, n) for pairs, n in zip(plan.axes, plan.case.in_size, strict=True)])


def overlap_count(plan: Plan) -> Counts:
    """How many taps write each output cell for one pair of channels, (*out_size).

    Of a transposed convolution whose kernel is no multiple of its stride it is a checkerboard
    (Odena, Dumoulin and Olah, "Deconvolution and Checkerboard Artifacts", 2016).
    """
    return _outer(
        [(pairs.output, n) for pairs, n in zip(plan.axes, plan.case.out_size, strict=True)]
    )


def phase_counts(case: Case, axis: int) -> tuple[int, ...]:
    """How many kernel cells meet each of the s positions that repeat along an axis.

    Far from the border a transposed convolution writes its output cells so often, and a convolution
    reads its input cells so often. Equal numbers make no checkerboard: with dilation 1, where the
    kernel is a multiple of the stride.
    """
    stride = case.stride[axis]
    kernel = np.arange(case.kernel[axis], dtype=np.int64)
    met = np.bincount(case.dilation[axis] * kernel % stride, minlength=stride)
    return tuple(map(int, met))


def uneven(case: Case) -> tuple[int, ...]:
    """The axes along which cells far from the border are used unequally often."""
    return tuple(axis for axis in range(case.rank) if len(set(phase_counts(case, axis))) > 1)


def resized_overlap_count(case: Case) -> Counts:
    """The overlap of resizing first: the input enlarged by the stride, then a convolution.

    The convolution has the case's kernel, stride 1 and padding that keeps the size; nearest and
    bilinear resizing share these counts, since both fill every cell once. Shape: in_size · stride.
    """
    size = tuple(i * s for i, s in zip(case.in_size, case.stride, strict=True))
    ones, zeros = (1,) * case.rank, (0,) * case.rank
    kernel = tuple(min(k, n) for k, n in zip(case.kernel, size, strict=True))
    half = tuple(k // 2 for k in kernel)
    direct = replace(
        case, kind="conv", in_size=size, kernel=kernel, stride=ones, padding=half,
        dilation=ones, output_padding=zeros, groups=1, channels=(1, 1),
    )  # fmt: skip
    counts = overlap_count(plan(direct))
    return counts[tuple(slice(n) for n in size)]  # an even kernel makes one cell too many


def _outer(axes: list[tuple[Indices, int]]) -> Counts:
    result = np.ones((), np.int64)
    for cells, size in axes:
        result = np.multiply.outer(result, np.bincount(cells, minlength=size))
    return np.asarray(result, np.int64)
