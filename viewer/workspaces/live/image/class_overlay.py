"""Lays the classes that an output says over the picture it was given, each in a colour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.inference.protocol.runs import Frame, Picture
from viewer.look.theme import theme

COLORS = ("skip", "fieldline", "skipneg", "accent", "error", "ok")
"""Of class 1, 2, …, over and over; class 0 is the ground and stays as it is."""
PART = 0.4


@dataclass(frozen=True)
class OverlayShown:
    """Whether an output of classes is shown over the picture; a live choice, never saved."""

    on: bool = True


def with_classes(frame: Frame) -> Picture | None:
    """The picture that was given with the classes over it; None where the output is none."""
    classes = frame.classes
    if classes is None or classes.shape != frame.input_image.shape:
        return None
    drawn = frame.input_image.copy()
    for number in np.unique(classes):
        if number:
            token = COLORS[(int(number) - 1) % len(COLORS)]
            inside = classes == number
            drawn[inside] = _blend(drawn[inside], theme.color(token).rgba())
    return drawn


def _blend(pixels: NDArray[np.uint32], color: int) -> NDArray[np.uint32]:
    made = np.full_like(pixels, 0xFF000000)
    for shift in (16, 8, 0):
        own = (pixels >> np.uint32(shift)) & np.uint32(255)
        other = color >> shift & 255
        level = (own * (1 - PART) + other * PART).astype(np.uint32)
        made |= level << np.uint32(shift)
    return made
