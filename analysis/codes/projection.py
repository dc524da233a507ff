"""Projects codes onto their principal components, for a picture of where they lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Projection:
    """The first principal components of codes: points (codes, components), axes, and shares.

    `axes` are rows of unit length; `shares` the parts of the variance that lie along them. A
    component's sign is such that its largest entry is positive.
    """

    points: NDArray[np.float64]
    mean: NDArray[np.float64]
    axes: NDArray[np.float64]
    shares: tuple[float, ...]


def principal(codes: NDArray[np.float32], components: int = 2) -> Projection:
    """The projection of codes (codes, length) by a singular value decomposition.

    Codes that are shorter, or fewer, than `components` have zeros for those that are missing.
    """
    values = codes.astype(np.float64)
    mean = values.mean(0)
    _, sizes, rows = np.linalg.svd(values - mean, full_matrices=False)
    axes = np.zeros((components, values.shape[1]))
    known = min(components, len(rows))
    signs = np.sign(np.take_along_axis(rows, np.abs(rows).argmax(1)[:, None], 1))
    axes[:known] = (rows * np.where(signs == 0, 1, signs))[:known]
    total = float(np.square(sizes).sum())
    shares = np.zeros(components)
    shares[:known] = np.square(sizes[:known]) / total if total > 0 else 0.0
    return Projection((values - mean) @ axes.T, mean, axes, tuple(map(float, shares)))
