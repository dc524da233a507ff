"""Measures what the batch size does to a step: the gradient's noise, its memory and its time."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

from analysis.training.tasks import BatchSource
from analysis.training.trainer import Trainer

SIZES = (1, 2, 4, 8, 16, 32)
IMAGES, FEWEST, MOST = 64, 4, 16
"""Batches of a size: as many as have IMAGES images, but not fewer and not more than so many."""
LONGEST = 20.0
"""Seconds: the next size is not begun where it is to be feared that all of them take longer."""
FIRST = 1 << 40
"""Steps from here on belong to no training: their batches are others than those it learns from."""


@dataclass(frozen=True)
class SizeMeasured:
    """One batch size: `noise` over `draws` batches, and what one step on it takes.

    With gradients g of the batches and G the mean gradient of all images that were drawn, noise
    is sqrt(Σ‖g − mean g‖² / (draws − 1)) / ‖G‖; None where G is 0. `kept_bytes` is what the
    forward pass keeps for the way back, beside the weights; `seconds` those of one batch.
    """

    size: int
    draws: int
    noise: float | None
    kept_bytes: int
    seconds: float


def measure(
    trainer: Trainer, source: BatchSource, clock: Callable[[], float] = time.perf_counter
) -> tuple[SizeMeasured, ...]:
    """Each of SIZES at the weights as they are, without changing them. Raises NodeError."""
    found: list[tuple[int, list[Tensor], int, float]] = []
    begun, batches = clock(), 0
    for size in SIZES:
        draws = min(MOST, max(FEWEST, IMAGES // size))
        if found and clock() - begun + 2 * found[-1][3] * draws > LONGEST:
            break
        started, gradients = clock(), []
        with counted() as kept:
            for at in range(draws):
                kept.clear()
                gradients.append(trainer.gradient(source.fresh(FIRST + batches + at, size)))
        batches += draws
        found.append((size, gradients, sum(kept.values()), (clock() - started) / draws))
    images = sum(size * len(gradients) for size, gradients, _, _ in found)
    mean = sum(size * g for size, gradients, _, _ in found for g in gradients) / images
    length = float(torch.as_tensor(mean).norm())
    return tuple(
        SizeMeasured(size, len(each), _noise(each, length), kept_bytes, seconds)
        for size, each, kept_bytes, seconds in found
    )


def _noise(gradients: list[Tensor], length: float) -> float | None:
    if not length:
        return None
    together = torch.stack(gradients)
    squares = (together - together.mean(0)).square().sum()
    return math.sqrt(float(squares) / (len(gradients) - 1)) / length


@contextmanager
def counted() -> Iterator[dict[int, int]]:
    """Bytes of each storage that autograd keeps, leaves such as weights left out, by address."""
    kept: dict[int, int] = {}

    def keep(tensor: Tensor) -> Tensor:
        if not tensor.is_leaf or not tensor.requires_grad:
            storage = tensor.untyped_storage()
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        yield kept
