"""Renames the tensors of a safetensors file, copying bytes: no torch, no array in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

CHUNK = 1 << 20


def rename(
    source: Path, target: Path, names: Mapping[str, str], metadata: Mapping[str, str] | None = None
) -> None:
    """Write `target` with tensor `names[key]` of `source` under each key, in the keys' order.

    Raises OSError, KeyError and ValueError for a file that is none.
    """
    with target.open("wb") as writer:
        writer.writelines(renamed(source, names, metadata))


def renamed(
    source: Path, names: Mapping[str, str], metadata: Mapping[str, str] | None = None
) -> Iterator[bytes]:
    """The bytes of a file with tensor `names[key]` of `source` under each key, piece by piece.

    Format: https://github.com/huggingface/safetensors (header length as 8 bytes little endian,
    JSON header, data). Raises OSError, KeyError and ValueError for a file that is none.
    """
    with source.open("rb") as reader:
        length, held = _header(reader, source.stat().st_size)
        held.pop("__metadata__", None)
        header: dict[str, Any] = {"__metadata__": dict(metadata)} if metadata else {}
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


def bytes_of(path: Path, name: str) -> Iterator[bytes]:
    """The bytes of one tensor, piece by piece. Raises OSError, KeyError and ValueError."""
    with path.open("rb") as reader:
        length, held = _header(reader, path.stat().st_size)
        start, stop = held[name]["data_offsets"]
        reader.seek(8 + length + start)
        yield from _chunks(reader, stop - start)


def read_header(path: Path) -> dict[str, Any]:
    """Name → dtype, shape and data_offsets of every tensor. Raises OSError, ValueError."""
    with path.open("rb") as reader:
        held = _header(reader, path.stat().st_size)[1]
    held.pop("__metadata__", None)
    return held


def read_metadata(path: Path) -> Mapping[str, object]:
    """What its header says beside the tensors. Raises OSError, ValueError."""
    with path.open("rb") as reader:
        found = _header(reader, path.stat().st_size)[1].get("__metadata__")
    return found if isinstance(found, dict) else {}


def float_types(path: Path) -> tuple[str, ...]:
    """The floating point types but float32 of its tensors, as torch calls them.

    Raises OSError, ValueError.
    """
    names = {"F16": "float16", "BF16": "bfloat16", "F64": "float64"}
    held = {str(entry["dtype"]) for entry in read_header(path).values()}
    return tuple(sorted(names[kind] for kind in held & names.keys()))


def _header(reader: BinaryIO, size: int) -> tuple[int, dict[str, Any]]:
    length = int.from_bytes(reader.read(8), "little")
    if not 2 <= length <= size - 8:
        raise ValueError("no safetensors file")
    held = json.loads(reader.read(length))
    if not isinstance(held, dict):
        raise ValueError("no safetensors file")
    return length, held


def _chunks(reader: BinaryIO, count: int) -> Iterator[bytes]:
    while count > 0:
        chunk = reader.read(min(CHUNK, count))
        if not chunk:
            raise ValueError("the file is cut off")
        count -= len(chunk)
        yield chunk
