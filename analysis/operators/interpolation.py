"""Computes the taps of interpolation as torch does; taps of weight 0 are left out."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import floor

from analysis.operators.contract import ListedTaps, PeriodicTaps

_ZERO = 1e-6
"""A position this near to a pixel reads that pixel alone: float32 cannot tell them apart."""


_LONGEST = 64
"""Longest period worth naming; beyond it the taps are listed for the size at hand."""


@lru_cache(maxsize=256)
def nearest_is_periodic(factor: int) -> bool:
    """Does torch's float32 indexing by `factor` agree with ⌊i / factor⌋?

    torch takes ⌊i · (1 / factor)⌋ in float32. A product that rounds below a whole number reads
    one pixel too early (41, 47 and 55 are the first such factors); it does so at every power
    of two or at none, because scaling by two is exact.
    """
    import numpy as np

    return bool(np.float32(factor) * np.float32(1.0 / factor) >= np.float32(1.0))


def listed_nearest(size: int, length: int, factor: float | None, exact: bool) -> ListedTaps:
    """Row i reads ⌊i·scale⌋ (`nearest`) or ⌊(i + ½)·scale⌋ (`nearest-exact`) in float32.

    That is what torch does for a float32 picture; a float64 one it indexes in float64.
    """
    import numpy as np

    scale = np.float32(1.0 / factor) if factor else np.float32(size) / np.float32(length)
    index = np.arange(length, dtype=np.float32) + np.float32(0.5 if exact else 0.0)
    rows = np.minimum(np.floor(index * scale).astype(np.int64), size - 1)
    return ListedTaps(tuple((row,) for row in rows.tolist()))


@lru_cache(maxsize=256)
def ratio(factor: float) -> tuple[int, int] | None:
    """(up, down) with factor = up / down in lowest terms, or None where both are not small."""
    found = Fraction(factor).limit_denominator(_LONGEST)
    small = found.numerator <= _LONGEST and abs(float(found) - factor) <= 1e-12
    return (found.numerator, found.denominator) if small else None


def periodic_nearest(up: int, down: int, exact: bool) -> PeriodicTaps | None:
    """Whole factors up or down; None where float32 decides each pixel by itself."""
    if down == 1 and (exact or nearest_is_periodic(up)):
        return PeriodicTaps(up, 1, ((0,),) * up)
    return PeriodicTaps(1, down, ((down // 2 if exact else 0,),)) if up == 1 else None


@lru_cache(maxsize=256)
def periodic_linear(up: int, down: int, reach: int) -> PeriodicTaps:
    """Interpolation by up / down: pixel i lies at (i + ½)·down / up − ½.

    `reach` is 1 for linear (2 taps an axis) and 2 for cubic (4 taps an axis).
    """
    phases: list[tuple[int, ...]] = []
    for phase in range(up):
        doubled = (2 * phase + 1) * down - up  # the position times 2·up, a whole number
        first, rest = divmod(doubled, 2 * up)
        phases.append(tuple(range(first + 1 - reach, first + 1 + reach)) if rest else (first,))
    return PeriodicTaps(up, down, tuple(phases), "clamp")


@lru_cache(maxsize=256)
def listed_linear(
    size: int, length: int, factor: float | None, align_corners: bool, reach: int
) -> ListedTaps:
    """Interpolation to `length` pixels, row by row, clamped to the picture."""
    return ListedTaps(
        tuple(
            _row(_position(i, size, length, factor, align_corners), size, reach)
            for i in range(length)
        )
    )


def _position(i: int, size: int, length: int, factor: float | None, align_corners: bool) -> float:
    """Where pixel i of `length` lies in a picture of `size`; pixel centres are whole numbers."""
    if align_corners:
        return i * (size - 1) / (length - 1) if length > 1 else 0.0
    return (i + 0.5) * (1.0 / factor if factor else size / length) - 0.5


def _row(position: float, size: int, reach: int) -> tuple[int, ...]:
    first = floor(position + _ZERO)
    lone = abs(position - first) <= _ZERO
    indices = (first,) if lone else range(first + 1 - reach, first + 1 + reach)
    return tuple(sorted({min(max(index, 0), size - 1) for index in indices}))
