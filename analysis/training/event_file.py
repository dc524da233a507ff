"""Writes the numbers of a training as TensorBoard reads them; no package of it is needed.

An event file is a row of records (length, checksum, content, checksum), each a protocol buffer
`Event`: wall_time = 1 (double), step = 2 (varint), file_version = 3, summary = 5, whose `Value`
has tag = 1 and simple_value = 2 (float). Checksums are CRC-32C, rotated and offset.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analysis.training.record import Record

NAME = "events.out.tfevents.{at:010.0f}.fieldglass"
"""TensorBoard knows such a file by its name; the number is the time of its beginning."""
_POLYNOMIAL, _OFFSET = 0x82F63B78, 0xA282EAD8
_DOUBLE, _TEXT, _FLOAT = 1, 2, 5
"""Wire types of protocol buffers."""


@dataclass(frozen=True)
class Scalar:
    """A number under a tag at a step; `time` is in seconds since 1970."""

    tag: str
    step: int
    time: float
    value: float


def scalars(record: Record, twin: str, measured: str, begun: float) -> Iterator[Scalar]:
    """The losses and scores (`psnr` or `iou`, by σ) of a twin; steps are spread over its time."""
    found = [each for each in record.measured if each.twin == twin]
    last = next((each for each in reversed(found) if each.step), None)
    rate = last.seconds / last.step if last is not None else 0.0
    for at, loss in enumerate(record.losses.get(twin, []), start=1):
        yield Scalar("loss/training", at, begun + at * rate, loss)
    for each in found:
        time = begun + each.seconds
        for tag, value in (
            (f"{measured}/held out, sigma {each.sigma}", each.score),
            (f"{measured}/training, sigma {each.sigma}", each.training),
            (f"loss/held out, sigma {each.sigma}", each.loss),
        ):
            if value is not None:
                yield Scalar(tag, each.step, time, value)


def event_file(begun: float, numbers: Iterable[Scalar]) -> bytes:
    """The file's content; numbers that are not finite are left out."""
    version = _field(1, _DOUBLE, struct.pack("<d", begun)) + _text(3, b"brain.Event:2")
    events = [_event(each) for each in numbers if math.isfinite(each.value)]
    return b"".join(map(_record, (version, *events)))


def _event(number: Scalar) -> bytes:
    value = _text(1, number.tag.encode()) + _field(2, _FLOAT, struct.pack("<f", number.value))
    return (
        _field(1, _DOUBLE, struct.pack("<d", number.time))
        + _field(2, 0, _varint(number.step))
        + _text(5, _text(1, value))
    )


def _field(number: int, wire: int, content: bytes) -> bytes:
    return _varint(number << 3 | wire) + content


def _text(number: int, content: bytes) -> bytes:
    return _field(number, _TEXT, _varint(len(content)) + content)


def _varint(value: int) -> bytes:
    made = bytearray()
    while value > 0x7F:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    made.append(value)
    return bytes(made)


def _record(content: bytes) -> bytes:
    length = struct.pack("<Q", len(content))
    return length + _checked(length) + content + _checked(content)


def _checked(content: bytes) -> bytes:
    crc = crc32c(content)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + _OFFSET) & 0xFFFFFFFF)


def _table() -> tuple[int, ...]:
    made = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (_POLYNOMIAL if byte & 1 else 0)  # noqa: PLW2901
        made.append(byte)
    return tuple(made)


_TABLE = _table()


def crc32c(content: bytes) -> int:
    """The Castagnoli checksum."""
    crc = 0xFFFFFFFF
    for byte in content:
        crc = crc >> 8 ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF
