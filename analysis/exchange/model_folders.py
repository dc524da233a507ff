"""Temporary folders of opened models: each lasts as long as the process that made it."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile
from pathlib import Path

from analysis.storage import atomic_file

PREFIX = "fieldglass-model-"
LOCK = "lock"
"""A file in each folder that its maker holds locked while it lives."""
_held: list[int] = []


def make() -> Path:
    """A new folder, deleted when this process ends. Raises OSError."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if os.name == "posix":
        handle, name = tempfile.mkstemp(dir=folder)
        atomic_file.lock(handle)  # before it has the name that `sweep` looks for
        Path(name).replace(folder / LOCK)
        _held.append(handle)
    return folder


def sweep() -> int:
    """Delete the folders of processes of this person that were killed; how many (POSIX only).

    Never raises.
    """
    swept = 0
    with contextlib.suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            if entry.name.startswith(PREFIX):
                swept += _delete_abandoned(Path(entry.path))
    return swept


def _delete_abandoned(folder: Path) -> bool:
    lock = folder / LOCK
    try:
        if folder.is_symlink() or not lock.is_file() or lock.is_symlink():
            return False
        if os.name != "posix" or folder.stat().st_uid != os.getuid():
            return False
        if not atomic_file.is_unlocked(lock):
            return False
    except OSError:
        return False
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()
