"""Saves and loads `.fieldglass` files; whatever cannot be kept or found is reported.

Weights and image lie beside the file, named by their hash. Where the file is a symbolic link,
they lie beside the file that it leads to.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.faults import Fault
from analysis.storage import atomic_file, path_check
from analysis.storage.blobs import BlobRef, BlobStore, hash_file, read_chunks
from analysis.storage.document import (
    MOST_BYTES,
    Document,
    DocumentError,
    operator_count,
    to_json,
    with_unknown_keys,
)
from analysis.storage.full_disk import is_full
from analysis.storage.regular_file import open_regular, read_fault

STEM_BYTES = 200
"""Most bytes of a document's stem in the names of the files beside it."""
MOST_KEYS, MOST_KEY = 5, 40
"""So many unknown keys are named, with so many characters of each."""


@dataclass(frozen=True)
class Opened:
    """A document from a file, its view, and which blobs are missing or damaged (as faults)."""

    document: Document
    view: Mapping[str, Any]
    missing: tuple[Fault, ...] = ()
    hash: str = ""
    """SHA-256 of the file, to tell later whether another program has changed it."""
    unknown: Fault | None = None
    """Says which of its keys mean nothing (`unknown-keys`), where there are some."""


# ---------------------------------------------------------------------------------- writing


def save(
    path: Path,
    document: Document,
    view: Mapping[str, Any],
    store: BlobStore,
    *,
    expected: str | None = None,
    without_blobs: bool = False,
) -> str:
    """Write the file, its weights and its image, and read back what was written; its SHA-256.

    The file comes last and in one step. `expected` is the SHA-256 that the file had when it was
    last read or written; None writes over whatever is there. Blobs come from the store, or else
    from beside the file that is replaced.

    Raises DocumentError, and then the old file is untouched: `disk-full`, `read-only-folder`,
    `no-folder`, `cannot-write`, `read-only-file`, `changed-meanwhile`, and, unless
    `without_blobs`, `weights-not-stored` or `image-not-stored` for what is nowhere to be had.
    """
    target = Path(os.path.realpath(path))
    content = to_json(document, view)
    try:
        _check_target(target, expected)
        for kind, ref in _blobs(document):
            if ref is not None and not _put_beside(target, ref, store) and not without_blobs:
                raise DocumentError(f"{kind}-not-stored", (ref.name,))
        atomic_file.write(target, (content,))
        if target.read_bytes() != content:
            raise OSError(errno.EIO, "what was written is not what is read")
    except OSError as error:
        raise DocumentError(_write_code(error), (str(path),)) from error
    return hashlib.sha256(content).hexdigest()


def _blobs(document: Document) -> tuple[tuple[str, BlobRef | None], ...]:
    """What lies beside the file of a document, with the word of its faults."""
    return ("weights", document.weights), ("image", document.image), ("image", document.target)


def _check_target(target: Path, expected: str | None) -> None:
    """Refuse what should not be written over. Raises DocumentError, OSError."""
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        raise OSError(errno.EISDIR, "no file")
    # The superuser may write everything; who took the permission away meant it all the same.
    if not mode & 0o222 or not os.access(target, os.W_OK):
        raise DocumentError("read-only-file", (str(target),))
    if expected is not None and hash_file(target) != expected:
        raise DocumentError("changed-meanwhile", (str(target),))


def _put_beside(target: Path, ref: BlobRef, store: BlobStore) -> bool:
    """Have the blob beside the file, whole; False if there is no whole one to copy."""
    beside = target.with_name(beside_name(target, ref))
    if _has_hash(beside, ref):
        return True
    source = next((each for each in _sources(target, ref, store) if _has_hash(each, ref)), None)
    if source is None:
        return False
    atomic_file.write(beside, read_chunks(source))
    if not _has_hash(beside, ref):
        raise OSError(errno.EIO, "what was written is not what is read")
    return True


def _sources(target: Path, ref: BlobRef, store: BlobStore) -> Iterator[Path]:
    yield store.path(ref.hash)
    yield from _candidates(target, ref)


def _has_hash(path: Path, ref: BlobRef) -> bool:
    try:
        return path_check.is_file(path) and hash_file(path) == ref.hash
    except OSError:
        return False


