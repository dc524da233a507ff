"""The one place where volume files are opened: a table of formats, told by their first bytes."""

from __future__ import annotations

import importlib
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

from analysis.faults import Fault
from analysis.inference.image_file.formats import ImageError
from analysis.inference.memory import available_bytes
from analysis.inference.volume_file.volume import Volume
from analysis.storage.regular_file import NotRegularError, open_regular

HEAD = 352
"""Bytes that tell every format."""
LIMIT_VALUES = 1 << 31
BYTES_A_VALUE = 20
"""What reading and scaling take at once: the values stored, as float32 twice, and as float64."""
BROKEN = (OSError, ValueError, EOFError, LookupError, TypeError, AttributeError, RuntimeError,
          ArithmeticError, struct.error, zlib.error, BadZipFile)  # fmt: skip
"""What the readers were seen to raise on damaged files."""


@dataclass(frozen=True, slots=True)
class VolumeFormat:
    """A kind of file that holds a volume."""

    endings: tuple[str, ...]
    told_by: Callable[[bytes], bool]
    """Whether the first HEAD bytes, inflated where they are gzip's, are those of such a file."""
    read_by: str
    """`module:function` from a path to a Volume, loaded when the first such file is read."""
    is_series: bool = False
    """Whether a file is one slice, the others of which lie beside it."""


def _nifti(head: bytes) -> bool:
    """Header and values in one file; those in two (.hdr and .img) are not read."""
    return head[344:348] == b"n+1\0" or head[4:8] == b"n+2\0"


def _array(head: bytes) -> bool:
    return head.startswith(b"\x93NUMPY")


def _archive(head: bytes) -> bool:
    return head.startswith(b"PK\3\4") and b".npy" in head[30:]


def _dicom(head: bytes) -> bool:
    return head[128:132] == b"DICM"


_HERE = "analysis.inference.volume_file"
FORMATS = (
    VolumeFormat((".nii", ".nii.gz"), _nifti, f"{_HERE}.nifti:read"),
    VolumeFormat((".npy",), _array, f"{_HERE}.numpy_file:read_array"),
    VolumeFormat((".npz",), _archive, f"{_HERE}.numpy_file:read_archive"),
    VolumeFormat((".dcm",), _dicom, f"{_HERE}.dicom:read", is_series=True),
)
ENDINGS = tuple(ending for row in FORMATS for ending in row.endings)


def format_of(path: str | Path) -> VolumeFormat | None:
    """The format that the file's content tells; None where it is no volume, or no file at all."""
    try:
        with open_regular(path) as file:
            head = file.read(HEAD)
    except (OSError, NotRegularError):
        return None  # the reader of pictures says what is wrong with it
    if head[:2] == b"\x1f\x8b":
        head = _inflated(path)
    return next((row for row in FORMATS if row.told_by(head)), None)


def _inflated(path: str | Path) -> bytes:
    try:
        with open_regular(path) as file:
            return zlib.decompressobj(31).decompress(file.read(1 << 16), HEAD)
    except (OSError, NotRegularError, zlib.error):
        return b""


def read_volume(path: str | Path, found: VolumeFormat) -> Volume:
    """The volume in a file of this format. Raises ImageError.

    Beside the faults of pictures: `image-needs-package` (path, package), `volume-too-large`
    (path, bytes needed, bytes available), `volume-no-array` (path).
    """
    module, _, name = found.read_by.partition(":")
    reader: Callable[[Path], Volume] = getattr(importlib.import_module(module), name)
    try:
        return reader(Path(path))
    except ImageError:
        raise
    except MemoryError as error:
        numbers = (str(path), 0, available_bytes() or 0)
        raise ImageError(Fault("volume-too-large", numbers)) from error
    except BROKEN as error:
        raise ImageError(Fault("image-corrupt", (str(path),))) from error


def check_size(path: Path, values: int) -> None:
    """Refuse what this machine cannot hold, before it is read. Raises ImageError."""
    needed, available = values * BYTES_A_VALUE, available_bytes()
    if values > LIMIT_VALUES or (available is not None and needed > available):
        raise ImageError(Fault("volume-too-large", (str(path), needed, available or 0)))
