"""What a network is to learn: how a batch of pictures becomes what it is given and what it owes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from analysis.inference.image import add_noise, to_channels
from analysis.inference.protocol.runs import Noise
from analysis.training.datasets import DataSet, Example
from analysis.training.recipe import NoiseRecipe, Recipe

if TYPE_CHECKING:
    from torch import Tensor

Images = NDArray[np.float32]
"""(images, channels, height, width) in [0, 1]."""
HOLE = 0.25
"""`inpaint` takes a square of this share of the side out of an image, and fills it with grey."""
COARSE = 2
"""`super_resolve` gives an image of half the resolution, each pixel repeated."""
IGNORED = -1


@dataclass(frozen=True)
class Batch:
    """What the network is given and what its output is held against.

    `wanted` is (images, channels, height, width), or labels (images, height, width) to segment.
    """

    given: Images
    wanted: NDArray[Any]


class BatchSource:
    """Draws the batches of a recipe: step n has the same images, whoever asks and when.

    Of several processes that train together, `rows` says which of so many images are this one's.
    """

    def __init__(
        self, recipe: Recipe, data: DataSet, channels: int, rows: Callable[[int], range] = range
    ) -> None:
        self.recipe = recipe
        self._rows = rows
        self.pictures = [_Picture(each, channels, data.upright) for each in data.training]
        often = np.array(data.often or (1.0,) * len(self.pictures))
        self.odds = often / often.sum()
        self._last: tuple[int, int, Batch] | None = None

    def batch(self, step: int, count: int) -> Batch:
        """The first `count` images of the step's batch; a larger count only adds to them.

        The last batch is kept: twins are given the same one.
        """
        rows = self._rows(count)
        if self._last is not None and self._last[0] == step and self._last[1] >= count:
            kept = self._last[2]
            return Batch(kept.given[: len(rows)], kept.wanted[: len(rows)])
        made = self._drawn(step, rows)
        self._last = step, count, made
        return made

    def _drawn(self, step: int, rows: Iterable[int]) -> Batch:
        drawn = [self._image(step, at) for at in rows]
        return Batch(
            np.stack([given for given, _ in drawn]), np.stack([wanted for _, wanted in drawn])
        )

    def _image(self, step: int, at: int) -> tuple[Images, NDArray[Any]]:
        source = np.random.default_rng([self.recipe.seed, step, at])
        return self._of(int(source.choice(len(self.pictures), p=self.odds)), source)

    def fresh(self, step: int, count: int) -> Batch:
        """The whole batch of a step, which does not take the place of the one that is kept."""
        return self._drawn(step, range(count))

    def draws(self, picture: int, count: int) -> Batch:
        """So many images of one training picture, drawn as those of the batches are."""
        source = np.random.default_rng([self.recipe.seed, 0xA06, picture])
        drawn = [self._of(picture, source) for _ in range(count)]
        return Batch(
            np.stack([given for given, _ in drawn]), np.stack([wanted for _, wanted in drawn])
        )

    def _of(self, index: int, source: np.random.Generator) -> tuple[Images, NDArray[Any]]:
        picture = self.pictures[index]
        clean, labels = picture.patch(self.recipe.patch, source)
        given = spoilt(clean, self.recipe, source)
        return given, labels if self.recipe.task == "segment" else clean


@dataclass
class _Picture:
    """A training picture, (channels, height, width), with its labels."""

    values: Images
    labels: NDArray[np.int64] | None
    upright: bool

    def __init__(self, example: Example, channels: int, upright: bool = False) -> None:
        self.values = to_channels(example.pixels, channels)
        self.upright = upright
        self.labels = None if example.labels is None else example.labels.astype(np.int64)

    def patch(self, side: int, source: np.random.Generator) -> tuple[Images, NDArray[Any]]:
        """A random square of it, turned and mirrored, a little lighter or darker.

        The middle of it as it is where it is `upright`.
        """
        if self.upright:
            return middle(self.values, (side, side)), self.values[0]
        top, left = (int(source.integers(length - side + 1)) for length in self.values.shape[1:])
        rows, columns = slice(top, top + side), slice(left, left + side)
        turns, mirrored = int(source.integers(4)), bool(source.random() < 0.5)
        gain, shift = source.uniform(0.75, 1.25), source.uniform(-0.1, 0.1)
        cut = _turned(self.values[:, rows, columns], turns, mirrored)
        values = np.clip((cut - 0.5) * np.float32(gain) + np.float32(0.5 + shift), 0, 1)
        if self.labels is None:
            return values.astype(np.float32), values[0]
        return values.astype(np.float32), _turned(
            self.labels[None, rows, columns], turns, mirrored
        )[0]


def _turned(values: NDArray[Any], quarters: int, mirrored: bool) -> NDArray[Any]:
    turned = np.rot90(values, quarters, (1, 2))
    return np.ascontiguousarray(turned[:, :, ::-1] if mirrored else turned)


# ------------------------------------------------------------------------------- what is given


def spoilt(clean: Images, recipe: Recipe, source: np.random.Generator) -> Images:
    """What the network is given of a clean image, (channels, height, width), in training."""
    match recipe.task:
        case "denoise":
            return noisy(clean, recipe.noise, source)
        case "inpaint":
            return with_hole(clean, source)
        case "super_resolve":
            return coarse(clean)
        case _:
            return clean


KINDS: Mapping[str, Literal["gaussian", "poisson", "salt"]] = {
    "gaussian": "gaussian",
    "poisson": "poisson",
    "salt_and_pepper": "salt",
}
"""A recipe's kinds of noise, as the live picture has them."""


