"""Images sent to the engine: a file or its pixels, and the facts read from the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.storage.image_reading import ImageReading
from analysis.storage.target_kind import TargetKind

Pixels = NDArray[Any]
"""(height, width, 3), uint8 or float32 in [0, 1]."""


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What is known of a decoded image file: `size` is the (height, width) of the file itself.

    The pixels have `reduction` times smaller sides. `span` is (low, high), the values of the file
    that are black and white; None where it has 8 bits, which are taken as they are. `page` of
    `pages` counts from 1: a page, a frame, or a slice of a volume along the chosen axis. `axes` is
    3 for a volume. `channels` are those that can be chosen from, `spacing` the millimetres between
    two voxels along depth, height and width, where the file says it.
    """

    size: tuple[int, int]
    reduction: int = 1
    span: tuple[float, float] | None = None
    page: int = 1
    pages: int = 1
    axes: int = 2
    channels: int = 1
    spacing: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Decoded:
    """An image's pixels, and what is known of the file they come from.

    `planes`, (channels, height, width) or (channels, depth, height, width) float32 in [0, 1], are
    all values of a file that holds more than a picture: other than one or three channels, or a
    part of a volume. The pixels are then of the middle slice.
    """

    pixels: Pixels = field(repr=False, compare=False)
    facts: ImageFacts
    planes: NDArray[np.float32] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class ImageSource:
    """An image to run on: a file, or pixels (height, width, 3) uint8, e.g. from the clipboard.

    `hash` names the content: the engine decodes again only when it or the `reading` changes.
    `decoded` is what somebody has decoded of the file with this reading already. `taken_as` says
    what a target is, None lets its content decide.
    """

    hash: str
    path: str | None = None
    pixels: NDArray[np.uint8] | None = field(default=None, compare=False, repr=False)
    reading: ImageReading = field(default_factory=ImageReading)
    decoded: Decoded | None = field(default=None, compare=False, repr=False)
    stream: str = ""
    """Names the film or the camera whose frame it is: ranges and statistics are held over all."""
    taken_as: TargetKind | None = None
