"""Decodes image files in bounded memory, reduced to about the size that is needed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from analysis.faults import Fault
from analysis.inference.image_file import png_bands, tiff_bands
from analysis.inference.image_file.bands import Band, bands, decoding_bytes, turned_by_pillow
from analysis.inference.image_file.formats import ImageError, opened
from analysis.inference.image_file.value_range import scaled, value_range
from analysis.inference.memory import available_bytes
from analysis.inference.protocol.images import Decoded, ImageFacts, Pixels
from analysis.storage.image_reading import ImageReading

FINEST = 3.0
"""An image is reduced while it stays so many times as large as it is wanted."""
_ORIENTATION = 0x0112


@dataclass(frozen=True, slots=True)
class ImageSize:
    """An image's size from its header: (height, width) as shown, and the number of pages."""

    size: tuple[int, int]
    pages: int


def image_size(path: str | Path) -> ImageSize:
    """The size of an image from its header alone. Raises ImageError."""
    with opened(path) as (image, file):
        return ImageSize(_turned_size(image, file), _pages(image))


def read_image(
    path: str | Path,
    reading: ImageReading = ImageReading(),  # noqa: B008 - a frozen value
    wanted: tuple[int, int] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Decoded:
    """An image file's pixels, turned as its EXIF says, for a network's input of `wanted` pixels.

    Grey becomes RGB, transparency lies on white, CMYK and palettes are converted; more than 8
    bits keep their depth, as float32. With `wanted` (height, width) the sides are divided by the
    largest power of two that leaves FINEST times that. Raises ImageError, also where `cancelled`
    says between two bands that nobody waits any more.
    """
    with opened(path) as (image, file):
        pages = _pages(image)
        if reading.page > pages:
            raise ImageError(Fault("image-no-page", (str(path), reading.page, pages)))
        page = reading.page or 1
        image.seek(page - 1)
        size = _turned_size(image, file)
        by = reduction(size, wanted) if wanted is not None else 1
        orientation = 1 if turned_by_pillow(image, file) else _orientation(image, file)
        _check_memory(image, file)
        left = by // _drafted(image, by)
        values, alpha = _joined(_reduced(_read(bands(image, file), cancelled), left))
        whole = image.mode != "F"
    span = None
    if values.dtype != np.uint8:
        span = value_range(values, whole, reading)
        values = _on_white(scaled(values, span), alpha)
    pixels = _turned(np.broadcast_to(values, (*values.shape[:2], 3)), orientation)
    facts = ImageFacts(size, by, span, page, pages)
    return Decoded(np.ascontiguousarray(pixels), facts)


def decode(path: str | Path) -> NDArray[np.uint8]:
    """The whole image in 8 bits, (height, width, 3). Raises ImageError."""
    pixels = read_image(path).pixels
    if pixels.dtype == np.uint8:
        return pixels.astype(np.uint8, copy=False)
    return np.round(pixels * 255).astype(np.uint8)


def reduced(pixels: Pixels, by: int) -> Pixels:
    """(height, width, channels) with sides `by` times smaller: the means of squares."""
    return _means(pixels, by)


def reduction(size: tuple[int, int], wanted: tuple[int, int]) -> int:
    """The power of two by which an image of `size` is divided for an input of `wanted`."""
    times = min(own / asked for own, asked in zip(size, wanted, strict=True)) / FINEST
    return 1 << max(0, math.floor(math.log2(times))) if times >= 1 else 1


# ------------------------------------------------------------------------------ before decoding


def _pages(image: Image.Image) -> int:
    """Pages or frames; the small pictures that telephones put beside a JPEG are none."""
    return 1 if image.format in ("JPEG", "MPO") else int(getattr(image, "n_frames", 1))


def _turned_size(image: Image.Image, file: BinaryIO) -> tuple[int, int]:
    width, height = tiff_bands.stored_size(image) or image.size
    return (width, height) if _orientation(image, file) >= 5 else (height, width)


def _orientation(image: Image.Image, file: BinaryIO) -> int:
    """How EXIF says the picture is turned; 1 is not at all.

    Of a PNG, which may say so behind its picture, Pillow would decode the whole to find it.
    """
    if image.format == "PNG" and "exif" not in image.info:
        exif = png_bands.exif(file)
        if exif is not None:
            image.info["exif"] = b"Exif\0\0" + exif
        return int(Image.Image.getexif(image).get(_ORIENTATION, 1))
    return int(image.getexif().get(_ORIENTATION, 1))


def _drafted(image: Image.Image, by: int) -> int:
    """Have a JPEG decoded smaller, by at most `by`; by how much it will be."""
    if image.format not in ("JPEG", "MPO") or by == 1:
        return 1
    width = image.width
    image.draft(None, (image.width // by, image.height // by))
    return max(1, round(width / image.width))


def _check_memory(image: Image.Image, file: BinaryIO) -> None:
    needed, available = decoding_bytes(image, file), available_bytes()
    if available is not None and needed > available:
        raise ImageError(Fault("image-memory", (*image.size, needed, available)))


# ------------------------------------------------------------------------------ bands to pixels


def _read(found: Iterable[Band], cancelled: Callable[[], bool]) -> Iterator[Pixels]:
    for band in found:
        if cancelled():
            raise InterruptedError("nobody waits for this image any more")
        yield _values(band)


def _values(band: Band) -> Pixels:
    """(rows, width, 3) uint8; of deep images (rows, width, samples) float32, alpha among them."""
    if not isinstance(band, Image.Image):
        return band.astype(np.float32)
    if band.mode in ("I", "F") or band.mode.startswith("I;16"):
        return np.asarray(band).astype(np.float32)[:, :, None]
    if band.has_transparency_data:
        ground = Image.new("RGBA", band.size, "white")
        band = Image.alpha_composite(ground, band.convert("RGBA"))
    return np.asarray(band.convert("RGB"))


def _reduced(found: Iterable[Pixels], by: int) -> Iterator[Pixels]:
    """Bands whose squares of `by` × `by` pixels have become their means."""
    rest: Pixels | None = None
    for band in found:
        rows = band if rest is None else np.concatenate([rest, band])
        whole = len(rows) // by * by
        rest = rows[whole:]
        if whole:
            yield _means(rows[:whole], by)
    if rest is not None and len(rest):
        yield _means(rest, by)


def _means(rows: Pixels, by: int) -> Pixels:
    """Means over squares; those at the right and at the foot may have fewer pixels."""
    if by == 1:
        return rows
    if rows.dtype == np.uint8:
        return np.asarray(Image.fromarray(rows).reduce(by))
    planes = np.moveaxis(rows, 2, 0)
    return np.stack([np.asarray(Image.fromarray(plane).reduce(by)) for plane in planes], axis=2)


def _joined(parts: Iterable[Pixels]) -> tuple[Pixels, NDArray[np.float32] | None]:
    """The bands as one picture of 1 or 3 channels, and the alpha of a deep one, in [0, 1]."""
    values = np.concatenate(list(parts))
    if values.shape[2] not in (2, 4):
        return values[:, :, :3], None
    return values[:, :, :-1], (values[:, :, -1:] / 65535).astype(np.float32)


def _on_white(level: NDArray[np.float32], alpha: NDArray[np.float32] | None) -> NDArray[np.float32]:
    return level if alpha is None else level * alpha + (1 - alpha)


def _turned(pixels: Pixels, orientation: int) -> Pixels:
    """As EXIF says: 2 to 4 are mirrored or upside down, 5 to 8 lie on a side."""
    if orientation in (5, 6, 7, 8):
        pixels = pixels.transpose(1, 0, 2)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return pixels