def _write_code(error: OSError) -> str:
    if is_full(error):
        return "disk-full"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "read-only-folder"
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return "no-folder"
    return "cannot-write"


# ---------------------------------------------------------------------------------- opening


def load(path: Path, store: BlobStore, most_operators: int | None = None) -> Opened:
    """Open a file; its blobs go into the store. Missing ones are said, not raised.

    Raises DocumentError as `read` and `with_unknown_keys` do, and `too-many-operators` for more
    than `most_operators`: these are counted before any of them is made.
    """
    content = read(path)
    if most_operators is not None and (count := operator_count(content)) > most_operators:
        raise DocumentError("too-many-operators", (count, most_operators))
    document, view, unknown = with_unknown_keys(content)
    missing = [_fetch(kind, ref, path, store) for kind, ref in _blobs(document) if ref is not None]
    faults = tuple(fault for fault in missing if fault is not None)
    ignored = Fault("unknown-keys", (_listed(unknown),)) if unknown else None
    return Opened(document, view, faults, hashlib.sha256(content).hexdigest(), ignored)


def _listed(keys: tuple[str, ...]) -> str:
    """The first few by name, each cut where it is endless."""
    shown = [key[:MOST_KEY] for key in keys[:MOST_KEYS]]
    return ", ".join(shown + ["…"] * (len(keys) > MOST_KEYS))


def read(path: Path) -> bytes:
    """The bytes of a document. Raises DocumentError: `missing-file`, `not-a-file`, `cannot-read`,
    `document-too-long`.
    """
    try:
        with open_regular(path) as file:
            content = file.read(MOST_BYTES + 1)
            length = os.fstat(file.fileno()).st_size
    except ValueError as error:  # a path with a NUL
        raise DocumentError("missing-file", (str(path),)) from error
    except OSError as error:
        fault = read_fault(error, path)
        raise DocumentError(fault.code, fault.numbers) from error
    if len(content) > MOST_BYTES:
        raise DocumentError("document-too-long", (length, MOST_BYTES))
    return content


def _fetch(kind: str, ref: BlobRef, path: Path, store: BlobStore) -> Fault | None:
    """Bring a blob into the store, from beside the file or as it is there already."""
    try:
        if store.sound(ref.hash):
            store.touch(ref.hash)
            return None
        store.drop(ref.hash)
        found = find_beside(kind, ref, path)
        if isinstance(found, Path) and store.put(found) == ref.hash:
            return None
    except OSError as error:
        return Fault(_write_code(error), (beside_name(path, ref),))
    return found if isinstance(found, Fault) else _lacking(kind, "damaged", ref, path)


def find_beside(kind: str, ref: BlobRef, path: Path) -> Path | Fault:
    """The whole blob beside a document, told by its hash, whatever the rest of its name.

    `kind` is `weights` or `image`; the fault is `<kind>-missing` or `<kind>-damaged`.
    """
    candidates = list(_candidates(path, ref))
    for candidate in candidates:
        if _has_hash(candidate, ref):
            return candidate
    return _lacking(kind, "damaged" if candidates else "missing", ref, path)


def _candidates(path: Path, ref: BlobRef) -> Iterator[Path]:
    """Files beside the document, and beside what it links to, that are named by this hash."""
    folders = dict.fromkeys((path.parent, Path(os.path.realpath(path)).parent))
    for folder in folders:
        try:
            yield from sorted(folder.glob(f"*.{ref.hash[:12]}.*"))
        except OSError:
            continue


def _lacking(kind: str, how: str, ref: BlobRef, path: Path) -> Fault:
    return Fault(f"{kind}-{how}", (beside_name(path, ref),))


def beside_name(path: Path, ref: BlobRef) -> str:
    """File name of a blob beside a document: `<stem>.<first 12 of the hash>.<its own suffix>`.

    A stem that would make it too long for a file system (255 bytes) is cut.
    """
    suffix = re.fullmatch(r".*\.([A-Za-z0-9]{1,12})", ref.name, re.DOTALL)
    stem = os.fsdecode(os.fsencode(path.stem)[:STEM_BYTES])
    return f"{stem}.{ref.hash[:12]}.{suffix[1].lower() if suffix else 'bin'}"
