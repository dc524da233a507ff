"""Computes the linear part of a case one kernel cell at a time, on whole slices of arrays.

For a fixed kernel cell the narrow cells that meet a real wide cell are a run, and so are the wide
cells, a stride apart (`plan` tells what narrow and wide are). Weights are (narrow channels, wide
channels / groups, *kernel) for a convolution and a transposed one alike.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.arithmetic.case import Case, Size

Values = NDArray[Any]
Index = Any
"""(…, one slice an axis): takes the spatial part of an array with channels before it."""


def shifts(case: Case) -> Iterator[tuple[Size, Index, Index]]:
    """(kernel cell, index of the narrow side, index of the wide side) of every kernel cell.

    Kernel cells that meet nothing are left out.
    """
    sizes = (case.out_size, case.in_size)
    narrow, wide = sizes if case.kind != "transposed" else sizes[::-1]
    along = [
        [_run(case, axis, k, narrow[axis], wide[axis]) for k in range(case.kernel[axis])]
        for axis in range(case.rank)
    ]
    for cell in itertools.product(*(range(k) for k in case.kernel)):
        pairs = [runs[k] for runs, k in zip(along, cell, strict=True)]
        if all(pair is not None for pair in pairs):
            found = [pair for pair in pairs if pair is not None]
            narrow_at, wide_at = zip(*found, strict=True)
            yield cell, (..., *narrow_at), (..., *wide_at)


def gather(case: Case, wide: Values, weights: Values) -> Values:
    """The narrow side from the wide one: C x. wide (C, *wide size) → (C, *narrow size)."""
    size = case.in_size if case.kind == "transposed" else case.out_size
    result = np.zeros((weights.shape[0], *size), np.result_type(wide, weights))
    groups = _grouped(result, case), _grouped(wide, case), _split(weights, case)
    for cell, narrow_at, wide_at in shifts(case):
        at: Index = (..., *cell)
        groups[0][narrow_at] += _mix(groups[2][at], groups[1][wide_at])
    return result


def scatter(case: Case, narrow: Values, weights: Values) -> Values:
    """The wide side from the narrow one: Cᵀ y. narrow (C, *narrow size) → (C, *wide size)."""
    size = case.out_size if case.kind == "transposed" else case.in_size
    channels = weights.shape[1] * case.groups
    result = np.zeros((channels, *size), np.result_type(narrow, weights))
    groups = _grouped(result, case), _grouped(narrow, case), _split(weights, case)
    for cell, narrow_at, wide_at in shifts(case):
        at: Index = (..., *cell)
        turned = groups[2][at].swapaxes(1, 2)
        groups[0][wide_at] += _mix(turned, groups[1][narrow_at])
    return result


def correlate(case: Case, narrow: Values, wide: Values) -> Values:
    """The gradient of the weights: the sum of narrow × wide over each weight's taps; shape of w."""
    shape = case.kernel_shape
    result = np.zeros(shape, np.result_type(narrow, wide))
    by_group = _split(result, case)
    left, right = _grouped(narrow, case), _grouped(wide, case)
    for cell, narrow_at, wide_at in shifts(case):
        ours, theirs = left[narrow_at], right[wide_at]
        flat = (*ours.shape[:2], -1), (*theirs.shape[:2], -1)
        at: Index = (..., *cell)
        by_group[at] = ours.reshape(flat[0]) @ theirs.reshape(flat[1]).swapaxes(1, 2)
    return result


def _run(case: Case, axis: int, k: int, narrow: int, wide: int) -> tuple[slice, slice] | None:
    stride = case.stride[axis]
    offset = case.dilation[axis] * k - case.padding[axis]
    first = max(0, -(offset // stride))  # the least s with stride·s + offset ≥ 0
    last = min(narrow - 1, (wide - 1 - offset) // stride)
    if first > last:
        return None
    start, end = stride * first + offset, stride * last + offset + 1
    return slice(first, last + 1), slice(start, end, stride)


def _grouped(values: Values, case: Case) -> Values:
    """(C, *size) as (groups, C / groups, *size): a view."""
    return values.reshape(case.groups, -1, *values.shape[1:])


def _split(weights: Values, case: Case) -> Values:
    """(narrow, wide / groups, *kernel) as (groups, narrow / groups, wide / groups, *kernel)."""
    return weights.reshape(case.groups, -1, *weights.shape[1:])


def _mix(weights: Values, values: Values) -> Values:
    """Channels times weights, group by group: (G, n, w) and (G, w, *size) → (G, n, *size)."""
    flat = values.reshape(*values.shape[:2], -1)
    mixed: Values = weights @ flat
    return mixed.reshape(*weights.shape[:2], *values.shape[2:])
