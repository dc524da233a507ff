"""Makes colour ramps, which map values from lowest to highest to colours. Needs no torch."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Ramp = NDArray[np.int32]
"""(256,) colours 0xAARRGGBB as int32: what a value from lowest to highest is drawn as."""

Stops = tuple[tuple[float, str], ...]
"""(place in [0, 1], colour as #RRGGBB), from the lowest place to the highest."""

INK: Stops = (
    (0.0, "#161C25"),
    (0.2, "#364150"),
    (0.5, "#748295"),
    (0.78, "#BAC4D0"),
    (1.0, "#F8FAFC"),
)
"""The neutral colours of feature maps, the same on a light ground and on a dark one."""

SIGNED: dict[Literal["light", "dark"], Stops] = {
    "light": (
        (0.0, "#7B1F6E"),
        (0.25, "#C583B7"),
        (0.5, "#F6F6F4"),
        (0.75, "#63B5A0"),
        (1.0, "#00624C"),
    ),
    "dark": (
        (0.0, "#E79AD6"),
        (0.25, "#8C4B80"),
        (0.5, "#14181E"),
        (0.75, "#2C7A66"),
        (1.0, "#6FE0C0"),
    ),
}
"""Magenta for what subtracts, the ground's own colour at zero, green for what adds."""


def ramp(stops: Stops, gamma: float = 1.0) -> Ramp:
    """Opaque colours 0xAARRGGBB, (256,), linear between `stops`, of value^`gamma`."""
    places = np.linspace(0.0, 1.0, 256) ** gamma
    table = np.full(256, 0xFF000000, np.uint32)
    for channel, shift in enumerate((16, 8, 0)):
        at = 1 + 2 * channel
        levels = [int(colour[at : at + 2], 16) for _, colour in stops]
        level = np.interp(places, [place for place, _ in stops], levels)
        table |= np.rint(level).astype(np.uint32) << np.uint32(shift)
    signed: Ramp = table.view(np.int32)
    return signed


def grey_ramp() -> Ramp:
    """Black to white, for callers that have no palette, such as the command line."""
    return ramp(((0.0, "#000000"), (1.0, "#FFFFFF")))


@lru_cache(maxsize=1)
def ink_ramp() -> Ramp:
    """The ramp of feature maps."""
    return ramp(INK, gamma=0.72)


def signed_ramp(ground: Literal["light", "dark"] = "light") -> Ramp:
    """The ramp of signed maps on this ground: zero in the middle, negative left, positive right."""
    return ramp(SIGNED[ground])
