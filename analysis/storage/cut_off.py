"""Tells a file of weights that ends too early, as after a broken download, from other damage."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from analysis.storage.regular_file import open_regular

ENDED = ("unexpected eof", "truncated", "ran out of input", "end of file", "incomplete")
"""What readers of pickles say where the file ends before its time."""
MAGIC = b"\x8a\nl\xfc\x9cF\xf9"
"""The number with which torch's format before archives begins, as any pickle writes it."""
LONGEST_HEADER = 100_000_000
"""Bytes, as the format of safetensors bounds its header."""


def is_cut_off(path: Path, head: bytes, error: BaseException) -> bool:
    """Whether a file that begins with `head` and was refused with `error` lacks its end."""
    try:
        if head[8:9] == b"{":
            return _lacks_tensors(path)
        if _is_archive(head):
            return not zipfile.is_zipfile(path)  # its table of contents is its end
    except (OSError, ValueError, TypeError, KeyError, IndexError):
        return False
    said = str(error).lower()
    return head.startswith(b"\x80\x02" + MAGIC) and (
        isinstance(error, EOFError) or any(each in said for each in ENDED)
    )


def lacks_end(path: Path) -> bool:
    """Whether a safetensors file or an archive ends too early, told from a few bytes of it.

    Raises OSError.
    """
    with open_regular(path) as file:
        head = file.read(512)
    return (head[8:9] == b"{" or _is_archive(head)) and is_cut_off(path, head, EOFError())


def _is_archive(head: bytes) -> bool:
    """Whether a file begins as the archives of torch do: with an entry in a folder."""
    length = int.from_bytes(head[26:28], "little")
    return head[:4] == b"PK\x03\x04" and 30 + length <= len(head) and b"/" in head[30 : 30 + length]


def _lacks_tensors(path: Path) -> bool:
    """Whether a safetensors file is shorter than its header says."""
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > LONGEST_HEADER:
            return False
        if 8 + length > size:
            return True
        header = json.loads(file.read(length))
    ends = [each["data_offsets"][1] for name, each in header.items() if name != "__metadata__"]
    return 8 + length + max(ends, default=0) > size
