"""Are the three forms of a transposed convolution the same? Computed, never assumed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.arithmetic.matrix import matrix
from analysis.arithmetic.plan import Plan
from analysis.arithmetic.shifts import Values
from analysis.arithmetic.values import compute
from analysis.arithmetic.zero_insertion import zero_insertion


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
    table = matrix(plan)
    product = table.times(table.entries(x, w), x.reshape(-1)).reshape(case.output_shape)
    forms = (stamps, inserted, product)
    gap = max(float(np.abs(one - forms[0]).max()) for one in forms[1:])
    if all(form.dtype.kind in "iO" for form in forms):
        return Agreement(*forms, gap, gap == 0)
    size = float(compute(case, np.abs(x), np.abs(w)).max())
    return Agreement(*forms, gap, gap <= 1e-12 * max(size, 1e-300))
