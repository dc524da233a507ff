"""Pictures that are never learnt from, or measured beside them: what networks make of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from analysis.facts import analyse
from analysis.inference.image import psnr, to_channels
from analysis.training.datasets import Example
from analysis.training.recipe import Recipe
from analysis.training.tasks import IGNORED, Batch, held_out_input, loss_of, middle
from analysis.training.twins import TwinNetwork, with_size

Outputs = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""A network: (channels, height, width) → (channels, height, width)."""


@dataclass(frozen=True)
class Judged:
    """A network's output (channels, height, width) for a picture, its score and its loss.

    The score is PSNR in dB of the output cut to [0, 1], or its IoU with the labels; None where
    it has none, as of two equal pictures.
    """

    output: NDArray[np.float32]
    score: float | None
    loss: float


def mean_score(judged: Iterable[Judged]) -> float | None:
    """The mean of the scores that there are."""
    known = [each.score for each in judged if each.score is not None]
    return float(np.mean(known)) if known else None


class HeldOut:
    """A picture that is never learnt from, at a size that every twin takes."""

    def __init__(self, example: Example, channels: int, side: tuple[int, int]) -> None:
        values = to_channels(example.pixels, channels)
        self.clean: NDArray[np.float32] = middle(values, side)
        self.labels = None if example.labels is None else middle(example.labels, side)

    def given_score(self, recipe: Recipe, sigma: float) -> float | None:
        """PSNR in dB of what the networks are given."""
        return psnr(held_out_input(self.clean, recipe, sigma), self.clean)

    def judged(self, outputs: Outputs, recipe: Recipe, sigma: float) -> Judged:
        """What a network makes of the picture, spoilt as `sigma` says."""
        given = held_out_input(self.clean, recipe, sigma)
        output = outputs(given)
        wanted = self.clean if recipe.task != "segment" else self.labels
        assert wanted is not None
        batch = Batch(given[None], wanted[None].astype(_kind(wanted)))
        loss = float(loss_of(torch.from_numpy(output)[None], batch, recipe))
        return Judged(output, self._score(output, recipe), loss)

    def _score(self, output: NDArray[np.float32], recipe: Recipe) -> float | None:
        if recipe.task != "segment":
            return psnr(output, middle(self.clean, output.shape[-2:]))
        assert self.labels is not None
        wanted = middle(self.labels, output.shape[-2:])
        known = wanted != IGNORED
        said = labels_of(output)
        both = ((said > 0) & (wanted > 0) & known).sum()
        either = (((said > 0) | (wanted > 0)) & known).sum()
        return float(both / either) if either else None


def labels_of(output: NDArray[np.float32]) -> NDArray[np.int64]:
    """The class, (height, width), that an output of one logit or of one for each class says."""
    found: NDArray[Any] = output.argmax(0) if len(output) > 1 else output[0] > 0
    return found.astype(np.int64)


def _kind(wanted: NDArray[Any]) -> type[np.float32] | type[np.int64]:
    return np.int64 if wanted.dtype.kind == "i" else np.float32


def common_side(twins: list[TwinNetwork], example: Example, patch: int) -> tuple[int, int]:
    """The largest (height, width) of the picture that all twins take; `patch` works always.

    Sides are tried that are multiples of what the deepest network halves.
    """
    sides = [side // 32 * 32 for side in example.pixels.shape[:2]]
    size = (max(sides[0], patch), max(sides[1], patch))
    if min(sides) >= patch and all(_takes(twin, size) for twin in twins):
        return size
    return patch, patch


def _takes(twin: TwinNetwork, size: tuple[int, int]) -> bool:
    facts = analyse(with_size(twin.graph, size))
    if any(layer.fault is not None for layer in facts.layers.values()):
        return False
    return all(  # a dense layer needs other weights at another size
        each.shape == other.shape
        for node, read in twin.facts.tensors.items()
        for each, other in zip(read, facts.tensors.get(node, ()), strict=False)
    )
