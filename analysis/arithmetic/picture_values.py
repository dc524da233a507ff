"""Numbers for an input taken from a picture: its grey levels, averaged down to the input's size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.arithmetic.case import Size
from analysis.arithmetic.shifts import Values

LUMA = (0.299, 0.587, 0.114)
"""Weights of red, green and blue in grey (ITU-R BT.601)."""


def picture_values(pixels: NDArray[np.uint32], shape: Size) -> Values:
    """Whole numbers 0 … 255 of `shape`, (C, *size), from (height, width) of 0xAARRGGBB.

    Each cell is the mean of the area that it covers. Three channels are red, green and blue, any
    other number the grey of all three. One axis is the mean of each column.
    """
    channels, *size = shape
    rows, columns = (size[0] if len(size) == 2 else 1), size[-1]
    colours = np.stack([(pixels >> bits) & 255 for bits in (16, 8, 0)]).astype(np.float64)
    planes = colours if channels == 3 else np.tensordot(LUMA, colours, 1)[None]
    down, across = _means(pixels.shape[0], rows), _means(pixels.shape[1], columns)
    small = np.rint(down @ planes @ across.T).astype(np.int64)
    whole = small if channels == 3 else small.repeat(channels, axis=0)
    return whole.reshape(shape)


def _means(length: int, cells: int) -> NDArray[np.float64]:
    """(cells, length): how much of each pixel lies in a cell, as shares of the cell."""
    edges = np.arange(cells + 1) * (length / cells)
    pixel = np.arange(length)
    covered = np.minimum(edges[1:, None], pixel + 1) - np.maximum(edges[:-1, None], pixel)
    shares: NDArray[np.float64] = covered.clip(0) / (length / cells)
    return shares
