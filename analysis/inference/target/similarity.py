"""Computes the structural similarity of two pictures (SSIM, Wang et al. 2004)."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

RADIUS, SIGMA = 5, 1.5
"""Of the Gaussian window: 11 × 11 pixels, as in the paper."""
BAND = 1 << 20
"""Values of a picture that are looked at at once: of a large one bands of rows, for the memory."""
C1, C2 = 0.01**2, 0.03**2
"""Of a range of values from 0 to 1."""


def ssim(one: NDArray[np.float32], other: NDArray[np.float32]) -> float | None:
    """The mean SSIM of two pictures (channels, *spatial) cut to [0, 1], over channels and windows.

    ((2 μₓμᵧ + c₁)(2 σₓᵧ + c₂)) / ((μₓ² + μᵧ² + c₁)(σₓ² + σᵧ² + c₂)) in every window that lies
    inside; of a volume its slices. None where no window fits, or of one axis.
    """
    if one.ndim < 3 or min(one.shape[-2:]) <= 2 * RADIUS:
        return None
    total, count = 0.0, 0
    rows = max(1, BAND // (one.size // one.shape[-2]))
    for top in range(0, one.shape[-2] - 2 * RADIUS, rows):
        band = slice(top, top + rows + 2 * RADIUS)
        each = _of_windows(*(_planes(values[..., band, :]) for values in (one, other)))
        total += float(each.sum(dtype=torch.float64))
        count += each.numel()
    return total / count if math.isfinite(total) else None


def _of_windows(x: Tensor, y: Tensor) -> Tensor:
    """SSIM in every window that lies inside two stacks of planes."""
    with torch.inference_mode():
        found = _smooth(torch.cat([x, y, x * x, y * y, x * y], 1))
        mean_x, mean_y, square_x, square_y, product = found.chunk(5, 1)
        along = mean_x * mean_y
        squares = mean_x * mean_x + mean_y * mean_y
        covariance = product - along
        variances = square_x + square_y - squares
        each = (2 * along + C1) * (2 * covariance + C2)
        each /= (squares + C1) * (variances + C2)
        return each


def _planes(values: NDArray[np.float32]) -> Tensor:
    """(1, planes, height, width)."""
    cut = np.clip(np.ascontiguousarray(values, np.float32), 0, 1)
    return torch.from_numpy(cut).reshape(1, -1, *values.shape[-2:])


def _smooth(planes: Tensor) -> Tensor:
    """The weighted mean in every window, first along one axis, then along the other."""
    away = torch.arange(-RADIUS, RADIUS + 1, dtype=torch.float32)
    weights = torch.exp(-0.5 * (away / SIGMA) ** 2)
    count = planes.shape[1]  # each plane by itself in one call: 8 times faster than as a batch
    each = (weights / weights.sum()).expand(count, 1, 1, -1)
    rows = functional.conv2d(planes, each.transpose(2, 3), groups=count)
    return functional.conv2d(rows, each, groups=count)
