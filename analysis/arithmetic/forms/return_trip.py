"""Applies a case's matrix and then its transpose: the shape returns, the values rarely do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.arithmetic.case import Case
from analysis.arithmetic.forms.backward import backward
from analysis.arithmetic.forms.shifts import Values
from analysis.arithmetic.forms.values import compute


@dataclass(frozen=True, eq=False)
class ReturnTrip:
    """The input and the result of the return trip: arrays of the same shape, (C, *in_size)."""

    before: Values
    after: Values

    @property
    def same(self) -> NDArray[np.bool_]:
        """Which values are equal again (of floats, to rounding): the shape of both arrays."""
        if self.before.dtype.kind == "f" or self.after.dtype.kind == "f":
            before, after = self.before.astype(float), self.after.astype(float)
            return np.asarray(np.isclose(before, after, 1e-9, 1e-12), np.bool_)
        return np.asarray(self.before == self.after, np.bool_)

    @property
    def kept(self) -> int:
        """How many values are equal again."""
        return int(self.same.sum())


def there_and_back(case: Case, x: Values, w: Values) -> ReturnTrip:
    """x and Cᵀ(C x) of a possible convolution, x and C(Cᵀ x) of a transposed one; without bias."""
    return ReturnTrip(x, backward(case, x, w, compute(case, x, w)).input)
