"""The progress of a long run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Stage = Literal["weights", "statistics", "layers"]
"""What is done layer by layer: weights are made, their statistics measured, or the layers run."""


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` layers of this stage of the slot's run; sent of long runs only."""

    revision: int
    slot: str
    stage: Stage
    done: int
    total: int
