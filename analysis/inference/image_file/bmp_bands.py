"""Reads BMP files a band of rows at a time: each band is a small BMP with the same header."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import BinaryIO

from PIL import Image

_PLAIN = (0, 3, 6)
"""Compressions whose rows all have one length: none, and with bit masks."""


def can_split(file: BinaryIO) -> bool:
    """Whether the rows lie one after the other, uncompressed."""
    file.seek(0)
    head = file.read(34)
    return len(head) == 34 and head[14] >= 40 and struct.unpack_from("<I", head, 30)[0] in _PLAIN


def bands(file: BinaryIO, rows: int) -> Iterator[Image.Image]:
    """The picture from the top in bands of `rows` rows. Raises what Pillow raises, struct.error."""
    file.seek(0)
    start = struct.unpack("<I", file.read(14)[10:14])[0]
    file.seek(0)
    head = bytearray(file.read(start))
    width, height = struct.unpack_from("<ii", head, 18)
    stride = (width * struct.unpack_from("<H", head, 28)[0] + 31) // 32 * 4
    upward, height = height > 0, abs(height)  # a positive height begins with the lowest row
    for first in range(0, height, rows):
        count = min(rows, height - first)
        struct.pack_into("<i", head, 22, count if upward else -count)
        file.seek(start + stride * (height - first - count if upward else first))
        image = Image.open(io.BytesIO(bytes(head) + file.read(stride * count)), formats=("BMP",))
        image.load()
        yield image
