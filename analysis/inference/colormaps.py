"""Makes colour ramps, which map values from lowest to highest to colours. Needs no torch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ramp = NDArray[np.int32]
"""(256,) colours 0xAARRGGBB as int32: what a value from lowest to highest is drawn as."""


def ramp(stops: Sequence[float], colours: Sequence[tuple[int, int, int]]) -> Ramp:
    """Colours 0xAARRGGBB, (256,), linear between the (red, green, blue) at `stops` in [0, 1]."""
    at = np.linspace(0.0, 1.0, 256)
    table = np.full(256, 0xFF000000, np.uint32)
    for channel, shift in enumerate((16, 8, 0)):
        level = np.interp(at, stops, [colour[channel] for colour in colours])
        table |= level.round().astype(np.uint32) << np.uint32(shift)
    signed: Ramp = table.view(np.int32)
    return signed


def grey_ramp() -> Ramp:
    """Black to white, for callers that have no palette, such as the command line."""
    return ramp((0.0, 1.0), ((0, 0, 0), (255, 255, 255)))


def signed_ramp() -> Ramp:
    """Magenta for what subtracts, near white at zero, green for what adds."""
    return ramp(
        (0.0, 0.25, 0.5, 0.75, 1.0),
        ((123, 31, 110), (197, 131, 183), (246, 246, 244), (99, 181, 160), (0, 98, 76)),
    )
