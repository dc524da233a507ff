"""What an output is worth against a target: picklable frozen values, no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from analysis.faults import Fault
from analysis.storage.target_kind import TargetKind

OF_TARGET, OF_OUTPUT = 1, 2
"""Bits of `outlines`."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Dice = 2|A ∩ B| / (|A| + |B|) and IoU = |A ∩ B| / |A ∪ B| of one label; both in [0, 1]."""

    dice: float
    iou: float


@dataclass(frozen=True, slots=True)
class TargetScores:
    """An output held against a target of the same place.

    A `mask` is compared label by label (0 is the ground): `overlaps` has the labels from 1 on
    that the target or the output holds, `dice` and `iou` their means (None where there is none).
    `threshold` is the value above which an output of one channel counts as label 1; of several
    channels the largest counts. A `picture` has its PSNR in dB, None where they are equal, and its
    SSIM, None where it was not computed; `psnr_in` is the PSNR of what the network was given, None
    where that has another shape. `other` says that the file can be taken as the other kind.
    `outlines`, (height, width) uint8 of the output's shown slice, marks the pixels of a border:
    bit OF_TARGET of the target's labels, bit OF_OUTPUT of the output's.
    """

    kind: TargetKind
    overlaps: Mapping[int, Overlap] = field(default_factory=dict)
    dice: float | None = None
    iou: float | None = None
    threshold: float | None = None
    psnr: float | None = None
    psnr_in: float | None = None
    ssim: float | None = None
    ssim_later: bool = False
    """Whether it costs more than a frame and is still to come."""
    other: bool = False
    outlines: NDArray[np.uint8] | None = field(default=None, compare=False, repr=False)
    fault: Fault | None = None
    """Why the target cannot be compared; the numbers are then empty."""
