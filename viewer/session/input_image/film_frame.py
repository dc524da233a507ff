"""The frame of a film or of a camera that runs through the network; it is never saved."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class FilmFrame:
    """One frame: `pixels` (height, width, 3) uint8, None where no film is shown.

    While there is one it stands in the place of the document's image.
    """

    name: str = ""
    hash: str = ""
    """Another one for each frame."""
    at: int = 0
    """Number of the frame, from 1."""
    paused: bool = False
    pixels: NDArray[np.uint8] | None = field(default=None, compare=False, repr=False)
