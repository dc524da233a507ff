"""Reads TIFF files a few strips or tiles at a time, with all 16 bits of their colours.

Every strip is compressed by itself, so that some of them with a new directory are a whole TIFF
file, which Pillow decodes. Format: TIFF 6.0 (Adobe, 1992).
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, SAMPLES = 256, 257, 258, 259, 262, 277
STRIP_OFFSETS, ROWS_PER_STRIP, STRIP_BYTES, PLANAR, PREDICTOR = 273, 278, 279, 284, 317
TILE_WIDTH, TILE_LENGTH, TILE_OFFSETS, TILE_BYTES = 322, 323, 324, 325
FORMAT, TABLES, EXTRA = 339, 347, 338
_COPIED = (
    *(WIDTH, BITS, COMPRESSION, PHOTOMETRIC, 266, SAMPLES, PLANAR, 292, 293, PREDICTOR, 320),
    *(TILE_WIDTH, TILE_LENGTH, 332, EXTRA, FORMAT, TABLES, 530, 531),
)
"""What a part's directory takes over; 266 is the order of bits, 320 the palette."""
_WITHOUT_LOSS = (1, 5, 8, 32773, 32946)
"""None, LZW, deflate, PackBits, deflate by its old number."""
_OLD_JPEG = 6


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a TIFF keeps the parts of a picture: strips, or rows of tiles."""

    width: int
    height: int
    rows: int
    """Rows of one part; the last may have fewer."""
    across: int
    """Parts side by side."""
    offsets: tuple[int, ...]
    lengths: tuple[int, ...]
    tags: Mapping[int, Any]
    order: str
    """`<` or `>`: the order of bytes."""

    @property
    def samples(self) -> int:
        """Samples of one pixel."""
        return int(self.tags.get(SAMPLES, 1))

    @property
    def is_deep_colour(self) -> bool:
        """Whether these are strips of colours of 16 bits that need no decoder of their own."""
        bits = set(_all(self.tags.get(BITS, 1)))
        plain = self.tags.get(PHOTOMETRIC) in (1, 2) and self.tags.get(PREDICTOR, 1) in (1, 2)
        whole = set(_all(self.tags.get(FORMAT, 1))) == {1} and TILE_OFFSETS not in self.tags
        without_loss = self.tags.get(COMPRESSION, 1) in _WITHOUT_LOSS
        return bits == {16} and self.samples > 1 and plain and whole and without_loss


def stored_size(image: Image.Image) -> tuple[int, int] | None:
    """(width, height) as a TIFF file stores it; None for other formats.

    Pillow turns what lies on a side while it decodes, and says the turned size before.
    """
    if not isinstance(image, TiffImageFile):
        return None
    return int(image.tag_v2[WIDTH]), int(image.tag_v2[HEIGHT])


def layout(image: Image.Image) -> Layout | None:
    """How the picture at hand is laid out; None where its parts are no pictures of their own."""
    if not isinstance(image, TiffImageFile):
        return None
    tags: Mapping[int, Any] = dict(image.tag_v2)
    if tags.get(PLANAR, 1) != 1 or tags.get(COMPRESSION, 1) == _OLD_JPEG:
        return None
    width, height = int(tags[WIDTH]), int(tags[HEIGHT])
    tiled = TILE_OFFSETS in tags
    where = tags.get(TILE_OFFSETS if tiled else STRIP_OFFSETS)
    sizes = tags.get(TILE_BYTES if tiled else STRIP_BYTES)
    if where is None or sizes is None:
        return None
    rows = int(tags[TILE_LENGTH]) if tiled else min(int(tags.get(ROWS_PER_STRIP, height)), height)
    across = -(-width // int(tags[TILE_WIDTH])) if tiled else 1
    offsets, lengths = _all(where), _all(sizes)
    if rows < 1 or len(offsets) != len(lengths) or len(offsets) != -(-height // rows) * across:
        return None
    order = "<" if image.tag_v2.prefix == b"II" else ">"
    found = Layout(width, height, rows, across, offsets, lengths, tags, order)
    return _split(found) if tags.get(COMPRESSION, 1) == 1 and not tiled else found


def _split(whole: Layout) -> Layout:
    """Uncompressed rows one by one: strips may be as long as the picture."""
    bits = sum(_all(whole.tags.get(BITS, 1)))
    bits *= whole.samples // max(1, len(_all(whole.tags.get(BITS, 1))))
    stride = (whole.width * bits + 7) // 8
    starts = [
        offset + stride * row
        for at, offset in enumerate(whole.offsets)
        for row in range(min(whole.rows, whole.height - at * whole.rows))
    ]
    lengths = (stride,) * len(starts)
    return Layout(whole.width, whole.height, 1, 1, tuple(starts), lengths, whole.tags, whole.order)


def bands(file: BinaryIO, parts: Layout, rows: int) -> Iterator[Image.Image | NDArray[np.uint16]]:
    """The picture in bands of about `rows` rows (a multiple of a part's).

    Images, or (rows, width, samples) where it is a deep colour. Raises what Pillow raises.
    """
    step = max(1, rows // parts.rows)
    down = -(-parts.height // parts.rows)
    for first in range(0, down, step):
        last = min(first + step, down)
        inside = slice(first * parts.across, last * parts.across)
        count = min(last * parts.rows, parts.height) - first * parts.rows
        data = []
        for offset, length in zip(parts.offsets[inside], parts.lengths[inside], strict=True):
            file.seek(offset)
            data.append(file.read(length))
        if parts.is_deep_colour:
            yield _deep(parts, count, data)
        else:
            yield _decoded(parts.order, _directory(parts, count), data)


def _directory(parts: Layout, rows: int) -> dict[int, Any]:
    tags = {tag: parts.tags[tag] for tag in _COPIED if tag in parts.tags}
    tags[HEIGHT] = rows
    if TILE_OFFSETS not in parts.tags:
        tags[ROWS_PER_STRIP] = parts.rows
    return tags


def _deep(parts: Layout, rows: int, data: Sequence[bytes]) -> NDArray[np.uint16]:
    """Strips of colours as a grey picture that is as many times as wide, then put together.

    The predictor, differences of neighbours of one colour, is taken back here.
    """
    width = parts.width * parts.samples
    tags = {WIDTH: width, HEIGHT: rows, BITS: 16, PHOTOMETRIC: 1, SAMPLES: 1}
    tags |= {COMPRESSION: parts.tags.get(COMPRESSION, 1), ROWS_PER_STRIP: parts.rows}
    grey = np.asarray(_decoded(parts.order, tags, data)).astype(np.uint16)
    pixels = grey.reshape(rows, parts.width, parts.samples)
    if parts.tags.get(PREDICTOR, 1) == 2:
        pixels = np.cumsum(pixels, axis=1, dtype=np.uint16)
    return pixels


def _decoded(order: str, tags: Mapping[int, Any], data: Sequence[bytes]) -> Image.Image:
    """A TIFF file of these tags and parts, decoded."""
    tiled = TILE_LENGTH in tags
    offset_tag, length_tag = (TILE_OFFSETS, TILE_BYTES) if tiled else (STRIP_OFFSETS, STRIP_BYTES)
    lengths = [len(part) for part in data]
    starts = accumulate(lengths[:-1], initial=8)
    body = b"".join(data)
    body += b"\0" * (len(body) % 2)
    tags = {**tags, offset_tag: tuple(starts), length_tag: tuple(lengths)}
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}L", 8 + len(body))
    made = head + body + _written(order, tags, 8 + len(body))
    image = Image.open(io.BytesIO(made), formats=("TIFF",))
    image.load()
    return image


def _written(order: str, tags: Mapping[int, Any], at: int) -> bytes:
    """An image file directory that stands `at` so many bytes; what does not fit lies behind it."""
    entries, behind = [], b""
    after = at + 2 + 12 * len(tags) + 4
    for tag in sorted(tags):
        value = tags[tag]
        if isinstance(value, bytes):
            kind, count, packed = 7, len(value), value
        else:
            numbers = _all(value)
            kind, count = 4 if max(numbers) > 0xFFFF else 3, len(numbers)
            packed = struct.pack(f"{order}{count}{'L' if kind == 4 else 'H'}", *numbers)
        if len(packed) > 4:
            place = struct.pack(f"{order}L", after + len(behind))
            behind += packed + b"\0" * (len(packed) % 2)
        else:
            place = packed.ljust(4, b"\0")
        entries.append(struct.pack(f"{order}HHL", tag, kind, count) + place)
    return struct.pack(f"{order}H", len(entries)) + b"".join(entries) + b"\0" * 4 + behind


def _all(value: Any) -> tuple[int, ...]:
    return tuple(map(int, value)) if isinstance(value, tuple | list) else (int(value),)
