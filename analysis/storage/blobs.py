"""Weights and images kept once each under the SHA-256 of their bytes."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.storage import atomic_file
from analysis.storage.regular_file import open_regular

CHUNK = 1 << 20
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class BlobRef:
    """A document's reference to a blob: its SHA-256 in hexadecimal, and a name to show."""

    hash: str
    name: str


class BlobStore:
    """A folder of blobs. A blob never changes, so that a hash in an old document stays good."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes | Path) -> str:
        """Keep these bytes, or a copy of that file; its hash. Raises OSError."""
        if isinstance(content, bytes):
            key = hashlib.sha256(content).hexdigest()
            return self._keep(key, iter((content,)))
        return self._keep(hash_file(content), read_chunks(content))

    def _keep(self, key: str, chunks: Iterator[bytes]) -> str:
        path = self.path(key)
        if self.sound(key):
            self.touch(key)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            atomic_file.write(path, chunks)
        return key

    def touch(self, key: str) -> None:
        """Mark the blob as used now, so that it is not taken for one that nobody needs."""
        with contextlib.suppress(OSError):
            os.utime(self.path(key))

    def path(self, key: str) -> Path:
        """Where the blob of that hash is, if it is here. Raises ValueError for no hash at all."""
        if not is_hash(key):
            raise ValueError(f"not a SHA-256: {key[:80]!r}")
        return self.folder / key[:2] / key

    def has(self, key: str) -> bool:
        return self.path(key).is_file()

    def sound(self, key: str) -> bool:
        """Whether the blob is here and still has its hash."""
        return self.has(key) and hash_file(self.path(key)) == key

    def drop(self, key: str) -> None:
        """Take a blob out, for instance because it is damaged."""
        self.path(key).unlink(missing_ok=True)


def is_hash(text: str) -> bool:
    """Whether this is a SHA-256 in lower-case hexadecimal."""
    return _HASH.fullmatch(text) is not None


def read_chunks(path: Path) -> Iterator[bytes]:
    """The file's bytes, a megabyte at a time. Raises OSError, at once for a pipe or a device."""
    with open_regular(path) as file:
        while chunk := file.read(CHUNK):
            yield chunk


def hash_file(path: Path) -> str:
    """SHA-256 of a file in hexadecimal. Raises OSError."""
    digest = hashlib.sha256()
    for chunk in read_chunks(path):
        digest.update(chunk)
    return digest.hexdigest()
