"""Finds the stored weights and images that nothing refers to any more, and deletes them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from analysis.storage.blobs import BlobStore, is_hash
from analysis.storage.document import MOST_BYTES
from analysis.storage.regular_file import open_regular

_A_HASH = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A blob in the store."""

    hash: str
    bytes: int
    used: float
    """When it was last stored or fetched, in seconds since 1970."""


def stored_files(store: BlobStore) -> list[StoredFile]:
    """Every blob of the store; what else lies in its folder is none. Raises OSError."""
    found = []
    for path in sorted(store.folder.glob("??/*")):
        if is_hash(path.name) and path == store.path(path.name):
            entry = path.stat()
            found.append(StoredFile(path.name, entry.st_size, entry.st_mtime))
    return found


def references(files: Iterable[Path]) -> set[str]:
    """Every SHA-256 that is written in these files, whatever their version or damage.

    Raises OSError for a file that is there and cannot be read: it is not known what it needs.
    """
    found: set[str] = set()
    for path in files:
        try:
            with open_regular(path) as file:
                content = file.read(MOST_BYTES)
        except FileNotFoundError:
            continue
        found.update(each.decode() for each in _A_HASH.findall(content))
    return found


def unneeded(store: BlobStore, kept: Collection[str], before: float) -> list[StoredFile]:
    """The blobs that are not among `kept` and were last used before that time. Raises OSError."""
    return [each for each in stored_files(store) if each.hash not in kept and each.used < before]


def delete(store: BlobStore, files: Iterable[StoredFile]) -> int:
    """Delete those that were not used since they were listed; the bytes that this freed.

    One that cannot be deleted is left.
    """
    freed = 0
    for each in files:
        path = store.path(each.hash)
        try:
            if path.stat().st_mtime == each.used:
                path.unlink()
                freed += each.bytes
        except OSError:
            continue
    return freed
