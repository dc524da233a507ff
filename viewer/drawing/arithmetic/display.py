"""Types of the display of a case: its looks, pictures, and the parts that can be pointed at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Look = Literal["flat", "plates"]


Shown = Literal["numbers", "symbols"]


By = Literal["output", "input"]


Part = Literal["input", "kernel", "output", "matrix"]


@dataclass(frozen=True, slots=True)
class Spot:
    """One cell of a picture: (y, x), or (x,) of one axis; of the matrix (row, column)."""

    part: Part
    cell: tuple[int, ...]
