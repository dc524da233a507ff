"""Statistics of every channel of a layer, and the channels that are nearly the same."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

ALIKE = 0.99
"""|r| from which on two maps count as the same but for scale and shift."""
MOST_UNITS = 1 << 16
"""Units that maps are compared on; of larger ones every so-manieth."""


@dataclass(frozen=True)
class Statistics:
    """Each (channels,): smallest, largest, mean, variance, mean of squares, part that is 0."""

    low: Tensor
    high: Tensor
    mean: Tensor
    variance: Tensor
    energy: Tensor
    zeros: Tensor


def statistics(maps: Tensor) -> Statistics:
    """Of maps (C, …), over all units of each channel."""
    flat = maps.flatten(1).float()
    low, high = torch.aminmax(flat, dim=1)
    variance, mean = torch.var_mean(flat, 1, correction=0)
    zeros = (flat == 0).float().mean(1)
    return Statistics(low, high, mean, variance, variance + mean * mean, zeros)


def near_duplicates(maps: Tensor) -> tuple[tuple[int, int, float], ...]:
    """(channel, the first one before it that it is like, their correlation), maps (C, …).

    Flat channels have no correlation and are left out.
    """
    flat = maps.flatten(1).float()
    flat = flat[:, :: max(1, flat.shape[1] // MOST_UNITS)]
    centred = flat - flat.mean(1, keepdim=True)
    length = centred.norm(dim=1, keepdim=True)
    varied = (length[:, 0] > 0) & torch.isfinite(length[:, 0])
    level = torch.where(varied[:, None], centred / length.clamp_min(1e-30), centred.new_zeros(()))
    correlation = level @ level.T
    alike = (correlation.abs() >= ALIKE).tril(-1)
    found = []
    for channel in alike.any(1).nonzero().flatten().tolist():
        first = int(alike[channel].nonzero()[0])
        found.append((channel, first, float(correlation[channel, first].clamp(-1, 1))))
    return tuple(found)
