"""Makes an input from a picture: its grey levels, averaged down to the input's size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.arithmetic.case import Size
from analysis.arithmetic.forms.shifts import Values

LUMA = (0.299, 0.587, 0.114)
"""Weights of red, green and blue in grey (ITU-R BT.601)."""


def picture_values(pixels: NDArray[np.uint32], shape: Size) -> Values:
    """Whole numbers 0 … 255 of `shape`, (C, *size), from (height, width) of 0xAARRGGBB.

    Each cell is the mean of the area that it covers. Three channels are red, green and blue, any
    other number the grey of all three. One axis is the mean of each column.
    """
    channels, *size = shape
    rows, columns = (size[0] if len(size) == 2 else 1), size[-1]
    colours = _rows_of(pixels, rows).transpose(2, 0, 1)
    planes = colours if channels == 3 else np.tensordot(LUMA, colours, 1)[None]
    small = np.rint(planes @ _means(pixels.shape[1], columns).T).astype(np.int64)
    whole = small if channels == 3 else small.repeat(channels, axis=0)
    return whole.reshape(shape)


def _rows_of(pixels: NDArray[np.uint32], rows: int) -> NDArray[np.float64]:
    """Red, green and blue of each row of cells, (rows, width, 3): a strip of the picture at a time.

    The whole picture as decimal numbers would take six times its room, and be felt.
    """
    height, width = pixels.shape
    lowest_first = np.ascontiguousarray(pixels, "<u4").view(np.uint8)
    found = np.empty((rows, 4 * width))
    for row, weights in enumerate(_means(height, rows)):
        used = np.flatnonzero(weights)
        strip = slice(int(used[0]), int(used[-1]) + 1)
        found[row] = weights[strip] @ lowest_first[strip]
    return found.reshape(rows, width, 4)[..., 2::-1]


def _means(length: int, cells: int) -> NDArray[np.float64]:
    """(cells, length): how much of each pixel lies in a cell, as shares of the cell."""
    edges = np.arange(cells + 1) * (length / cells)
    pixel = np.arange(length)
    covered = np.minimum(edges[1:, None], pixel + 1) - np.maximum(edges[:-1, None], pixel)
    shares: NDArray[np.float64] = covered.clip(0) / (length / cells)
    return shares
