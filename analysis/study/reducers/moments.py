"""Mean and spread of numbers, merged without the numbers themselves, and the mean's interval.

Chan, Golub, LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances"
(1979), the form in which Welford's updates merge: count, mean, sum of squared distances from it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
QUANTILES = (12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281)
"""97.5 % of Student's t with 1 to 10 degrees of freedom."""


@dataclass(frozen=True, eq=False)
class Moments:
    """Running statistics of arrays of one shape: count, mean, sum of squared distances from it."""

    count: Numbers
    mean: Numbers
    squares: Numbers

    @classmethod
    def of(cls, values: NDArray[np.floating]) -> Moments:
        """Over the first axis; a number that is NaN or infinite is not there."""
        known = np.isfinite(values)
        wide = np.where(known, values, 0).astype(np.float64)
        count = known.sum(0).astype(np.float64)
        mean = wide.sum(0) / np.maximum(count, 1)
        squares = (np.where(known, wide - mean, 0) ** 2).sum(0)
        return cls(count, mean, squares)

    def merged(self, other: Moments) -> Moments:
        """Those of both; numbers of none change nothing."""
        count = self.count + other.count
        part = other.count / np.maximum(count, 1)
        apart = other.mean - self.mean
        mean = np.where(self.count > 0, self.mean + apart * part, other.mean)
        squares = self.squares + other.squares + apart**2 * self.count * part
        return Moments(count, mean, squares)

    @property
    def deviation(self) -> Numbers:
        """The standard deviation of the numbers, NaN of fewer than two."""
        with np.errstate(invalid="ignore", divide="ignore"):
            found: Numbers = np.sqrt(self.squares / (self.count - 1))
        return np.where(self.count > 1, found, np.nan)

    def interval(self) -> tuple[Numbers, Numbers]:
        """Where the mean lies with 95 % confidence (Student's t); NaN of fewer than two numbers."""
        factor = np.vectorize(student, otypes=[float])(self.count - 1)
        half = factor * self.deviation / np.sqrt(np.maximum(self.count, 1))
        return self.mean - half, self.mean + half


def student(freedom: float) -> float:
    """97.5 % of Student's t: a table, then the expansion of Cornish and Fisher (1937)."""
    if freedom < 1:
        return math.nan
    if freedom <= len(QUANTILES):
        return QUANTILES[int(freedom) - 1]
    z = 1.959963985
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3
