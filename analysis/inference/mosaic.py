"""Draws feature maps as pictures on the device at once, so that no activation need be kept.

Strided slice, smallest and largest value a channel, one multiply-add to uint8, tiles, then one
look-up in the ramp by `index_select` and one copy to the host.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.inference.host_copies import HostCopy, at_once
from analysis.inference.protocol.runs import ChannelMap, Mosaic, Picture, RangeMode, Thumbnail


@dataclass(frozen=True, slots=True)
class Ranges:
    """Values drawn as black and white: two (channels,) tensors."""

    low: Tensor
    high: Tensor


def planes(activation: Tensor) -> Tensor:
    """(1, C, *spatial) as (C, height, width): a volume gives its middle slice, a vector rows of 1.

    One axis is a row; a vector's features are the pixels of one channel, as square as they go.
    """
    maps = activation[0]
    if maps.ndim == 1:
        side = math.ceil(math.sqrt(maps.numel()))
        padded = torch.nn.functional.pad(maps, (0, side * side - maps.numel()))
        return padded.reshape(1, side, side)
    if maps.ndim == 2:
        return maps[:, None, :]
    while maps.ndim > 3:
        maps = maps[:, maps.shape[1] // 2]
    return maps


def numbers(values: Tensor) -> Tensor:
    """The values, of the same shape, with 0 for NaN and infinity, which are not drawn."""
    return torch.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)


def step_for(height: int, width: int, side: int) -> int:
    """The stride that brings the longest side down to at most `side`."""
    return max(1, math.ceil(max(height, width) / side))


FOLLOWS = 0.15
"""How far a smoothed range goes towards a frame's own."""


def ranges_of(
    maps: Tensor, mode: RangeMode, held: Ranges | None = None, symmetric: bool = False
) -> Ranges:
    """The ends of each channel's ramp, maps (C, h, w); `held` are those of the frame before.

    Where they are `symmetric`, zero lies in the middle.
    """
    if mode == "fixed" and held is not None:
        return held
    low, high = torch.aminmax(maps.flatten(1), dim=1)
    if mode == "shared":
        low, high = low.min().expand_as(low), high.max().expand_as(high)
    if symmetric:
        high = torch.maximum(low.abs(), high.abs())
        low = -high
    if mode == "smoothed" and held is not None:
        low, high = torch.lerp(held.low, low, FOLLOWS), torch.lerp(held.high, high, FOLLOWS)
    return Ranges(low, high)


_LARGEST = float(np.finfo(np.float32).max)


def levels(maps: Tensor, ranges: Ranges) -> Tensor:
    """(C, h, w) → uint8 from 0 at `low` to 255 at `high`; a flat channel is 0."""
    span = ranges.high - ranges.low
    scale = torch.where(span > 0, 255 / span, torch.zeros_like(span))[:, None, None]
    scale = scale.clamp(max=_LARGEST)  # infinite where the values differ by next to nothing
    # + ½ and the cast's cut make the nearest level.
    shift = 0.5 - ranges.low[:, None, None] * scale
    return torch.addcmul(shift, maps, scale).clamp_(0, 255).to(torch.uint8)


def coloured(level: Tensor, ramp: Tensor) -> Picture:
    """Colours 0xAARRGGBB of uint8 levels, of their shape, by the (256,) int32 ramp; on the host."""
    colours: Picture = _colours(level, ramp).cpu().numpy().view(np.uint32)
    return colours


def _colours(level: Tensor, ramp: Tensor) -> Tensor:
    flat = ramp.index_select(0, level.reshape(-1).to(torch.int32))
    return flat.reshape(level.shape)


