"""Writes a large output as .npy or PNG in portions, whole or not at all."""

from __future__ import annotations

import io
import struct
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.faults import Fault
from analysis.inference.failures import EngineError
from analysis.inference.image_file.png_bands import SIGNATURE, chunk
from analysis.inference.painter import picture_of_values
from analysis.inference.protocol.runs import Picture
from analysis.inference.tiles.full_size import Values
from analysis.storage import atomic_file

BAND = 1 << 20
"""Pixels that are packed at once."""
RGB, UP = 2, 2
"""PNG's colour type of 3 × 8 bits, and its filter that takes the row above off each row."""


class OutputFile:
    """An output (C, *spatial) on its way to `path`: as .npy, or as the picture shown of it.

    Nothing is on the disk before the last portion. Raises EngineError, as `advance` does.
    """

    def __init__(self, path: Path, values: Values, untrained: bool) -> None:
        self.path = path
        self.percent = 0
        self._content: list[bytes] = []
        if path.suffix.lower() == ".npy":
            self._portions = _npy(values)
            return
        picture = picture_of_values(values, untrained)
        if picture is None:
            raise EngineError(Fault("cannot-write", (str(path),)))
        self._portions = _png(picture)

    def advance(self, seconds: float) -> bool:
        """Pack for so long, and write it once all is packed; whether it is written."""
        started = time.monotonic()
        for part, content in self._portions:
            self._content.append(content)
            self.percent = int(100 * part)
            if time.monotonic() - started >= seconds:
                return False
        try:
            atomic_file.write(self.path, self._content)
        except OSError as error:
            raise EngineError(Fault("cannot-write", (str(self.path),))) from error
        return True


def _npy(values: Values) -> Iterator[tuple[float, bytes]]:
    content = io.BytesIO()
    np.save(content, values, allow_pickle=False)
    yield 1.0, content.getvalue()


def _png(picture: Picture) -> Iterator[tuple[float, bytes]]:
    """The file of a picture (height, width) of 0xAARRGGBB, with the part that is packed then."""
    height, width = picture.shape
    head = struct.pack(">IIBBBBB", width, height, 8, RGB, 0, 0, 0)
    yield 0.0, SIGNATURE + chunk(b"IHDR", head)
    packer = zlib.compressobj(3)
    above = np.zeros((1, width, 3), np.uint8)
    rows = max(1, BAND // width)
    for top in range(0, height, rows):
        band = _bytes_of(picture[top : top + rows])
        filtered = np.full((len(band), 1 + 3 * width), UP, np.uint8)
        differences = band - np.concatenate([above, band[:-1]])
        filtered[:, 1:] = differences.reshape(len(band), -1)
        above = band[-1:]
        yield (top + len(band)) / height, chunk(b"IDAT", packer.compress(filtered.tobytes()))
    yield 1.0, chunk(b"IDAT", packer.flush()) + chunk(b"IEND", b"")


def _bytes_of(picture: Picture) -> NDArray[np.uint8]:
    """(height, width) of 0xAARRGGBB → (height, width, 3) of red, green, blue."""
    shifts = np.array([16, 8, 0], np.uint32)
    return (picture[..., None] >> shifts).astype(np.uint8)
