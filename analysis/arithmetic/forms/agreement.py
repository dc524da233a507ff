"""Computes a transposed convolution in its three forms and compares the outputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.arithmetic.case import Case
from analysis.arithmetic.forms.matrix import Matrix, matrix
from analysis.arithmetic.forms.plan import Plan
from analysis.arithmetic.forms.shifts import Values
from analysis.arithmetic.forms.values import compute
from analysis.arithmetic.forms.zero_insertion import zero_insertion


@dataclass(frozen=True, slots=True)
class Agreement:
    """The output by each form, (C, *out_size), without bias, and how far apart they are.

    `stamps` adds input cells times the kernel into the output, `zero_insertion` slides the flipped
    kernel over the stretched input, `matrix` multiplies by the sparse Cᵀ.

    `difference` is the largest |difference| of two forms: exactly 0 for whole numbers. `equal`
    allows floats the rounding of their sums.
    """

    stamps: Values
    zero_insertion: Values
    matrix: Values
    difference: float
    equal: bool


def agreement(plan: Plan, x: Values, w: Values) -> Agreement:
    """All three forms of a possible transposed case, each by its own way, compared."""
    case = plan.case
    stamps = compute(case, x, w)
    inserted = zero_insertion(case).compute(x, w)
    forms = (stamps, inserted, _product(matrix(plan), x, w))
    return Agreement(*forms, *_apart(case, x, w, forms))


@dataclass(frozen=True, slots=True)
class Comparison:
    """How far apart so many forms of one output are; `equal` as in `Agreement`."""

    forms: int
    difference: float
    equal: bool


def compared(table: Matrix, x: Values, w: Values | None) -> Comparison | None:
    """The forms of a case whose matrix is `table`.

    Stamps, zero insertion and Cᵀ x of a transposed convolution; of a convolution the sliding
    window and C x; None of a pooling, which multiplies by no weights.
    """
    if w is None:
        return None
    case = table.case
    forms = [compute(case, x, w), _product(table, x, w)]
    if case.kind == "transposed":
        forms.append(zero_insertion(case).compute(x, w))
    return Comparison(len(forms), *_apart(case, x, w, forms))


def _product(table: Matrix, x: Values, w: Values) -> Values:
    return table.times(table.entries(x, w), x.reshape(-1)).reshape(table.case.output_shape)


def _apart(case: Case, x: Values, w: Values, forms: Sequence[Values]) -> tuple[float, bool]:
    """The largest difference from the first form, and whether rounding explains it."""
    gap = max(float(np.abs(one - forms[0]).max()) for one in forms[1:])
    if all(form.dtype.kind in "iO" for form in forms):
        return gap, gap == 0
    size = float(compute(case, np.abs(x), np.abs(w)).max())
    return gap, gap <= 1e-12 * max(size, 1e-300)
