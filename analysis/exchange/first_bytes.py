"""Tells from a few bytes that a file is no program, ONNX file or archive of torch, however long."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO
from zipfile import is_zipfile

from analysis.faults import Fault
from analysis.storage.regular_file import open_regular

NETWORK, ARCHIVES = ".onnx", (".pt2", ".torchscript")
VARINT, LONG, BYTES, SHORT = 0, 1, 2, 5
"""How protobuf writes a field: a number, 8 bytes, a length and so many bytes, 4 bytes."""
KNOWN = {1: VARINT, 2: BYTES, 3: BYTES, 4: BYTES, 5: VARINT, 6: BYTES, 7: BYTES, 8: BYTES,
         14: BYTES, 20: BYTES, 25: BYTES}  # fmt: skip
"""The fields of ONNX's ModelProto: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto."""
GRAPH = 7
MOST_MESSAGE = (1 << 31) - 1
"""Bytes that protobuf reads of one file."""
CODE, MOST_CODE, FIRST = ".py", 16 << 20, 1 << 16
"""The ending of a program, the most bytes that any has, and how many are looked at."""
MOST_FIELDS = 20_000
"""Fields that are looked at; what follows them is left to the reader."""


class OtherContentError(Exception):
    """Raised for a file that is not what its ending says. `fault` has its whole path."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.code}: {fault.numbers}")
        self.fault = fault


def check_content(path: Path) -> None:
    """Raise OtherContentError where a network's or an archive's file cannot be one; or OSError."""
    ending = path.suffix.lower()
    if ending not in (CODE, NETWORK, *ARCHIVES):
        return
    with open_regular(path) as file:
        if ending == CODE:
            if b"\0" in file.read(FIRST) or file.seek(0, 2) > MOST_CODE:
                raise OtherContentError(Fault("model-no-code", (str(path),)))
            return
        if ending in ARCHIVES:
            if not is_zipfile(file):
                raise OtherContentError(Fault("model-archive-cut", (str(path),)))
            return
        size = file.seek(0, 2)
        file.seek(0)
        at = _no_field(file, size)
    if at is not None:
        raise OtherContentError(Fault("onnx-damaged", (str(path), f"byte {at} of {size}")))
    if size > MOST_MESSAGE:
        raise OtherContentError(Fault("onnx-too-long", (str(path), size, MOST_MESSAGE)))


def _no_field(file: BinaryIO, size: int) -> int | None:
    """Where what is no field of a model begins, or a graph was to come; None where all are."""
    at, seen = 0, set[int]()
    for _ in range(MOST_FIELDS):
        if at == size:
            return None if GRAPH in seen else at
        key = _number(file)
        if key is None:
            return at
        field, kind = key >> 3, key & 7
        if field == 0 or KNOWN.get(field, kind) != kind:
            return at
        if kind == VARINT:
            after = file.tell() if _number(file) is not None else None
        elif kind == BYTES:
            length = _number(file)
            after = None if length is None else file.tell() + length
        else:
            after = file.tell() + {LONG: 8, SHORT: 4}[kind] if kind in (LONG, SHORT) else None
        if after is None or after > size:
            return at
        at = file.seek(after)
        seen.add(field)
    return None


def _number(file: BinaryIO) -> int | None:
    """The next number as protobuf writes it, seven bits a byte; None where there is none."""
    number = 0
    for shift in range(0, 70, 7):
        byte = file.read(1)
        if not byte:
            return None
        number |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            return number
    return None
