"""Reads any file that an image can come from: a picture, or a slice or part of a volume."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.faults import Fault
from analysis.inference.image_file import decoding
from analysis.inference.image_file.decoding import ImageSize, reduced, reduction
from analysis.inference.image_file.formats import ImageError
from analysis.inference.image_file.value_range import scaled, value_range
from analysis.inference.protocol.images import Decoded, ImageFacts
from analysis.inference.volume_file import formats
from analysis.inference.volume_file.formats import VolumeFormat
from analysis.inference.volume_file.volume import Volume, cut
from analysis.operators.contract import Shape
from analysis.storage.image_reading import ImageReading


def image_size(path: str | Path) -> ImageSize:
    """(height, width) and pages of a picture from its header, of a volume's deepest axis.

    Raises ImageError.
    """
    found = formats.format_of(path)
    if found is None:
        return decoding.image_size(path)
    volume = _volume(path, found)
    return ImageSize((volume.slices(1), volume.slices(2)), volume.slices(0))


def read_image(
    path: str | Path,
    reading: ImageReading = ImageReading(),  # noqa: B008 - a frozen value
    wanted: Sequence[int] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Decoded:
    """A file's pixels for a network's input of `wanted` (height, width), or with a depth before.

    Of a volume that is the slice that `reading` names, the middle one if it names none, and with
    a depth the part of the volume around it, at its own resolution; see `Decoded`. Pages of a
    picture file are slices too. Raises ImageError.
    """
    found = formats.format_of(path)
    plane = None if wanted is None else (wanted[-2], wanted[-1])
    deep = tuple(wanted) if wanted is not None and len(wanted) == 3 else None
    if found is None:
        picture = decoding.read_image(path, reading, None if deep else plane, cancelled)
        if deep is None or picture.facts.pages == 1:
            return picture if deep is None else decoding.read_image(path, reading, plane, cancelled)
        return _of_pages(path, reading, deep, picture.facts, cancelled)
    volume = _volume(path, found).along(reading.axis)
    at = _slice(path, reading, volume)
    chosen = _channels(volume, reading)
    span = _span(chosen, volume, reading)
    facts = ImageFacts(
        size=(volume.slices(1), volume.slices(2)),
        span=span,
        page=at + 1,
        pages=volume.slices(0),
        channels=1 if volume.is_colour else volume.channels,
        axes=3,
        spacing=volume.spacing,
    )
    by = reduction(facts.size, plane) if plane is not None and deep is None else 1
    taken = _taken(chosen, at, deep, by)
    level = scaled(taken, span)
    middle = level[:, deep[0] // 2] if deep else level
    planes = taken if reading.values == "stored" else level
    is_picture = deep is None and reading.values != "stored" and len(taken) in (1, 3)
    facts = replace(facts, reduction=by)
    return Decoded(_colours(np.moveaxis(middle, 0, 2)), facts, None if is_picture else planes)


def one_file(path: str | Path) -> Path | bytes:
    """What is kept of an image: the file itself, and of a series of files all of them as one.

    Raises ImageError.
    """
    found = formats.format_of(path)
    if found is None or not found.is_series:
        return Path(path)
    from analysis.inference.volume_file.numpy_file import archive

    return archive(_volume(path, found))


def _volume(path: str | Path, found: VolumeFormat) -> Volume:
    """The volume in a file; the last one is kept, since one goes through its slices."""
    try:
        state = Path(path).stat()
    except OSError as error:
        raise ImageError(Fault("image-unreadable", (str(path),))) from error
    return _kept(str(path), found, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=1)
def _kept(path: str, found: VolumeFormat, changed: int, size: int) -> Volume:
    return formats.read_volume(path, found)


def _slice(path: str | Path, reading: ImageReading, volume: Volume) -> int:
    pages = volume.slices(0)
    if reading.page > pages:
        raise ImageError(Fault("image-no-page", (str(path), reading.page, pages)))
    if reading.channel > volume.channels:
        numbers = (str(path), volume.channels, reading.channel)
        raise ImageError(Fault("volume-no-channel", numbers))
    return reading.page - 1 if reading.page else (pages - 1) // 2


def _channels(volume: Volume, reading: ImageReading) -> NDArray[np.float32]:
    """The values (channels, depth, height, width) of the channels that are chosen."""
    if reading.channel and not volume.is_colour:
        return volume.values[reading.channel - 1 : reading.channel]
    return volume.values[:3] if volume.is_colour else volume.values


def _span(
    values: NDArray[np.float32], volume: Volume, reading: ImageReading
) -> tuple[float, float]:
    """The values drawn black and white: those of the whole volume, so that slices compare."""
    whole = bool((values == np.round(values)).all())
    if reading.values == "stored":
        return value_range(values, whole, replace(reading, values="full"))
    if reading.values == "auto" and volume.is_colour and whole and values.min() >= 0:
        return 0.0, 255.0 if values.max() <= 255 else 65535.0
    return value_range(values, whole, reading)


def _taken(
    values: NDArray[np.float32], at: int, deep: Shape | None, by: int
) -> NDArray[np.float32]:
    """A part (channels, *deep) around a slice, or the slice with sides `by` times smaller."""
    if deep is not None:
        return cut(values, deep, at)
    plane = np.ascontiguousarray(np.moveaxis(values[:, at], 0, 2))
    return np.ascontiguousarray(np.moveaxis(reduced(plane, by), 2, 0))


def _part(values: NDArray[np.float32], at: int, size: Shape, facts: ImageFacts) -> Decoded:
    """A part (channels, *size) around a slice, and its middle slice as the picture."""
    part = cut(values, size, at)
    middle = np.moveaxis(part[:, size[0] // 2], 0, 2)
    return Decoded(_colours(middle), facts, part)


def _colours(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """(height, width, 3) of any number of channels: three are colours, of others the first."""
    shown = pixels if pixels.shape[2] == 3 else pixels[:, :, :1]
    return np.ascontiguousarray(np.broadcast_to(shown, (*pixels.shape[:2], 3)))


def _of_pages(
    path: str | Path,
    reading: ImageReading,
    size: Shape,
    facts: ImageFacts,
    cancelled: Callable[[], bool],
) -> Decoded:
    """The pages around the chosen one as a volume; only these are read. Raises ImageError."""
    first = max(0, facts.page - 1 - size[0] // 2)
    last = min(facts.pages, first + size[0] + 1)
    typed = replace(reading, values=facts.span) if facts.span is not None else reading
    slices = []
    for page in range(first, last):
        found = decoding.read_image(path, replace(typed, page=page + 1), None, cancelled)
        if found.pixels.shape[:2] != facts.size:
            raise ImageError(Fault("volume-uneven-pages", (str(path),)))
        level = found.pixels.astype(np.float32)
        slices.append(level / 255 if found.pixels.dtype == np.uint8 else level)
    values = np.moveaxis(np.stack(slices), 3, 0)
    if (values[0] == values[1]).all() and (values[0] == values[2]).all():
        values = values[:1]
    return _part(np.ascontiguousarray(values), facts.page - 1 - first, size, facts)
