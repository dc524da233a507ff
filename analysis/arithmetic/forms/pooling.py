"""Maximum and average pooling: values, gradients and the weights of their matrix."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.arithmetic.case import Case
from analysis.arithmetic.forms.shifts import Values, shifts


def pooled(case: Case, x: Values) -> Values:
    """The pooling of x, (C, *in_size) → (C, *out_size).

    A maximum pads with −∞: a window that holds no input cell at all gives −∞ (then floats).
    """
    if case.mode == "average":
        return summed(case, x) / divisors(case)
    best, _ = largest(case, x)
    return best


def summed(case: Case, x: Values) -> Values:
    """The sum of each window, zeros in the padding."""
    total = np.zeros(case.output_shape, x.dtype)
    for _, out_at, in_at in shifts(case):
        total[out_at] += x[in_at]
    return total


def divisors(case: Case) -> NDArray[np.int64]:
    """By what each window's sum is divided, (*out_size).

    With `count_include_pad` every cell up to the end of the padding counts, without it only the
    input's; what ceil_mode adds beyond the padding never counts (torch's rule).
    """
    result = np.ones(case.out_size, np.int64)
    for axis, (size, kernel) in enumerate(zip(case.in_size, case.kernel, strict=True)):
        padding = case.padding[axis]
        start = np.arange(case.out_size[axis], dtype=np.int64) * case.stride[axis] - padding
        end = np.minimum(start + kernel, size + padding)
        if not case.count_include_pad:
            start, end = np.maximum(start, 0), np.minimum(end, size)
        shape = [1] * case.rank
        shape[axis] = -1
        result *= (end - start).reshape(shape)
    return result


def largest(case: Case, x: Values) -> tuple[Values, NDArray[np.int64]]:
    """(the maximum of each window, the row-major spatial place of its first maximum or −1)."""
    places = np.arange(int(np.prod(case.in_size)), dtype=np.int64).reshape(case.in_size)
    chosen = np.full(case.output_shape, -1, np.int64)
    best = np.zeros(case.output_shape, x.dtype)
    for _, out_at, in_at in shifts(case):
        values = x[in_at]
        better = (chosen[out_at] < 0) | (values > best[out_at])
        best[out_at] = np.where(better, values, best[out_at])
        chosen[out_at] = np.where(better, places[in_at], chosen[out_at])
    if (chosen < 0).any():
        best = np.where(chosen < 0, -np.inf, best)
    return best, chosen


def pooled_backward(case: Case, x: Values, grad_output: Values) -> Values:
    """The gradient of x: a maximum hands it to its first largest cell, an average to all alike."""
    if case.mode == "average":
        share = grad_output / divisors(case)
        result = np.zeros(case.input_shape, share.dtype)
        for _, out_at, in_at in shifts(case):
            result[in_at] += share[out_at]
        return result
    _, chosen = largest(case, x)
    result = np.zeros((case.channels[0], int(np.prod(case.in_size))), grad_output.dtype)
    channel = np.broadcast_to(
        np.arange(case.channels[0]).reshape(-1, *[1] * case.rank), chosen.shape
    )
    real = chosen >= 0
    np.add.at(result, (channel[real], chosen[real]), grad_output[real])
    return result.reshape(case.input_shape)
