"""Gates: on wires, where an off-mode replaces what α takes away, and on single channels."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from analysis.graph.off_mode import OffMode

Edge = tuple[str, int]
"""A gated wire: (id of the join, number of its port)."""


@dataclass(frozen=True)
class Gates:
    """α of each gated wire, 1 where it is not named, and what takes the place of the rest.

    The wire carries α·s + (1 − α)·r with r = 0 (`zero`), the means of the channels (`mean`) or
    seeded noise of the channels' means and deviations (`noise`). α may be a tensor that
    broadcasts, such as (N, 1, 1, 1) for one gate an image. `channels` scales single channels of
    a node's output, by node and channel.
    """

    alpha: Mapping[Edge, float | Tensor] = field(default_factory=dict)
    off: OffMode = "zero"
    channels: Mapping[str, Mapping[int, float]] = field(default_factory=dict)

    def state(self, edge: Edge) -> tuple[float | Tensor, str]:
        """(α, off-mode) of that wire, α a number or (N, 1, …): equal states give equal values."""
        alpha = self.alpha.get(edge, 1.0)
        open_ = not isinstance(alpha, Tensor) and alpha == 1.0
        return (1.0, "") if open_ else (alpha, self.off)

    def channels_of(self, node: str) -> dict[int, float]:
        """α of the channels of a node that are not passed on as they are."""
        return {c: alpha for c, alpha in self.channels.get(node, {}).items() if alpha != 1.0}


OPEN = Gates()


def with_scaled_channels(value: Tensor, alpha: Mapping[int, float]) -> Tensor:
    """(N, C, *spatial) with each of these channels times its α; `value` itself where none is."""
    known = {channel: each for channel, each in alpha.items() if channel < value.shape[1]}
    if not known:
        return value
    scale = torch.ones(value.shape[1], dtype=value.dtype, device=value.device)
    for channel, each in known.items():
        scale[channel] = each
    return value * scale.reshape(1, -1, *[1] * (value.ndim - 2))


def gated(signal: Tensor, edge: Edge, alpha: float | Tensor, off: OffMode) -> Tensor:
    """α·s + (1 − α)·r, (N, C, *spatial) like the signal s; s itself, bit for bit, if α is 1."""
    if not isinstance(alpha, Tensor) and alpha == 1.0:
        return signal
    if off == "zero":
        return signal * alpha
    return signal * alpha + replacement(signal, edge, off) * (1.0 - alpha)


def replacement(signal: Tensor, edge: Edge, off: OffMode) -> Tensor:
    """What a closed gate passes on: (N, C, …) like `signal`, or broadcast to it."""
    if off == "zero":
        return torch.zeros((), dtype=signal.dtype, device=signal.device)
    axes = list(range(2, signal.ndim))
    mean = signal.mean(axes, keepdim=True) if axes else signal
    if off == "mean" or not axes:
        return mean
    digest = hashlib.sha256(f"{edge[0]}/{edge[1]}".encode()).digest()
    source = torch.Generator().manual_seed(int.from_bytes(digest[:7], "big"))
    grain = torch.randn(signal.shape, generator=source).to(signal.device, signal.dtype)
    return mean + grain * signal.std(axes, correction=0, keepdim=True)