def noisy(clean: Images, noise: NoiseRecipe, source: np.random.Generator) -> Images:
    """The image with noise whose strength is drawn from the recipe's range."""
    sigma, seed = source.uniform(*noise.sigma), int(source.integers(2**31))
    return add_noise(clean, Noise(KINDS[noise.kind], sigma, seed))


def with_hole(clean: Images, source: np.random.Generator) -> Images:
    """The image with a grey square somewhere."""
    height, width = clean.shape[1:]
    side = max(1, round(min(height, width) * HOLE))
    top, left = (int(source.integers(length - side + 1)) for length in (height, width))
    made = clean.copy()
    made[:, top : top + side, left : left + side] = 0.5
    return made


def coarse(clean: Images) -> Images:
    """The image at half the resolution, each pixel repeated; an odd last row or column is kept."""
    height, width = (length // COARSE * COARSE for length in clean.shape[1:])
    blocks = clean[:, :height, :width]
    shape = (len(clean), height // COARSE, COARSE, width // COARSE, COARSE)
    mean = blocks.reshape(shape).mean((2, 4), keepdims=True)
    made = clean.copy()
    made[:, :height, :width] = np.broadcast_to(mean, shape).reshape(blocks.shape)
    return made


# ------------------------------------------------------------------------------ what is measured


def strengths(recipe: Recipe) -> tuple[float, ...]:
    """The σ that held-out pictures are measured at; 0 alone for a task without noise."""
    return recipe.evaluate.sigma if recipe.task == "denoise" else (0.0,)


def held_out_input(clean: Images, recipe: Recipe, sigma: float) -> Images:
    """What the network is given of a held-out image: the same at every measurement."""
    if recipe.task != "denoise":
        return spoilt(clean, recipe, np.random.default_rng(0))
    return add_noise(clean, Noise(KINDS[recipe.noise.kind], sigma, 0))


def loss_of(output: Tensor, batch: Batch, recipe: Recipe) -> Tensor:
    """The mean loss of outputs (images, channels, height, width), a number.

    L1 or the mean squared error; cross-entropy over classes, or of one channel's logit, to
    segment (with IGNORED labels left out). Where the output is smaller, as of a network without
    padding, it is held against the middle.
    """
    return compared(output, wanted_of(output, batch), recipe)


def wanted_of(output: Tensor, batch: Batch) -> Tensor:
    """What the batch wants, of the output's height and width and on its device."""
    import torch

    return torch.from_numpy(middle(batch.wanted, tuple(output.shape[-2:]))).to(output.device)


def compared(output: Tensor, wanted: Tensor, recipe: Recipe) -> Tensor:
    """The mean loss of an output against what is wanted, both (images, …)."""
    from torch.nn import functional

    if recipe.task != "segment":
        compare = functional.l1_loss if recipe.loss == "l1" else functional.mse_loss
        return compare(output, wanted)
    if output.shape[1] > 1:
        return functional.cross_entropy(output, wanted, ignore_index=IGNORED)
    known = wanted != IGNORED
    logits = output[:, 0][known]
    return functional.binary_cross_entropy_with_logits(logits, (wanted[known] > 0).to(output.dtype))


def middle(values: NDArray[Any], size: Sequence[int]) -> NDArray[Any]:
    """The middle (height, width) of values (…, height, width)."""
    top, left = ((have - take) // 2 for have, take in zip(values.shape[-2:], size, strict=True))
    return np.ascontiguousarray(values[..., top : top + size[0], left : left + size[1]])
