"""Draws pictures whose content is known exactly: what a network does to them can be read off."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.float32]
"""(side, side) in [0, 1]."""


def _axes(side: int) -> tuple[Grey, Grey]:
    """(y, x) of every pixel from the middle one."""
    at = np.arange(side, dtype=np.float32) - side // 2
    y, x = np.meshgrid(at, at, indexing="ij")
    return y, x


def impulse(side: int) -> Grey:
    """One white pixel on black: the output is the network's impulse response."""
    image = np.zeros((side, side), np.float32)
    image[side // 2, side // 2] = 1
    return image


def edge(side: int) -> Grey:
    """Black at the left, white at the right."""
    return (_axes(side)[1] >= 0).astype(np.float32)


def checkerboard(side: int, cell: int = 8) -> Grey:
    """Squares of `cell` pixels."""
    y, x = np.indices((side, side)) // cell
    return ((y + x) % 2).astype(np.float32)


def grating(side: int, period: float = 8.0, degrees: float = 0.0) -> Grey:
    """A sine of that period in pixels; its waves go to the right, turned by degrees."""
    y, x = _axes(side)
    angle = np.deg2rad(degrees)
    phase: Grey = (x * np.cos(angle) - y * np.sin(angle)) * (2 * np.pi / period)
    return np.asarray(0.5 + 0.5 * np.cos(phase), np.float32)


def zone_plate(side: int) -> Grey:
    """Rings from frequency 0 in the middle to ½ cycle a pixel at the middle of each border."""
    y, x = _axes(side)
    return (0.5 + 0.5 * np.cos(np.pi * (x**2 + y**2) / side)).astype(np.float32)


def white_noise(side: int) -> Grey:
    """Every pixel by itself, uniform; the same each time."""
    return np.random.default_rng(0).random((side, side), dtype=np.float32)


DRAWN: dict[str, Callable[[int], Grey]] = {
    "impulse": impulse,
    "edge": edge,
    "checkerboard": checkerboard,
    "grating": grating,
    "grating45": lambda side: grating(side, 8.0, 45.0),
    "zone-plate": zone_plate,
    "noise": white_noise,
}
"""By key, in the order in which they are offered."""
