"""What the training process tells of one step from inside. No torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""(height, width, 3)."""


Phase = Literal["forward", "loss", "backward", "update"]


@dataclass(frozen=True)
class MomentSeen:
    """A moment of a step, as `analysis.training.step_watch.Moment`, with its picture."""

    phase: Phase
    layer: str
    value: float
    pixels: Pixels | None


@dataclass(frozen=True)
class StepSeen:
    """One step of a twin from inside, moment by moment, in the order in which they happened.

    `stands` is the part after which the step waits; after the update it is over.
    """

    run: int
    step: int
    twin: str
    moments: tuple[MomentSeen, ...]
    stands: Phase = "update"
