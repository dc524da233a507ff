"""Counts the channels of a feature map that are constant, and those that are copies of others."""

from __future__ import annotations

import torch
from torch import Tensor

from analysis.review import ChannelCounts

FEWEST_PIXELS = 16
"""Maps of fewer are not judged: they are constant, or alike, by chance."""
MOST_PIXELS = 4096
"""Of a larger map pixels are taken at even distances to compare its channels."""
FLAT = 1e-6
"""A channel is constant when it spans less than this part of the layer's largest value."""
ALIKE = 0.999
"""Two channels are copies when their correlation is at least this."""


def channel_counts(value: Tensor) -> ChannelCounts | None:
    """The counts of a map (C, *spatial); None of one that is too small to tell."""
    flat = value.flatten(1).float()
    if flat.shape[1] < FEWEST_PIXELS:
        return None
    span = flat.amax(1) - flat.amin(1)
    varies = span > FLAT * float(flat.abs().amax())
    return ChannelCounts(len(flat), int((~varies).sum()), _copies(flat[varies]))


def _copies(flat: Tensor) -> int:
    """How many channels are, but for scale and offset, one that stands before them."""
    if len(flat) < 2:
        return 0
    some = flat[:, :: max(1, flat.shape[1] // MOST_PIXELS)].double()
    centred = some - some.mean(1, keepdim=True)
    unit = centred / centred.norm(dim=1, keepdim=True).clamp_min(1e-30)
    alike = (unit @ unit.T).abs() >= ALIKE
    return int(torch.tril(alike, -1).any(1).sum())
