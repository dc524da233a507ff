"""Reads a picture in bands of rows that fit a memory limit, whatever its format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from analysis.inference.image_file import bmp_bands, png_bands, tiff_bands

Band = Image.Image | NDArray[np.uint16]
"""Some rows of a picture, or (rows, width, samples) of 16 bits."""
LARGE = 16_000_000
"""Pixels above which a picture is taken apart."""
BAND_PIXELS = 1_000_000
_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2}
_WEBP_BYTES = 16
"""A pixel of WebP: two canvases of its decoder, their copy, and the image."""
_PROGRESSIVE_BYTES = 6
"""A pixel of a progressive JPEG: its coefficients, which are read whole."""


def bands(image: Image.Image, file: BinaryIO) -> Iterator[Band]:
    """The picture from the top, in bands. Raises what Pillow and the formats' modules raise."""
    found = _of_format(image, file)
    if found is not None:
        return found
    return iter((image,)) if _pixels(image) <= LARGE else _cut(image)


def turned_by_pillow(image: Image.Image, file: BinaryIO) -> bool:
    """Whether the bands are turned as EXIF says already."""
    return image.format == "TIFF" and _of_format(image, file) is None


def decoding_bytes(image: Image.Image, file: BinaryIO) -> int:
    """Bytes that decoding takes at once, apart from what comes out of it."""
    pixels = _pixels(image)
    if _of_format(image, file) is not None:
        return min(pixels, BAND_PIXELS) * 64
    if image.format == "WEBP":
        return pixels * _WEBP_BYTES
    if image.info.get("progressive"):
        return pixels * _PROGRESSIVE_BYTES
    return pixels * _BYTES.get(image.mode, 4)


def _pixels(image: Image.Image) -> int:
    return image.width * image.height


def _rows(image: Image.Image) -> int:
    return max(1, BAND_PIXELS // max(1, image.width))


def _cut(image: Image.Image) -> Iterator[Band]:
    """Split into bands a picture whose format can only be decoded whole."""
    rows = _rows(image)
    for first in range(0, image.height, rows):
        yield image.crop((0, first, image.width, min(first + rows, image.height)))


def _of_format(image: Image.Image, file: BinaryIO) -> Iterator[Band] | None:
    """Bands of a large picture, or of 16-bit colours, where the format can be taken apart."""
    large, rows = _pixels(image) > LARGE, _rows(image)
    if image.format == "PNG" and image.tell() == 0:
        header = png_bands.read_header(file)
        if not header.interlaced and (large or header.depth == 16):
            return png_bands.bands(file, header, rows)
    if image.format == "TIFF":
        parts = tiff_bands.layout(image)
        if parts is not None and (parts.is_deep_colour or (large and _splits(parts))):
            return tiff_bands.bands(file, parts, rows)
    if image.format == "BMP" and large and bmp_bands.can_split(file):
        return bmp_bands.bands(file, rows)
    return None


def _splits(parts: tiff_bands.Layout) -> bool:
    return parts.rows * parts.width <= LARGE
