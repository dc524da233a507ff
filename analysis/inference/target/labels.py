"""Reads a mask file as whole labels, never scaled: a palette's numbers, grey levels, voxels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from analysis.faults import Fault
from analysis.inference.image_file.formats import ImageError, opened
from analysis.inference.volume_file import formats
from analysis.storage.image_reading import ImageReading

MOST_LABELS = 256
"""A file of more different values is a picture."""
FEW = 16
"""So few different values are a mask's, whatever they look like."""
IGNORED = -1
"""The label of what a mask leaves open."""
OPEN = 255
"""The value by which masks of several classes say so (PASCAL VOC, Cityscapes)."""
Labels = NDArray[np.int32]


def read_mask(path: str | Path, reading: ImageReading) -> NDArray[np.float32] | None:
    """The values (depth, height, width) of a mask; None where the file is a picture.

    A picture file has depth 1, the page that `reading` names. Raises ImageError.
    """
    found = formats.format_of(path)
    if found is not None:
        volume = formats.read_volume(path, found).along(reading.axis)
        return None if volume.channels != 1 else _mask(volume.values[0])
    with opened(path) as (image, _):
        pages = int(getattr(image, "n_frames", 1))
        if reading.page > pages:
            raise ImageError(Fault("image-no-page", (str(path), reading.page, pages)))
        image.seek(max(0, reading.page - 1))
        plane = _plane(image)
    return None if plane is None else _mask(plane[None])


def _plane(image: Image.Image) -> NDArray[np.float32] | None:
    """(height, width) of a file whose pixels have one value, or three equal ones."""
    if image.mode in ("RGB", "RGBA"):
        colours = np.asarray(image.convert("RGB"))
        grey = (colours == colours[:, :, :1]).all()
        return colours[:, :, 0].astype(np.float32) if grey else None
    if image.mode in ("1", "L", "P", "I", "F", "I;16", "I;16B", "I;16L"):
        return np.asarray(image).astype(np.float32)
    return None


def _mask(values: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """The values, if they are a mask's: few different whole numbers."""
    found = np.unique(values)
    if len(found) > MOST_LABELS or not np.isfinite(found).all() or (found != np.round(found)).any():
        return None
    return values


def is_picture(values: NDArray[np.float32], classes: int) -> bool:
    """Whether values that may be a mask's are rather a picture's, by what they look like.

    A picture has many different values, and most neighbours differ; labels fill areas. Beside
    an output of more channels than there are labels they are labels.
    """
    if classes > 1 and values.min() >= 0 and values[values != OPEN].max(initial=0) < classes:
        return False
    if len(np.unique(values)) <= FEW:
        return False
    return float((values[..., 1:] == values[..., :-1]).mean()) < 0.5


def numbered(values: NDArray[np.float32], classes: int) -> Labels:
    """The labels that a mask's values stand for, beside an output of so many channels.

    Of several channels the values below their number are the labels, and OPEN is IGNORED, unless
    the mask holds 0 and OPEN alone: that is black and white. Else two different values are the
    ground and label 1; more are labels themselves where they are small, and numbered in their
    order where not (0, 85, 170, 255 are 0, 1, 2, 3).
    """
    found = np.unique(values)
    closed = found[found != OPEN] if classes <= OPEN else found
    black_and_white = OPEN in found and not closed.any()
    if classes > 1 and not black_and_white and closed[0] >= 0 and closed[-1] < classes:
        labels = values.astype(np.int32)
        return np.where((labels == OPEN) & (classes <= OPEN), np.int32(IGNORED), labels)
    ranks: NDArray[Any] = np.searchsorted(found, values)
    if len(found) == 1:
        ranks = values > 0
    elif len(found) > 2 and found[0] >= 0 and found[-1] < 4 * len(found):
        ranks = values
    return ranks.astype(np.int32)
