"""Reads a DICOM series with pydicom, where that is installed: all slices of the file's series."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.faults import Fault
from analysis.inference.image_file.formats import ImageError
from analysis.inference.volume_file.formats import check_size
from analysis.inference.volume_file.volume import Volume

MOST_FILES = 5000
"""Files of a folder that are looked at."""


def read(path: Path) -> Volume:
    """The series that a file belongs to, from its folder, ordered by place. Raises ImageError.

    A slice has its modality's units (Hounsfield units in CT): slope and intercept are applied.
    """
    try:
        import pydicom
    except ImportError as error:
        raise ImageError(Fault("image-needs-package", (str(path), "pydicom"))) from error
    first = pydicom.dcmread(path)
    if int(first.get("NumberOfFrames", 1)) > 1 or "SeriesInstanceUID" not in first:
        return _volume(path, [first])
    slices = []
    for other in sorted(path.parent.iterdir())[:MOST_FILES]:
        head = _head(other)
        if head is not None and head.get("SeriesInstanceUID") == first.SeriesInstanceUID:
            slices.append((other, head))
    check_size(path, len(slices) * int(first.Rows) * int(first.Columns))
    ordered = sorted(slices, key=lambda each: _place(each[1]))
    size = (first.Rows, first.Columns)
    kept = [other for other, head in ordered if (head.get("Rows"), head.get("Columns")) == size]
    return _volume(path, [pydicom.dcmread(other) for other in kept])


def _head(path: Path) -> Any:
    """All but the pixels; None for what is no DICOM file."""
    import pydicom
    from pydicom.errors import InvalidDicomError

    try:
        return pydicom.dcmread(path, stop_before_pixels=True) if path.is_file() else None
    except (InvalidDicomError, OSError, ValueError, EOFError):
        return None


def _place(head: Any) -> tuple[float, float]:
    """Where a slice lies along the normal of its plane, else its number."""
    position, plane = head.get("ImagePositionPatient"), head.get("ImageOrientationPatient")
    number = float(head.get("InstanceNumber") or 0)
    if position is None or plane is None:
        return 0.0, number
    along = [float(each) for each in plane]
    normal = np.cross(along[:3], along[3:])
    return float(np.dot(normal, [float(each) for each in position])), number


def _volume(path: Path, slices: list[Any]) -> Volume:
    frames = [_values(each) for each in slices]
    values = np.concatenate(frames, axis=1)
    if not values.size:
        raise ImageError(Fault("volume-no-array", (str(path),)))
    return Volume(values, _spacing(slices), values.shape[0] == 3)


def _values(data: Any) -> NDArray[np.float32]:
    """(channels, frames, rows, columns) of one file."""
    pixels = np.asarray(data.pixel_array)
    samples = int(data.get("SamplesPerPixel", 1))
    pixels = np.moveaxis(pixels, -1, 0) if samples > 1 else pixels[None]
    pixels = pixels.reshape(pixels.shape[0], -1, *pixels.shape[-2:])
    slope, intercept = (
        float(data.get(name, default))
        for name, default in (("RescaleSlope", 1), ("RescaleIntercept", 0))
    )
    return pixels.astype(np.float32) * np.float32(slope) + np.float32(intercept)


def _spacing(slices: list[Any]) -> tuple[float, float, float] | None:
    plane = slices[0].get("PixelSpacing")
    if plane is None:
        return None
    places = [_place(each)[0] for each in slices]
    steps = np.diff(places)
    apart = float(np.median(steps)) if len(steps) and np.median(steps) > 0 else 0.0
    thick = float(slices[0].get("SliceThickness") or 1.0)
    between = apart if math.isfinite(apart) and apart > 0 else thick
    return between, float(plane[0]), float(plane[1])
