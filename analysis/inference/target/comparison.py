"""Lays a target on a network's output, as its image lies on the input, and compares the two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.facts import Facts
from analysis.faults import Fault
from analysis.inference.image import psnr
from analysis.inference.image_file.formats import ImageError
from analysis.inference.network_input import as_input
from analysis.inference.protocol.images import ImageFacts, ImageSource
from analysis.inference.protocol.runs import ImageFit
from analysis.inference.protocol.target import TargetScores
from analysis.inference.source_file import read_image
from analysis.inference.target.labels import Labels, is_picture, numbered, read_mask
from analysis.inference.target.scores import outlines, overlaps, predicted
from analysis.inference.target.similarity import ssim
from analysis.inference.volume_file.volume import cut
from analysis.storage.image_reading import ImageReading

MOST_VALUES = 1 << 18
"""Of an output whose SSIM is computed with every frame: 3 × 295², or 512² in one channel."""


@dataclass(frozen=True)
class LaidMask:
    """The labels at the output's units, (*spatial); above `threshold` one channel is label 1."""

    labels: Labels
    threshold: float


@dataclass(frozen=True)
class LaidPicture:
    """The target as the output should be, (channels, *spatial) in [0, 1]."""

    pixels: NDArray[np.float32]


class TargetComparison:
    """Reads the newest target once and holds outputs against it."""

    def __init__(self) -> None:
        self._key: object = None
        self._mask: NDArray[np.float32] | None = None
        self._looks: tuple[int, bool] | None = None
        """(channels of the output, whether the mask is rather a picture)."""

    def scores(
        self,
        target: ImageSource,
        image: ImageFacts,
        fit: ImageFit,
        facts: Facts,
        output: NDArray[np.float32],
        most_values: int = MOST_VALUES,
        given: NDArray[np.float32] | None = None,
    ) -> TargetScores:
        """What `output` (channels, *spatial) is worth; what cannot be compared is a fault in it.

        Of an output of more than `most_values` the SSIM, which costs more than a frame, is left
        for later.
        `image` and `fit` say where the image, whose place the target has, lies on the input, and
        `given` is that input, with its noise.
        """
        laid = self.laid(target, image, fit, facts, output.shape)
        if isinstance(laid, Fault):
            return TargetScores(target.taken_as or "mask", fault=laid, other=self._mask is not None)
        if isinstance(laid, LaidPicture):
            later = output.size > most_values
            return TargetScores(
                "picture",
                psnr=psnr(output, laid.pixels),
                psnr_in=_psnr_in(given, laid),
                ssim=None if later else ssim(output, laid.pixels),
                ssim_later=later,
                other=self._mask is not None,
            )
        return replace(_of_mask(laid, output), other=True)

    def laid(
        self,
        target: ImageSource,
        image: ImageFacts,
        fit: ImageFit,
        facts: Facts,
        shape: Sequence[int],
    ) -> LaidMask | LaidPicture | Fault:
        """The target laid on an output of `shape` (channels, *spatial); arguments as `scores`."""
        try:
            mask = self._read(target, image)
            if mask is None or self._is_picture(mask, target, shape[0]):
                decoded = read_image(target.path or "", target.reading, tuple(shape[-2:]))
                return LaidPicture(as_input(decoded, tuple(shape)))
        except ImageError as error:
            return error.fault
        shown = _laid(numbered(mask, shape[0]), image, fit, facts, shape[1:])
        return shown if isinstance(shown, Fault) else LaidMask(shown, _threshold(facts))

    def _is_picture(self, mask: NDArray[np.float32], target: ImageSource, classes: int) -> bool:
        """As somebody said it, else as it looks, which is found out once."""
        if target.taken_as is not None:
            return target.taken_as == "picture"
        if self._looks is None or self._looks[0] != classes:
            self._looks = (classes, is_picture(mask, classes))
        return self._looks[1]

    def _read(self, target: ImageSource, image: ImageFacts) -> NDArray[np.float32] | None:
        reading = ImageReading(page=image.page if image.axes == 2 else 0, axis=target.reading.axis)
        key = (target.hash, target.path, reading)
        if key != self._key:
            page = reading if image.pages > 1 else ImageReading(axis=reading.axis)
            self._mask = read_mask(Path(target.path or ""), page)
            self._key, self._looks = key, None
        return self._mask


def _laid(
    labels: Labels, image: ImageFacts, fit: ImageFit, facts: Facts, size: Sequence[int]
) -> Labels | Fault:
    """The labels at the output's units, (*size); `target-other-size` (pages, pages of it)."""
    inputs = next(iter(facts.graph.inputs))
    shape = facts.layers[inputs.id].shape or ()
    if len(shape) == 4:
        at = image.page - 1 if len(labels) > 1 else 0
        if len(labels) > 1 and len(labels) != image.pages:
            return Fault("target-other-size", (image.pages, len(labels)))
        on_input: Labels = cut(labels[None], shape[1:], at)[0]
    else:
        plane = labels[min(image.page - 1, len(labels) - 1)]
        on_input = _plane_on_input(plane, fit)
    if len(size) != on_input.ndim:
        return Fault("target-other-axes", (len(size), on_input.ndim))
    places = [_units(one, other) for one, other in zip(size, on_input.shape, strict=True)]
    laid: Labels = on_input[np.ix_(*places)]
    return laid


def _plane_on_input(plane: Labels, fit: ImageFit) -> Labels:
    """(height, width) of the file → of the network's input, each pixel the nearest label."""
    places = []
    for length, own, original, before in zip(
        fit.network, plane.shape, fit.original, (fit.top, fit.left), strict=True
    ):
        along = (np.arange(length) + 0.5 + before) / fit.scale * (own / original)
        places.append(np.clip(along.astype(int), 0, own - 1))
    laid: Labels = plane[np.ix_(*places)]
    return laid


def _units(count: int, length: int) -> NDArray[np.intp]:
    """The input pixel at the middle of each of `count` units, which lie in the middle of it.

    A network without padding gives fewer units of the same distance, one that ends at half the
    resolution units of twice the distance.
    """
    jump = max(1, round(length / count)) if count * 2 <= length + 1 else 1
    start = (length - count * jump) / 2
    middles = np.floor(start + (np.arange(count) + 0.5) * jump).astype(np.intp)
    units: NDArray[np.intp] = np.clip(middles, 0, length - 1)
    return units


def _psnr_in(given: NDArray[np.float32] | None, laid: LaidPicture) -> float | None:
    if given is None or given.shape != laid.pixels.shape:
        return None
    return psnr(given, laid.pixels)


def _of_mask(laid: LaidMask, output: NDArray[np.float32]) -> TargetScores:
    target, threshold = laid.labels, laid.threshold
    found = predicted(output, threshold)
    each = overlaps(found, target)
    middle = tuple(length // 2 for length in target.shape[:-2])
    return TargetScores(
        "mask",
        each,
        dice=float(np.mean([one.dice for one in each.values()])) if each else None,
        iou=float(np.mean([one.iou for one in each.values()])) if each else None,
        threshold=threshold if len(output) == 1 else None,
        outlines=outlines(found[middle], target[middle]) if target.ndim >= 2 else None,
    )


def _threshold(facts: Facts) -> float:
    """½ where the network ends in a sigmoid, 0 where it gives the numbers before one."""
    last = facts.graph.output
    if last.operator.key == "output" and last.inputs:
        last = facts.graph[last.inputs[0]]
    return 0.5 if last.operator.key in ("sigmoid", "hard_sigmoid", "softmax") else 0.0
