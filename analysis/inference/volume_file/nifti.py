"""Reads NIfTI volumes with nibabel, turned as DICOM has them."""

from __future__ import annotations

import gzip
import importlib
import math
from pathlib import Path
from typing import IO, Any, cast

import numpy as np

from analysis.inference.volume_file.formats import check_size
from analysis.inference.volume_file.volume import Volume

SECOND = 540
"""Bytes of the header of NIfTI-2, which its first number says; of NIfTI-1 it is 348."""
TOWARDS = ("L", "P", "S")
"""Where the axes x, y, z go: to the patient's left, back and head, as in DICOM and SimpleITK."""


def read(path: Path) -> Volume:
    """A volume (x, y, z), with time or a vector as channels. Raises what nibabel raises.

    Values are scaled by the header's slope and intercept. Depth is z, height y, width x.
    """
    with path.open("rb") as file:
        zipped = file.read(2) == b"\x1f\x8b"
    with (gzip.open if zipped else open)(path, "rb") as file:
        return _read(path, cast(IO[bytes], file))


def _read(path: Path, file: IO[bytes]) -> Volume:
    nibabel: Any = importlib.import_module("nibabel")  # its types are not complete
    orientations = nibabel.orientations
    version = int.from_bytes(file.read(4), "little")
    file.seek(0)
    is_second = SECOND in (version, int.from_bytes(version.to_bytes(4, "big"), "little"))
    kind = nibabel.Nifti2Image if is_second else nibabel.Nifti1Image
    stored = kind.from_stream(file)  # a stored file need not be called .nii
    shape = stored.shape
    check_size(path, math.prod(shape))
    if len(shape) >= 3:
        now = orientations.io_orientation(stored.affine)
        wanted = orientations.axcodes2ornt(TOWARDS)
        if not np.isnan(now).any():
            stored = stored.as_reoriented(orientations.ornt_transform(now, wanted))
    values = np.asarray(stored.get_fdata(dtype=np.float32, caching="unchanged"))
    values = values.reshape(*values.shape[:3], *(1,) * (3 - values.ndim), -1)
    zooms = [float(each) for each in stored.header.get_zooms()[:3]] + [1.0] * 3
    return Volume(
        np.ascontiguousarray(values.transpose(3, 2, 1, 0)), (zooms[2], zooms[1], zooms[0])
    )
