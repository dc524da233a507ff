"""Images sent to the engine: a file or its pixels, and the facts read from the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.storage.image_reading import ImageReading

Pixels = NDArray[Any]
"""(height, width, 3), uint8 or float32 in [0, 1]."""


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What is known of a decoded image file: `size` is the (height, width) of the file itself.

    The pixels have `reduction` times smaller sides. `span` is (low, high), the values of the file
    that are black and white; None where it has 8 bits, which are taken as they are. `page` of
    `pages` counts from 1.
    """

    size: tuple[int, int]
    reduction: int = 1
    span: tuple[float, float] | None = None
    page: int = 1
    pages: int = 1


@dataclass(frozen=True, slots=True)
class Decoded:
    """An image's pixels, and what is known of the file they come from."""

    pixels: Pixels = field(repr=False, compare=False)
    facts: ImageFacts


@dataclass(frozen=True, slots=True)
class ImageSource:
    """An image to run on: a file, or pixels (height, width, 3) uint8, e.g. from the clipboard.

    `hash` names the content: the engine decodes again only when it or the `reading` changes.
    `decoded` is what somebody has decoded of the file with this reading already.
    """

    hash: str
    path: str | None = None
    pixels: NDArray[np.uint8] | None = field(default=None, compare=False, repr=False)
    reading: ImageReading = field(default_factory=ImageReading)
    decoded: Decoded | None = field(default=None, compare=False, repr=False)
