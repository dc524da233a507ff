"""Says what an output is worth: against the ungated one, a target picture or a target mask.

Every measure of the skips that shares something out shares this out. It is a tensor, so that
gradients flow through it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from analysis.inference.measures.gated_outputs import wide
from analysis.inference.protocol.images import ImageFacts
from analysis.inference.slot import Loaded, Slot
from analysis.inference.target.comparison import LaidMask, LaidPicture

LEAST_ERROR = 1e-10
"""Mean squared error of two pictures that are as good as equal: 100 dB."""

UNITS = {"psnr": "dB", "mse": "%", "dice": ""}
"""How f is written: a mean squared difference says little, so it is a part of the whole span."""


@dataclass(frozen=True)
class WorthOf:
    """f of an output (1, C, *spatial) as a scalar of float64."""

    name: Literal["mse", "psnr", "dice"]
    against: Literal["output", "target", "image"]
    of: Callable[[Tensor], Tensor]

    def __call__(self, output: Tensor) -> float:
        with torch.no_grad():
            return float(self.of(output)) + 0.0  # no −0


def worth_of(slot: Slot, loaded: Loaded, ungated: Tensor) -> WorthOf:
    """f for the slot's last run: against its target where it has one that can be compared."""
    target = against_target(slot, loaded, ungated)
    reference = wide(ungated.detach())
    return target or WorthOf(
        "mse", "output", lambda output: -(wide(output) - reference).square().mean()
    )


def against_target(slot: Slot, loaded: Loaded, output: Tensor) -> WorthOf | None:
    """f against the target of the slot's request; None where there is none to hold it to."""
    wanted = slot.request.target
    if wanted is None or slot.fit is None or output.ndim < 3:
        return None
    image = slot.image or ImageFacts(slot.fit.original)
    shape = tuple(output.shape[1:])
    laid = slot.target.laid(wanted, image, slot.fit, loaded.facts, shape)
    if isinstance(laid, LaidPicture):
        return _psnr(torch.from_numpy(laid.pixels), "target")
    if isinstance(laid, LaidMask):
        return _dice(torch.from_numpy(laid.labels), laid.threshold)
    return None


def against_image(slot: Slot, output: Tensor) -> WorthOf | None:
    """PSNR against the image without its noise, of a network that gives such an image."""
    clean = next(iter(slot.clean.values()), None)
    if clean is None or tuple(output.shape[1:]) != clean.shape:
        return None
    return _psnr(torch.from_numpy(clean), "image")


def _psnr(wanted: Tensor, against: Literal["target", "image"]) -> WorthOf:
    """Of the pictures as they are shown, cut to [0, 1], as everywhere (`image.psnr`)."""
    reference = wanted.double()[None].clamp(0, 1)

    def of(output: Tensor) -> Tensor:
        values = wide(output)
        error = (values.clamp(0, 1) - reference.to(values.device)).square().mean()
        return -10 * error.clamp_min(LEAST_ERROR).log10()

    return WorthOf("psnr", against, of)


def _dice(labels: Tensor, threshold: float) -> WorthOf:
    """Soft Dice; `labels` (*spatial) below 0 are left open, `threshold` as `TargetScores`' own."""
    known = labels >= 0
    present = sorted({label for label in labels.flatten().tolist() if label > 0}) or [1]

    def of(output: Tensor) -> Tensor:
        chances = wide(output[0])
        place = chances.device
        if threshold == 0:
            chances = chances.sigmoid() if len(chances) == 1 else chances.softmax(0)
        each = []
        for label in present:
            channel = 0 if len(chances) == 1 else min(label, len(chances) - 1)
            chance = chances[channel][known.to(place)]
            true = (labels == label)[known].double().to(place)
            each.append((2 * (chance * true).sum() + 1e-9) / (chance.sum() + true.sum() + 1e-9))
        return torch.stack(each).mean()

    return WorthOf("dice", "target", of)
