"""Compares the size of codes with that of JPEG files of the same pictures at the same PSNR."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.codes.autoencoder import Autoencoder, Codes, Pictures
from analysis.inference.image import psnr
from analysis.inference.image_file.jpeg import as_jpeg

LEVELS = 255
QUALITIES = range(1, 96)


@dataclass(frozen=True)
class Compression:
    """Mean bytes a picture: raw at 8 bits, as a code of 8 bits a number, and as JPEG.

    `psnr` (dB) is the mean over pictures decoded from those codes of 8 bits; the JPEG files are
    the smallest of one quality that reach it, with their own mean PSNR. Where none does, or the
    codes are no worse than the pictures, `jpeg_bytes` is None.
    """

    raw_bytes: int
    code_bytes: int
    psnr: float
    jpeg_bytes: float | None
    jpeg_psnr: float | None
    jpeg_quality: int | None


def compression(autoencoder: Autoencoder, pictures: Pictures) -> Compression:
    """Of pictures of one channel or three, with values in [0, 1]."""
    codes = autoencoder.codes(pictures)
    made = autoencoder.decoded(rounded(codes)).clip(0, 1)
    reached = _mean_psnr(made, pictures)
    jpeg = _smallest_jpeg(pictures, reached)
    raw = int(np.prod(pictures.shape[1:]))
    return Compression(raw, codes.shape[1], reached, *jpeg)


def rounded(codes: Codes) -> Codes:
    """Each number of the codes at one of 256 even levels between its extremes over all codes."""
    low, high = codes.min(0), codes.max(0)
    span = np.where(high > low, high - low, 1)
    levels: Codes = (np.round((codes - low) / span * LEVELS) / LEVELS * span + low).astype(
        np.float32
    )
    return levels


def _smallest_jpeg(
    pictures: Pictures, wanted: float
) -> tuple[float | None, float | None, int | None]:
    """(mean bytes, mean PSNR, quality); PSNR grows with quality, so halving finds the least."""
    low, high = QUALITIES[0], QUALITIES[-1]
    best: tuple[float, float, int] | None = None
    while low <= high:
        quality = (low + high) // 2
        size, reached = jpeg_of(pictures, quality)
        if reached >= wanted:
            best, high = (size, reached, quality), quality - 1
        else:
            low = quality + 1
    return best or (None, None, None)


def jpeg_of(pictures: Pictures, quality: int) -> tuple[float, float]:
    """Mean bytes of the pictures as JPEG files of that quality, and their mean PSNR in dB."""
    sizes, made = [], []
    for picture in pictures:
        plane = np.round(picture.clip(0, 1) * LEVELS).astype(np.uint8)
        size, read = as_jpeg(plane[0] if len(plane) == 1 else np.moveaxis(plane, 0, 2), quality)
        sizes.append(size)
        back = read.astype(np.float32) / LEVELS
        made.append(back[None] if back.ndim == 2 else np.moveaxis(back, 2, 0))
    return float(np.mean(sizes)), _mean_psnr(np.stack(made), pictures)


def _mean_psnr(made: NDArray[np.float32], wanted: NDArray[np.float32]) -> float:
    """Mean over pictures; a picture that is equal counts as one level of 255 off at one pixel."""
    least = 1 / (LEVELS**2 * wanted[0].size)
    values = [
        found if (found := psnr(a, b)) is not None else -10 * np.log10(least)
        for a, b in zip(made, wanted, strict=True)
    ]
    return float(np.mean(values))
