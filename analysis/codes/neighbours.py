"""Finds which codes lie nearest to one, and the way between two."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def nearest(
    codes: NDArray[np.float32], code: NDArray[np.float32], count: int
) -> tuple[tuple[int, float], ...]:
    """(index, Euclidean distance) of the `count` nearest rows of `codes`, the nearest first."""
    distances = np.linalg.norm(codes.astype(np.float64) - code, axis=1)
    order = np.argsort(distances, kind="stable")[:count]
    return tuple((int(at), float(distances[at])) for at in order)


def walk(start: NDArray[np.float32], end: NDArray[np.float32], steps: int) -> NDArray[np.float32]:
    """`steps` codes (steps, length) at even distances on the line from one to the other."""
    parts = np.linspace(0.0, 1.0, steps, dtype=np.float32)[:, None]
    line: NDArray[np.float32] = (1 - parts) * start + parts * end
    return line
