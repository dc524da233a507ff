"""Renames the tensors of a safetensors file, copying bytes: no torch, no array in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

CHUNK = 1 << 20


def rename(source: Path, target: Path, names: Mapping[str, str]) -> None:
    """Write `target` with tensor `names[key]` of `source` under each key, in the keys' order.

    Raises OSError, KeyError and ValueError for a file that is none.
    """
    with target.open("wb") as writer:
        writer.writelines(renamed(source, names))


def renamed(source: Path, names: Mapping[str, str]) -> Iterator[bytes]:
    """The bytes of a file with tensor `names[key]` of `source` under each key, piece by piece.

    Format: https://github.com/huggingface/safetensors (header length as 8 bytes little endian,
    JSON header, data). Raises OSError, KeyError and ValueError for a file that is none.
    """
    with source.open("rb") as reader:
        length, held = _header(reader, source.stat().st_size)
        header: dict[str, Any] = {}
        position = 0
        for key, name in names.items():
            entry = held[name]
            size = entry["data_offsets"][1] - entry["data_offsets"][0]
            offsets = [position, position + size]
            header[key] = {
                "dtype": entry["dtype"],
                "shape": entry["shape"],
                "data_offsets": offsets,
            }
            position += size
        text = json.dumps(header).encode()
        text += b" " * (-len(text) % 8)
        yield len(text).to_bytes(8, "little") + text
        for name in names.values():
            start, stop = held[name]["data_offsets"]
            reader.seek(8 + length + start)
            yield from _chunks(reader, stop - start)


def read_header(path: Path) -> dict[str, Any]:
    """Name → dtype, shape and data_offsets of every tensor. Raises OSError, ValueError."""
    with path.open("rb") as reader:
        return _header(reader, path.stat().st_size)[1]


def _header(reader: BinaryIO, size: int) -> tuple[int, dict[str, Any]]:
    length = int.from_bytes(reader.read(8), "little")
    if not 2 <= length <= size - 8:
        raise ValueError("no safetensors file")
    held = json.loads(reader.read(length))
    if not isinstance(held, dict):
        raise ValueError("no safetensors file")
    return length, {key: entry for key, entry in held.items() if key != "__metadata__"}


def _chunks(reader: BinaryIO, count: int) -> Iterator[bytes]:
    while count > 0:
        chunk = reader.read(min(CHUNK, count))
        if not chunk:
            raise ValueError("the file is cut off")
        count -= len(chunk)
        yield chunk


def each_tensor(path: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every tensor, one after the other. Raises OSError, ValueError."""
    with path.open("rb") as reader:
        length, held = _header(reader, path.stat().st_size)
        for name, entry in held.items():
            start, stop = entry["data_offsets"]
            reader.seek(8 + length + start)
            yield name, b"".join(_chunks(reader, stop - start))
