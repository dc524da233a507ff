"""Makes values to fill a case's arrays: random, a ramp, one impulse, a checkerboard."""

from __future__ import annotations

from typing import Literal

import numpy as np

from analysis.arithmetic.case import Case, Size
from analysis.arithmetic.forms.shifts import Values

Fill = Literal["random", "ramp", "impulse", "checkerboard"]


def filled(shape: Size, fill: Fill, seed: int = 0, most: int = 3) -> Values:
    """Whole numbers of that shape, (C, *size).

    `random`: 0 … most. `ramp`: 1, 2, 3 … in each channel. `impulse`: one 1, at the middle cell of
    each channel. `checkerboard`: 1 where the sum of the coordinates is even, 0 elsewhere.
    """
    spatial = shape[1:]
    if fill == "random":
        return np.random.default_rng(seed).integers(0, most + 1, shape, np.int64)
    if fill == "ramp":
        plane = np.arange(1, int(np.prod(spatial)) + 1, dtype=np.int64).reshape(spatial)
    elif fill == "impulse":
        plane = np.zeros(spatial, np.int64)
        plane[tuple(n // 2 for n in spatial)] = 1
    else:
        plane = 1 - np.indices(spatial).sum(axis=0) % 2
    return np.broadcast_to(plane, shape).astype(np.int64)


def seeded(case: Case, seed: int = 0) -> tuple[Values, Values | None, Values | None]:
    """(x, w, b) of small whole numbers: x from 0 to 3, w from 0 to 2, b from −2 to 2.

    The same seed gives the same input whatever the kernel is. A pooling has neither w nor b.
    """
    x = filled(case.input_shape, "random", seed)
    if case.kind == "pool":
        return x, None, None
    w = filled(case.kernel_shape, "random", seed + 1, most=2)
    b = np.random.default_rng(seed + 2).integers(-2, 3, case.channels[1], np.int64)
    return x, w, b if case.bias else None
