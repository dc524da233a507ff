"""What a training process tells of codes, of batch sizes and of what skips are worth. No torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.training.process.step_seen import Pixels


@dataclass(frozen=True)
class CodeSeen:
    """An auto-encoder's codes of the pictures kept for it: their first two principal components.

    `points` is (pictures, 2), `shares` what part of all variance each of the two has. `accuracy`
    is that of a linear classifier on the codes and on the pixels, None without classes; sizes are
    bytes of a picture, PSNR in dB. `plain` is all of it as a report has it. `near_zero` is the
    share of numbers below a tenth of the largest: how sparse the code is.
    """

    points: NDArray[np.float32]
    classes: tuple[str, ...]
    shares: tuple[float, ...]
    length: int
    accuracy: tuple[float, float] | None
    raw_bytes: int
    code_bytes: int
    psnr: float
    jpeg_bytes: float | None
    layer: str = ""
    plain: Mapping[str, Any] = field(default_factory=dict)
    near_zero: float = 0.0


@dataclass(frozen=True)
class CodesSeen:
    """The codes of each twin that has some, after its last step."""

    run: int
    step: int
    twins: Mapping[str, CodeSeen]


@dataclass(frozen=True)
class TwinCodes:
    """A twin's codes of held-out pictures after so many steps.

    `points` (pictures, 2) are their first principal components with their `shares` of the
    variance, `pictures` (pictures, height, width, 3) what was encoded, `classes` their groups.
    `nearest` (pictures, 3) are the pictures with the nearest codes.
    """

    run: int
    step: int
    twin: str
    points: NDArray[np.float32]
    shares: tuple[float, ...]
    classes: tuple[str, ...]
    pictures: NDArray[np.uint8]
    nearest: NDArray[np.int64]


@dataclass(frozen=True)
class CodePair:
    """The way between two pictures' codes, decoded, and a second picture with the first's code.

    `way` is (steps, height, width, 3). `twin_picture` was found from the second picture on; its
    code is `code_distance` of the way between both codes from the first's, and it differs from
    the first picture by `picture_distance` (root mean square, 1 is black to white).
    """

    run: int
    step: int
    twin: str
    first: int
    second: int
    way: NDArray[np.uint8]
    twin_picture: Pixels
    code_distance: float
    picture_distance: float


@dataclass(frozen=True)
class SizeSeen:
    """A batch size: the gradient's noise over `draws` batches, memory and time of one step.

    As `analysis.training.batch_noise.SizeMeasured` says them.
    """

    size: int
    draws: int
    noise: float | None
    kept_bytes: int
    seconds: float


@dataclass(frozen=True)
class SizesSeen:
    """What the batch size does to a twin's step, after so many steps."""

    run: int
    step: int
    twin: str
    sizes: tuple[SizeSeen, ...]


@dataclass(frozen=True)
class TwinWorth:
    """What each skip of a twin is worth, as `analysis.training.skip_worth.SkipWorth` says it."""

    values: Mapping[str, float]
    all: float
    none: float


@dataclass(frozen=True)
class SkipsSeen:
    """What the skips are worth after so many steps, of each twin where that can be measured."""

    run: int
    step: int
    twins: Mapping[str, TwinWorth]