def mosaic(
    node: str,
    activation: Tensor,
    side: int,
    *,
    ramp: Tensor,
    mode: RangeMode = "own",
    held: Ranges | None = None,
    symmetric: bool = False,
    bring: Callable[[Tensor], HostCopy] = at_once,
) -> tuple[Mosaic, Ranges]:
    """Every channel of (1, C, *spatial) as a tile of at most `side` px, tiled in about a square.

    `bring` copies to the host.
    """
    maps = planes(activation)
    stride = step_for(maps.shape[1], maps.shape[2], side)
    small = numbers(maps[:, ::stride, ::stride].contiguous().float())
    ranges = ranges_of(small, mode, held, symmetric)
    channels, height, width = small.shape
    columns = math.ceil(math.sqrt(channels))
    rows = math.ceil(channels / columns)
    level = levels(small, ranges)
    if rows * columns > channels:
        level = torch.cat([level, level.new_zeros(rows * columns - channels, height, width)])
    tiled = level.reshape(rows, columns, height, width).permute(0, 2, 1, 3)
    copy = bring(_colours(tiled.reshape(rows * height, columns * width), ramp))
    as_drawn = mode == "own" and not symmetric
    dead, constant = _flat(maps, ranges if as_drawn else ranges_of(small, "own"))
    ends = torch.stack([ranges.low, ranges.high], 1).cpu().numpy().astype(np.float32)
    pixels: Picture = copy.read().numpy().view(np.uint32)
    for empty in range(channels, rows * columns):
        column = empty % columns
        pixels[(rows - 1) * height :, column * width : (column + 1) * width] = 0
    drawn = Mosaic(
        node, channels, columns, (height, width), pixels, ends, dead=dead, constant=constant
    )
    return drawn, ranges


def _flat(maps: Tensor, drawn: Ranges) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Channels that are 0 everywhere, and those with one other value everywhere.

    Only those flat in what is drawn are looked at in full.
    """
    dead: list[int] = []
    constant: list[int] = []
    for channel in (drawn.low == drawn.high).nonzero().flatten().tolist():
        low, high = torch.aminmax(maps[channel])
        if low == high:
            (constant if low else dead).append(channel)
    return tuple(dead), tuple(constant)


def strongest_channel(activation: Tensor) -> int:
    """The index of the channel of largest variance of (1, C, *spatial)."""
    maps = planes(activation)
    stride = step_for(maps.shape[1], maps.shape[2], 64)
    variance = maps[:, ::stride, ::stride].flatten(1).float().var(1, correction=0)
    return int(variance.argmax())


def thumbnail(
    activation: Tensor,
    channel: int,
    side: int,
    *,
    ramp: NDArray[np.int32],
    mode: RangeMode = "own",
    held: tuple[float, float] | None = None,
    symmetric: bool = False,
) -> Thumbnail:
    """One channel of (1, C, *spatial) at most `side` px long; `held` are its last frame's ends.

    numpy on the host is faster for so few pixels.
    """
    maps = planes(activation)
    channel = min(channel, maps.shape[0] - 1)
    stride = step_for(maps.shape[1], maps.shape[2], side)
    seen = maps[channel, ::stride, ::stride].float().cpu().numpy()
    small = np.ascontiguousarray(seen)  # on the host numpy gathers faster than torch
    own = (float(small.min()), float(small.max()))
    is_finite = math.isfinite(own[0]) and math.isfinite(own[1])
    if not is_finite:
        small = np.nan_to_num(small, nan=0.0, posinf=0.0, neginf=0.0)
        own = (float(small.min()), float(small.max()))
    flat: Literal["", "dead", "constant"] = ""
    if own[0] == own[1] and is_finite:
        least, most = torch.aminmax(maps[channel])  # also of what lies between the pixels drawn
        if least == most:
            flat = "constant" if own[0] else "dead"
    low, high = _ends(own, mode, held, symmetric)
    scale = 255 / (high - low) if high > low else 0.0
    if scale > _LARGEST or high - low > _LARGEST:
        small = small.astype(np.float64)
    number = small.dtype.type
    level = small - number(low)
    level *= number(scale)
    level += number(0.5)
    if (low, high) != own:
        np.clip(level, 0, 255, out=level)
    pixels: Picture = ramp.view(np.uint32).take(level.astype(np.uint8))
    return Thumbnail(channel, int(maps.shape[0]), pixels, low, high, flat)


def _ends(
    own: tuple[float, float], mode: RangeMode, held: tuple[float, float] | None, symmetric: bool
) -> tuple[float, float]:
    """What `ranges_of` gives for one channel; of a shared range its own."""
    if mode == "fixed" and held is not None:
        return held
    low, high = own
    if symmetric:
        high = max(abs(low), abs(high))
        low = -high
    if mode == "smoothed" and held is not None:
        low += (held[0] - low) * (1 - FOLLOWS)
        high += (held[1] - high) * (1 - FOLLOWS)
    return low, high


def channel_map(node: str, activation: Tensor, channel: int) -> ChannelMap:
    """One channel of (1, C, *spatial) as it is, on the host."""
    maps = planes(activation)
    channel = min(channel, maps.shape[0] - 1)
    values = maps[channel].float().contiguous().cpu().numpy().copy()
    return ChannelMap(node, channel, int(maps.shape[0]), values)
