"""Colour ramps of maps: ink for values from 0, two colours for signed ones."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtGui import QColor

from viewer.look.theme import Mode

INK = ((0.0, "#161C25"), (0.2, "#364150"), (0.5, "#748295"), (0.78, "#BAC4D0"), (1.0, "#F8FAFC"))


SIGNED = {
    "light": ("#7B1F6E", "#C583B7", "#F6F6F4", "#63B5A0", "#00624C"),
    "dark": ("#E79AD6", "#8C4B80", "#14181E", "#2C7A66", "#6FE0C0"),
}


def ramp(stops: tuple[tuple[float, str], ...], gamma: float = 1.0) -> np.ndarray:
    """Opaque 0xAARRGGBB colours, (256,) int32, linear between `stops`, applied to value^gamma."""
    places = np.linspace(0.0, 1.0, 256) ** gamma
    at = [stop for stop, _ in stops]
    colours = [QColor(text) for _, text in stops]
    red, green, blue = (
        np.rint(np.interp(places, at, values)).astype(np.uint32)
        for values in (
            [colour.red() for colour in colours],
            [colour.green() for colour in colours],
            [colour.blue() for colour in colours],
        )
    )
    argb = np.uint32(0xFF000000) | (red << np.uint32(16)) | (green << np.uint32(8)) | blue
    return argb.view(np.int32)


@lru_cache(maxsize=8)
def ink_ramp() -> np.ndarray:
    """The neutral ramp of feature maps, (256,) int32, the same in both modes."""
    return ramp(INK, gamma=0.72)


def signed_ramp(mode: Mode) -> np.ndarray:
    """The ramp of signed maps, (256,) int32: zero in the middle, negative left, positive right."""
    colours = SIGNED[mode]
    return ramp(tuple((i / 4, colour) for i, colour in enumerate(colours)))
