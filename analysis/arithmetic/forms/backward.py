"""Computes the backward pass of a case: ∂x = Cᵀ ∂y and the gradients of weights and bias."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.arithmetic.case import Case
from analysis.arithmetic.forms.pooling import pooled_backward
from analysis.arithmetic.forms.shifts import Values, correlate, gather, scatter
from analysis.arithmetic.forms.values import exact


@dataclass(frozen=True, slots=True)
class Gradients:
    """Gradients of sum(y · ∂y): `input` like x, `kernel` like w, `bias` (out channels,).

    A pooling has neither kernel nor bias.
    """

    input: Values
    kernel: Values | None
    bias: Values | None


def backward(case: Case, x: Values, w: Values | None, grad_output: Values) -> Gradients:
    """The gradients of a possible case; grad_output is (C, *out_size). Whole numbers are exact."""
    if case.kind == "pool":
        return Gradients(pooled_backward(case, x, grad_output), None, None)
    assert w is not None, "a convolution needs weights"
    bias = grad_output.reshape(case.channels[1], -1).sum(axis=1)
    dy, weights = exact(case, grad_output, w)
    ours, theirs = exact(case, x, grad_output)
    if case.kind == "transposed":
        return Gradients(gather(case, dy, weights), correlate(case, ours, theirs), bias)
    return Gradients(scatter(case, dy, weights), correlate(case, theirs, ours), bias)
