"""Writes files atomically: afterwards there is the old file or the new one, never a part."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

KEPT_OF_NAME = 40
"""Characters of a file's name that its temporary file is named by."""
_TEMPORARY = re.compile(r"\.(?P<start>.{1,40})\.[a-z0-9_]{8}\.part", re.DOTALL)
SETTLED = 60.0
"""Seconds since the last write to a temporary file until it may be taken for abandoned."""


def write(path: Path, chunks: Iterable[bytes]) -> None:
    """Write under a temporary name, flush to the disk, rename, flush the folder.

    A symbolic link stays, and the file it leads to is written. A device or a pipe is written to
    as it is. Raises OSError, and then the file under `path` is as it was and no temporary one is
    left.
    """
    target = Path(os.path.realpath(path))
    if _is_stream(target):
        with target.open("wb") as stream:
            stream.writelines(chunks)
        return
    handle, name = tempfile.mkstemp(
        prefix=f".{target.name[:KEPT_OF_NAME]}.", suffix=".part", dir=target.parent
    )
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            lock(handle)
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode(target))
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _flush_folder(target.parent)


def sweep(folder: Path, is_ours: Callable[[str], object] = bool) -> int:
    """Delete temporary files that a killed program left in a folder; how many.

    `is_ours(start)` tells by the start of the file's name, at most 40 characters of it. One that
    is being written is left: its writer holds a lock on it, or has touched it within a minute.
    Never raises.
    """
    swept = 0
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            found = _TEMPORARY.fullmatch(entry.name)
            if found and is_ours(found["start"]):
                swept += _delete_abandoned(Path(entry.path))
    return swept


def _delete_abandoned(temporary: Path) -> bool:
    try:
        age = time.time() - temporary.lstat().st_mtime
        if not temporary.is_file() or abs(age) < SETTLED or not is_unlocked(temporary):
            return False
        temporary.unlink()  # on Windows this fails while anybody has it open
    except OSError:
        return False
    return True


def lock(handle: int) -> None:
    """Hold the file while it is open. Where the file system has no locks its age must do."""
    if sys.platform != "win32":
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def is_unlocked(path: Path) -> bool:
    """Whether no living process holds the file; on Windows deleting it tells, so always true."""
    if sys.platform == "win32":
        return True
    import fcntl

    with path.open("r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _is_stream(path: Path) -> bool:
    """Whether this is something to write into, such as /dev/stdout, and nothing to replace."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _mode(path: Path) -> int:
    """The old file's permissions, else what a new file would get."""
    try:
        return path.stat().st_mode & 0o7777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _flush_folder(folder: Path) -> None:
    """Where folders can be opened (not on Windows) the rename itself is made to last."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
