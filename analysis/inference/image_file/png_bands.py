"""Reads PNG files a band of rows at a time, with all 16 bits where they have them.

Pillow decodes a PNG whole, and colours of 16 bits as 8. Here the rows are inflated one band after
the other; what the filters of a band did is undone by Pillow, on a small PNG that holds the
band's filtered rows unchanged. Format: https://www.w3.org/TR/png-3/, sections 7 and 9.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHUNK = 1 << 16
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Samples of a pixel by colour type."""
_COLOUR = {1: 0, 2: 4, 3: 2, 4: 6}
"""The colour type with so many samples."""


@dataclass(frozen=True, slots=True)
class Header:
    """The fields of the header chunk IHDR."""

    width: int
    height: int
    depth: int
    colour: int
    interlaced: bool

    @property
    def samples(self) -> int:
        """Samples of one pixel."""
        return _SAMPLES[self.colour]

    @property
    def stride(self) -> int:
        """Bytes of one row without its filter byte."""
        return (self.width * self.samples * self.depth + 7) // 8

    @property
    def step(self) -> int:
        """Bytes between a byte and the one that filters call its left neighbour."""
        return max(1, self.samples * self.depth // 8)


def read_header(file: BinaryIO) -> Header:
    """The header of a PNG file. Raises ValueError, struct.error."""
    file.seek(0)
    head = file.read(33)
    if head[:8] != SIGNATURE or head[12:16] != b"IHDR":
        raise ValueError("no PNG")
    width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", head[16:29])
    return Header(width, height, depth, colour, bool(interlace))


def exif(file: BinaryIO) -> bytes | None:
    """The EXIF data, before the picture's data or behind; None where there is none."""
    place = file.tell()
    try:
        file.seek(len(SIGNATURE))
        while len(head := file.read(8)) == 8:
            length, kind = struct.unpack(">I4s", head)
            if kind == b"eXIf":
                return file.read(length)
            if kind == b"IEND" or not kind.isalpha():
                return None
            file.seek(length + 4, io.SEEK_CUR)
        return None
    finally:
        file.seek(place)


def bands(file: BinaryIO, header: Header, rows: int) -> Iterator[Image.Image | NDArray[np.uint16]]:
    """The picture in bands of `rows` rows: images, or (rows, width, samples) where it has 16 bits.

    It must not be interlaced. Raises what Pillow and zlib raise, EOFError for a file that ends
    too soon.
    """
    palette: list[bytes] = []
    inflated = _Inflated(_data(file, palette))
    above = np.zeros(header.stride, np.uint8)
    for first in range(0, header.height, rows):
        count = min(rows, header.height - first)
        read = np.frombuffer(inflated.take(count * (header.stride + 1)), np.uint8)
        lines = read.reshape(count, header.stride + 1)
        raw = _unfiltered(lines[:, 0], lines[:, 1:], above, header.step)
        above = raw[-1]
        if header.depth == 16:
            yield raw.view(">u2").astype(np.uint16).reshape(count, header.width, header.samples)
        else:
            plain = np.concatenate([np.zeros((count, 1), np.uint8), raw], axis=1)
            form = (header.width, count, header.depth, header.colour)
            yield _decoded(form, plain.tobytes(), palette)


def _data(file: BinaryIO, palette: list[bytes]) -> Iterator[bytes]:
    """The compressed data in pieces; chunks of palette and transparency go to `palette`."""
    file.seek(len(SIGNATURE))
    while True:
        length, kind = struct.unpack(">I4s", file.read(8))
        if kind == b"IEND":
            return
        if kind == b"IDAT":
            while length > 0:
                piece = file.read(min(CHUNK, length))
                if not piece:
                    return
                length -= len(piece)
                yield piece
        elif kind in (b"PLTE", b"tRNS"):
            palette.append(chunk(kind, file.read(length)))
        elif kind.isalpha():
            file.seek(length, io.SEEK_CUR)
        else:
            raise EOFError("no chunk follows where one must")
        file.seek(4, io.SEEK_CUR)


class _Inflated:
    """The inflated bytes of a stream of pieces, as many at a time as are asked for."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._inflate = zlib.decompressobj()

    def take(self, count: int) -> bytes:
        """The next `count` bytes. Raises EOFError where there are fewer."""
        found = bytearray()
        while len(found) < count:
            data = self._inflate.unconsumed_tail or next(self._pieces, b"")
            made = self._inflate.decompress(data, count - len(found))
            if not made and not data:
                raise EOFError("the picture is cut off")
            found += made
        return bytes(found)


def _unfiltered(
    filters: NDArray[np.uint8], lines: NDArray[np.uint8], above: NDArray[np.uint8], step: int
) -> NDArray[np.uint8]:
    """The rows before they were filtered: (rows, stride) uint8, `above` is the row before them.

    Filters look `step` bytes back, so that the bytes of a pixel are apart from one another: six
    or eight of them are two pictures of three or four.
    """
    count, stride = lines.shape
    if not filters.any():
        return np.ascontiguousarray(lines)
    together = {6: 3, 8: 4}.get(step, step)
    rows = np.concatenate([above[None], lines]).reshape(count + 1, stride // step, step)
    kinds = np.concatenate([np.zeros(1, np.uint8), filters])[:, None]
    found = np.empty((count, stride // step, step), np.uint8)
    for first in range(0, step, together):
        part = rows[:, :, first : first + together].reshape(count + 1, -1)
        form = (stride // step, count + 1, 8, _COLOUR[together])
        image = _decoded(form, np.concatenate([kinds, part], axis=1).tobytes())
        values = np.asarray(image).reshape(count + 1, stride // step, together)
        found[:, :, first : first + together] = values[1:]
    return found.reshape(count, stride)


def _decoded(
    form: tuple[int, int, int, int], lines: bytes, between: list[bytes] | None = None
) -> Image.Image:
    """A PNG of this (width, height, depth, colour type) and these filtered rows, decoded."""
    parts = [SIGNATURE, chunk(b"IHDR", struct.pack(">IIBBBBB", *form, 0, 0, 0)), *(between or [])]
    parts += [chunk(b"IDAT", zlib.compress(lines, 0)), chunk(b"IEND", b"")]
    image = Image.open(io.BytesIO(b"".join(parts)), formats=("PNG",))
    image.load()
    return image


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG file: its length, kind, content and checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
