"""What the training process tells of one step from inside. No torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""(height, width, 3)."""


@dataclass(frozen=True)
class MomentSeen:
    """A moment of a step, as `analysis.training.step_watch.Moment`, with its picture."""

    phase: Literal["forward", "loss", "backward", "update"]
    layer: str
    value: float
    pixels: Pixels | None


@dataclass(frozen=True)
class StepSeen:
    """One step of a twin from inside, moment by moment, in the order in which they happened."""

    run: int
    step: int
    twin: str
    moments: tuple[MomentSeen, ...]
