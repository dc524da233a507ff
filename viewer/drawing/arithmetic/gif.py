"""Writes GIFs with one explicit palette for all frames, so that flat colours are exact.

Each frame after the first holds only the rectangle that changed, and in it what did not change is
transparent. Pillow compresses (LZW); the container is written here, since Pillow's own writer
makes palettes frame by frame. Format: "Graphics Interchange Format, version 89a", CompuServe.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from viewer.drawing.arithmetic.animation import Pixels

TRANSPARENT = 255
"""The last place of the palette; 255 colours are left."""
BY_COUNT = 176
"""Places for the colours that cover most; the others keep rare shades from being far off."""
RGB = 0xFFFFFF
HEADER = 13


class Palette:
    """At most 255 colours; every pixel maps to the index of its own colour or the nearest."""

    def __init__(self, colours: Sequence[int]) -> None:
        self.colours = np.array(colours[:TRANSPARENT], np.uint32)
        self._places = np.full(RGB + 1, TRANSPARENT, np.uint8)
        self._places[self.colours] = np.arange(len(self.colours), dtype=np.uint8)

    @classmethod
    def of(cls, frames: Iterable[Pixels], first: Sequence[int] = ()) -> Palette:
        """`first` where they are seen, then what covers most, then what would be furthest off."""
        before: Pixels | None = None
        parts: list[Pixels] = []
        for frame in frames:
            parts.append(frame.reshape(-1) if before is None else frame[frame != before])
            before = frame
        seen, counts = np.unique(np.concatenate(parts) & RGB, return_counts=True)
        counts[np.isin(seen, np.array(first, np.uint32))] = np.iinfo(np.int64).max
        order = seen[np.argsort(-counts, kind="stable")]
        chosen, rest = order[:BY_COUNT], order[BY_COUNT:]
        return cls([*chosen.tolist(), *_furthest(chosen, rest)])

    def places(self, pixels: Pixels) -> NDArray[np.uint8]:
        """The palette index of every pixel, (height, width) → (height, width)."""
        colours = pixels & RGB
        found: NDArray[np.uint8] = self._places[colours]
        unknown = np.unique(colours[found == TRANSPARENT])
        if len(unknown):
            self._places[unknown] = self._nearest(unknown)
            found = self._places[colours]
        return found

    def table(self) -> bytes:
        """256 × RGB, black where there is no colour."""
        table = np.zeros((256, 3), np.uint8)
        table[: len(self.colours)] = _channels(self.colours)
        return table.tobytes()

    def _nearest(self, colours: NDArray[np.uint32]) -> NDArray[np.uint8]:
        """By squared distance in RGB; whole numbers below 2²⁴, so 32-bit floats are exact."""
        known = _channels(self.colours).astype(np.float32)
        asked = _channels(colours).astype(np.float32)
        result = np.empty(len(colours), np.uint8)
        for start in range(0, len(colours), 4096):
            part = asked[start : start + 4096]
            result[start : start + 4096] = ((known**2).sum(axis=1) - 2 * part @ known.T).argmin(1)
        return result


def gif(
    frames: Iterable[Pixels], palette: Palette, delays: Iterable[float], loop: bool = True
) -> Iterator[bytes]:
    """The file in pieces; `delays` are milliseconds, one a frame, kept to hundredths of a second.

    All frames are (height, width) of one size, at most 65535 either way.
    """
    shown: Pixels | None = None
    for frame, delay in zip(frames, delays, strict=False):
        if shown is None:
            yield _screen(frame.shape, palette, loop)
            yield _frame(palette.places(frame), (0, 0), delay)
        else:
            yield _changed(frame, shown, palette, delay)
        shown = frame
    yield b";"


def _screen(shape: tuple[int, ...], palette: Palette, loop: bool) -> bytes:
    size = struct.pack("<HH", shape[1], shape[0])
    repeat = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00" if loop else b""
    return b"GIF89a" + size + b"\xf7\x00\x00" + palette.table() + repeat


def _changed(frame: Pixels, shown: Pixels, palette: Palette, delay: float) -> bytes:
    """The rectangle that changed; one cell where nothing did, since the delay must be kept."""
    differs = frame != shown
    rows = np.flatnonzero(differs.any(axis=1))
    if not len(rows):
        return _frame(np.full((1, 1), TRANSPARENT, np.uint8), (0, 0), delay)
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(differs[top:bottom].any(axis=0))
    left, right = int(columns[0]), int(columns[-1]) + 1
    box = (slice(top, bottom), slice(left, right))
    part = np.full(differs[box].shape, TRANSPARENT, np.uint8)
    part[differs[box]] = palette.places(frame[box][differs[box]])
    return _frame(part, (top, left), delay)


def _frame(places: NDArray[np.uint8], corner: tuple[int, int], delay: float) -> bytes:
    hundredths = min(65535, max(2, round(delay / 10)))
    control = struct.pack("<BBBBHBB", 0x21, 0xF9, 4, 0b00000101, hundredths, TRANSPARENT, 0)
    height, width = places.shape
    image = struct.pack("<BHHHHB", 0x2C, corner[1], corner[0], width, height, 0)
    return control + image + _compressed(places)


def _compressed(places: NDArray[np.uint8]) -> bytes:
    """LZW data of one image: what stands after the image's head in a file of Pillow's."""
    picture = Image.fromarray(np.ascontiguousarray(places))
    written = io.BytesIO()
    picture.save(written, "GIF", optimize=False, interlace=0)
    data = written.getvalue()
    at = HEADER + (3 << ((data[10] & 7) + 1) if data[10] & 0x80 else 0)
    while data[at] == 0x21:  # extensions, each a row of blocks
        at += 2
        while data[at]:
            at += data[at] + 1
        at += 1
    local = data[at + 9]
    at += 10 + (3 << ((local & 7) + 1) if local & 0x80 else 0)
    return data[at:-1]


def _furthest(chosen: NDArray[np.uint32], rest: NDArray[np.uint32]) -> list[int]:
    """As many of `rest` as there is room for, each the furthest from all before it."""
    room = TRANSPARENT - len(chosen)
    if len(rest) <= room:
        return [int(each) for each in rest]
    asked, known = (_channels(each).astype(np.float32) for each in (rest, chosen))
    lengths = (asked**2).sum(axis=1)
    far = ((known**2).sum(axis=1) - 2 * asked @ known.T).min(axis=1) + lengths
    found = []
    for _ in range(room):
        at = int(far.argmax())
        found.append(int(rest[at]))
        far = np.minimum(far, lengths + lengths[at] - 2 * asked @ asked[at])
    return found


def _channels(colours: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """(n, 3) red, green, blue."""
    return np.stack([colours >> 16, colours >> 8, colours], axis=1).astype(np.uint8)
