"""Are the three forms of a transposed convolution the same? Computed, never assumed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.arithmetic.matrix import matrix
from analysis.arithmetic.plan import Plan
from analysis.arithmetic.shifts import Values
from analysis.arithmetic.stamping import stamp
from analysis.arithmetic.values import compute
from analysis.arithmetic.zero_insertion import zero_insertion


@dataclass(frozen=True, slots=True)
class Agreement:
    """The output by each form, (C, *out_size), without bias, and how far apart they are.

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
    stamps = _by_stamps(plan, x, w)
    inserted = zero_insertion(case).compute(x, w)
    table = matrix(plan)
    product = table.times(table.entries(x, w), x.reshape(-1)).reshape(case.output_shape)
    forms = (stamps, inserted, product)
    gap = max(float(np.abs(one - forms[0]).max()) for one in forms[1:])
    if all(form.dtype.kind in "iO" for form in forms):
        return Agreement(*forms, gap, gap == 0)
    size = float(compute(case, np.abs(x), np.abs(w)).max())
    return Agreement(*forms, gap, gap <= 1e-12 * max(size, 1e-300))


def _by_stamps(plan: Plan, x: Values, w: Values) -> Values:
    """One stamp after the other; a case of many input cells adds them up all at once."""
    if plan.stamps > 1024:
        return compute(plan.case, x, w)
    total = compute(plan.case, np.zeros_like(x), w)
    for index in range(plan.stamps):
        total = total + stamp(plan.case, x, w, index)
    return total
