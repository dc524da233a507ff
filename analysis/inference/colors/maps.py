"""The table of colour maps that feature maps can be drawn in. A new one is a row here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from analysis.inference.colors.perceptual import cividis, magma, viridis
from analysis.inference.colors.ramps import Ramp, grey_ramp, ink_ramp, signed_ramp

Ground = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class ColorMap:
    """One row: `ramp` makes its 256 colours for a ground; a `symmetric` one has zero in its middle.

    Its name on screen is in `viewer.text.map_color_names`.
    """

    key: str
    ramp: Callable[[Ground], Ramp]
    symmetric: bool = False


COLOR_MAPS: tuple[ColorMap, ...] = (
    ColorMap("ink", lambda _: ink_ramp()),
    ColorMap("grey", lambda _: grey_ramp()),
    ColorMap("viridis", lambda _: viridis()),
    ColorMap("magma", lambda _: magma()),
    ColorMap("cividis", lambda _: cividis()),
    ColorMap("signed", signed_ramp, symmetric=True),
)
"""In the order in which they are offered; an unknown key stands for the first."""


def color_map(key: str) -> ColorMap:
    """The row of a key."""
    return next((row for row in COLOR_MAPS if row.key == key), COLOR_MAPS[0])


@cache
def map_ramp(key: str, ground: Ground) -> Ramp:
    """The 256 colours of a row on this ground, made once."""
    return color_map(key).ramp(ground)
