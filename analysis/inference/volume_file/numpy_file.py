"""Reads arrays that NumPy has written, never objects: an object would be unpickled."""

from __future__ import annotations

import io
import math
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.faults import Fault
from analysis.inference.image_file.formats import ImageError
from analysis.inference.volume_file.formats import check_size
from analysis.inference.volume_file.volume import Volume

NAMES = ("image", "images", "data", "volume", "img", "x", "arr_0")
"""Taken first in an archive of several arrays, in this order; else the largest one."""
SPACING = "spacing"
NUMBERS = "biuf"
"""Kinds of types that hold truth values, whole or real numbers."""
MOST_CHANNELS = 4
"""An axis so short, at either end, holds channels."""


def read_array(path: Path) -> Volume:
    """The array of a .npy file. Raises what NumPy raises, ImageError."""
    array = np.load(path, mmap_mode="r", allow_pickle=False)
    check_size(path, array.size)
    return volume_of(path, array)


def read_archive(path: Path) -> Volume:
    """The picture among the arrays of a .npz file. Raises what NumPy raises, ImageError."""
    with zipfile.ZipFile(path) as members, np.load(path, allow_pickle=False) as archive:
        shapes = {name: _shape(members, name) for name in archive.files}
        pictures = [name for name, shape in shapes.items() if len(shape) >= 2]
        known = [name for name in NAMES if name in pictures]
        if not pictures:
            raise ImageError(Fault("volume-no-array", (str(path),)))
        chosen = known[0] if known else max(pictures, key=lambda name: math.prod(shapes[name]))
        check_size(path, math.prod(shapes[chosen]))
        spacing = archive[SPACING] if shapes.get(SPACING) == (3,) else None
        return volume_of(path, archive[chosen], spacing)


def _shape(members: zipfile.ZipFile, name: str) -> tuple[int, ...]:
    """The shape in an array's header, before it is inflated; () where it holds no numbers."""
    with members.open(f"{name}.npy") as file:
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else (
            np.lib.format.read_array_header_2_0)  # fmt: skip
        shape, _, dtype = read(file)
    return shape if dtype.kind in NUMBERS else ()


def archive(volume: Volume) -> bytes:
    """The volume as a .npz file, which `read_archive` reads as the same volume."""
    content = io.BytesIO()
    arrays: dict[str, Any] = {NAMES[0]: volume.values}
    if volume.spacing is not None:
        arrays[SPACING] = np.array(volume.spacing)
    np.savez_compressed(content, **arrays)
    return content.getvalue()


def volume_of(path: Path, array: NDArray[Any], spacing: NDArray[Any] | None = None) -> Volume:
    """What an array shows, by its shape.

    (H, W) and (D, H, W) are one channel; an axis of up to MOST_CHANNELS places at the front, or
    of 3 or 4 at the end, holds channels; (C, D, H, W) may have any number. Axes of one place are
    left out until four are left. Raises ImageError where no such reading is.
    """
    if array.dtype.kind not in NUMBERS:
        raise ImageError(Fault("volume-no-array", (str(path),)))
    while array.ndim > 4 and 1 in array.shape:
        array = np.squeeze(array, array.shape.index(1))
    is_colour = False
    if array.ndim == 3 and array.shape[2] in (3, 4) and array.shape[0] > MOST_CHANNELS:
        array, is_colour = np.moveaxis(array, 2, 0)[:, None], True
    elif array.ndim == 3 and array.shape[0] <= MOST_CHANNELS:
        array, is_colour = array[:, None], array.shape[0] == 3
    elif array.ndim == 4 and array.shape[3] <= MOST_CHANNELS < array.shape[0]:
        array = np.moveaxis(array, 3, 0)
    elif array.ndim in (2, 3):
        array = array.reshape(1, *(1,) * (3 - array.ndim), *array.shape)
    if array.ndim != 4 or not array.size:
        raise ImageError(Fault("volume-no-array", (str(path),)))
    apart = None if spacing is None else tuple(float(each) for each in spacing)
    return Volume(np.ascontiguousarray(array, np.float32), apart, is_colour)  # type: ignore[arg-type]
