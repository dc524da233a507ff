"""The first three principal components of a layer's channels as red, green and blue."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from analysis.inference.protocol.runs import Picture

SATURATES = 0.01
"""Part of the units at each end of a component that is drawn as its last level."""


def components(maps: Tensor, count: int = 3) -> tuple[Tensor, tuple[float, ...]]:
    """The projections (count, height, width) of maps (C, height, width), and their variances' part.

    Each unit is a point of C numbers. A component's sign is that of its largest weight, so that
    the same map always gives the same colours; missing components are 0.
    """
    flat = maps.flatten(1).double()
    centred = flat - flat.mean(1, keepdim=True)
    values, vectors = torch.linalg.eigh(centred @ centred.T / flat.shape[1])
    top = vectors.flip(1)[:, :count]
    largest = top.gather(0, top.abs().argmax(0, keepdim=True))
    top = top * torch.where(largest < 0, -1.0, 1.0)
    whole = float(values.clamp_min(0).sum())
    parts = values.clamp_min(0).flip(0)[:count] / (whole or 1.0)
    projected = (top.T @ centred).reshape(-1, *maps.shape[1:])
    missing = count - len(projected)
    if missing > 0:
        projected = torch.cat([projected, projected.new_zeros(missing, *maps.shape[1:])])
    return projected, (*(float(part) for part in parts), *[0.0] * missing)


def components_picture(projected: Tensor) -> Picture:
    """(3, height, width) as colours; all three components share one scale, zero is mid grey."""
    size = projected.flatten(1).abs()
    at = max(1, round(size.shape[1] * (1 - SATURATES)))
    reach = float(size.kthvalue(at, dim=1)[0].max()) or 1.0
    level = (projected / reach * 127.5 + 128).clamp(0, 255).cpu().numpy().astype(np.uint32)
    picture: Picture = 0xFF000000 | level[0] << 16 | level[1] << 8 | level[2]
    return picture.astype(np.uint32)
