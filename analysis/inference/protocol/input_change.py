"""How the image is changed on its way to the network, before noise is added."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InputChange:
    """Applied in this order to the fitted image; the default changes nothing.

    `rotation` turns it by degrees, counter-clockwise, about its middle; `shift` moves it by whole
    (down, right) pixels; both repeat its edges. `blur` is the standard deviation of a Gaussian in
    pixels, `brightness` is added (white is 1). `patch` covers a square of (down, across, side),
    each a part of the image's height, width and shorter side, with mid grey.
    """

    rotation: float = 0.0
    shift: tuple[int, int] = (0, 0)
    blur: float = 0.0
    brightness: float = 0.0
    patch: tuple[float, float, float] | None = None
