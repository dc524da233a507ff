"""The smallest and the largest of numbers, merged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Extent:
    """Lowest and highest values, of one shape."""

    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def merged(self, other: Extent) -> Extent:
        """Those of both."""
        return Extent(np.minimum(self.low, other.low), np.maximum(self.high, other.high))
