"""A scale: where a number lies between two ends, and at which numbers lines are drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

LEAST_LOG = 1e-12
"""What a logarithmic scale shows of 0 and below: its floor goes no deeper."""


@dataclass(frozen=True)
class Scale:
    """From `low` to `high`, linear or logarithmic (then both are positive)."""

    low: float
    high: float
    log: bool = False

    def share(self, value: float) -> float:
        """Where a value lies, 0 at `low` and 1 at `high`; what lies outside is cut to them."""
        low, high, value = (self._measured(each) for each in (self.low, self.high, value))
        if high <= low:
            return 0.5
        return min(1.0, max(0.0, (value - low) / (high - low)))

    def _measured(self, value: float) -> float:
        return math.log10(max(value, LEAST_LOG)) if self.log else value

    def ticks(self, most: int = 5) -> tuple[float, ...]:
        """Round numbers in the scale, at most so many and at least one."""
        return self._decades(most) if self.log else self._steps(most)

    def _steps(self, most: int) -> tuple[float, ...]:
        across = self.high - self.low
        if across <= 0 or not math.isfinite(across):
            return (self.low,)
        step, first, count = 0.0, 0, most + 1
        while count > most:
            step = _round_up(max(across / (most + 1), 1.01 * step))
            first = math.ceil(self.low / step - 1e-9)
            count = math.floor(self.high / step + 1e-9) - first + 1
        return tuple((first + at) * step for at in range(max(1, count)))

    def _decades(self, most: int) -> tuple[float, ...]:
        low, high = (self._measured(each) for each in (self.low, self.high))
        if high - low < 2:
            return self._within_decades(low, high)
        first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
        every = max(1, math.ceil((last - first + 1) / most))
        return tuple(10.0**power for power in range(first, last + 1, every)) or (self.low,)

    def _within_decades(self, low: float, high: float) -> tuple[float, ...]:
        """1, 2 and 5 times the powers of ten between two logarithms that lie close."""
        powers = range(math.floor(low), math.ceil(high) + 1)
        found = (each * 10.0**power for power in powers for each in (1, 2, 5))
        kept = tuple(each for each in found if self.low * 0.999 <= each <= self.high * 1.001)
        return kept or (self.low,)


def _round_up(step: float) -> float:
    """The next number that is 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(each * power for each in (1, 2, 5, 10) if each * power >= step * (1 - 1e-9))


def covering(
    values: Iterable[float], log: bool = False, zero: bool = False, whole: bool = True,
    least: float = 0.0,
) -> Scale:  # fmt: skip
    """A scale that holds all finite values; a logarithmic one to `whole` decades.

    With `zero` it begins at 0 at the latest; one that is not logarithmic spans `least`.
    """
    known = [each for each in values if math.isfinite(each) and (each > 0 or not log)]
    if not known:
        return Scale(0.1, 1.0, log) if log else Scale(0.0, 1.0)
    low, high = min(known), max(known)
    if log:
        if not whole and high > low:
            return Scale(low * 0.9, high * 1.1, log=True)
        ends = math.floor(math.log10(max(low, LEAST_LOG))), math.ceil(math.log10(high) - 1e-9)
        return Scale(10.0 ** ends[0], 10.0 ** max(ends[1], ends[0] + 1), log=True)
    low = min(low, 0.0) if zero else low
    if low == high or high - low < least:
        around, half = (low + high) / 2, (least or 1.0) / 2
        return Scale(around - half, around + half)
    room = (high - low) * 0.06
    return Scale(low if zero and low == 0 else low - room, high + room)
