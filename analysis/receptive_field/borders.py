"""The indices that taps read; those outside a map by its border: no tap, edge, mirror, wrap."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from analysis.operators.contract import Border, ListedTaps, PeriodicTaps

Indices = NDArray[np.int64]


def resolve(indices: Indices, size: int, border: Border) -> Indices:
    """`indices` brought into [0, size), or -1 where there is no tap.

    Mirroring leaves the edge out, as torch's reflect padding does.
    """
    if border == "clamp":
        return np.clip(indices, 0, size - 1)
    if border == "circular":
        return indices % size
    if border == "reflect":
        turn = max(2 * (size - 1), 1)
        folded = indices % turn
        return np.minimum(folded, turn - folded) if size > 1 else np.zeros_like(indices)
    return np.where((indices >= 0) & (indices < size), indices, -1)


@lru_cache(maxsize=256)
def rows_read(taps: PeriodicTaps | ListedTaps, size: int, length: int) -> Indices:
    """(length, taps) input indices that every output index reads, filled up with -1."""
    ragged = taps.rows if isinstance(taps, ListedTaps) else taps.offsets
    width = max(1, *(len(row) for row in ragged))
    table = np.array([(*row, *row[:1] * (width - len(row))) or (0,) * width for row in ragged])
    blank = np.array([not row for row in ragged])
    if isinstance(taps, ListedTaps):
        return np.where(blank[:, None], -1, table)
    turn, phase = np.divmod(np.arange(length), taps.period)
    rows = resolve(turn[:, None] * taps.advance + table[phase], size, taps.border)
    return np.where(blank[phase][:, None], -1, rows)
