"""Turns, shifts, blurs, brightens and covers an image as the network is given it."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import conv2d, grid_sample, pad

from analysis.inference.protocol.input_change import InputChange

Values = NDArray[np.float32]
MID_GREY = 0.5
REACH = 3.0
"""Standard deviations to which a Gaussian is cut."""


def changed(values: Values, change: InputChange) -> Values:
    """(C, height, width) changed; of another number of axes only the brightness is.

    The same array where nothing changes.
    """
    if change == InputChange():
        return values
    with torch.no_grad():
        image = torch.from_numpy(values)
        if image.ndim == 3:
            image = shifted(rotated(image, change.rotation), change.shift)
            image = covered(blurred(image, change.blur), change.patch)
        if change.brightness:
            image = image + change.brightness
    return image.contiguous().numpy()


def rotated(image: Tensor, degrees: float) -> Tensor:
    """(C, height, width) turned counter-clockwise about its middle, bilinear, edges repeated."""
    if not degrees:
        return image
    height, width = image.shape[1:]
    angle = math.radians(degrees)
    cosine, sine = math.cos(angle), math.sin(angle)
    y = torch.arange(height, dtype=torch.float32) - (height - 1) / 2
    x = torch.arange(width, dtype=torch.float32) - (width - 1) / 2
    down, across = torch.meshgrid(y, x, indexing="ij")
    # What stands at a place came from the place turned back; y points down.
    from_x, from_y = cosine * across - sine * down, sine * across + cosine * down
    grid = torch.stack([from_x * 2 / max(width - 1, 1), from_y * 2 / max(height - 1, 1)], 2)
    return grid_sample(image[None], grid[None], padding_mode="border", align_corners=True)[0]


def shifted(image: Tensor, by: tuple[int, int]) -> Tensor:
    """(C, height, width) moved down and right by whole pixels, edges repeated."""
    if by == (0, 0):
        return image
    height, width = image.shape[1:]
    rows = (torch.arange(height) - by[0]).clamp(0, height - 1)
    columns = (torch.arange(width) - by[1]).clamp(0, width - 1)
    return image[:, rows][:, :, columns]


def blurred(image: Tensor, deviation: float) -> Tensor:
    """(C, height, width) under a Gaussian of that standard deviation in pixels, edges repeated."""
    if deviation <= 0:
        return image
    reach = max(1, math.ceil(REACH * deviation))
    at = torch.arange(-reach, reach + 1, dtype=torch.float32)
    kernel = torch.exp(-0.5 * (at / deviation) ** 2)
    kernel = kernel / kernel.sum()
    planes = pad(image[:, None], (reach, reach, reach, reach), mode="replicate")
    planes = conv2d(planes, kernel.reshape(1, 1, 1, -1))
    return conv2d(planes, kernel.reshape(1, 1, -1, 1))[:, 0]


def covered(image: Tensor, patch: tuple[float, float, float] | None) -> Tensor:
    """(C, height, width) with a square of mid grey, its middle and side as parts of the image."""
    if patch is None:
        return image
    height, width = image.shape[1:]
    side = max(1, round(patch[2] * min(height, width)))
    top, left = round(patch[0] * height - side / 2), round(patch[1] * width - side / 2)
    image = image.clone()
    image[:, max(top, 0) : max(top + side, 0), max(left, 0) : max(left + side, 0)] = MID_GREY
    return image
