"""Maps indices outside a feature map by its padding mode: no tap, edge, reflected, wrapped."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.operators.contract import Border

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
