"""Finds the folder for stored files and recovery copies; a temporary one where it cannot be had."""

from __future__ import annotations

import contextlib
import getpass
import os
import tempfile
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QStandardPaths


def standard_data_folder() -> Path:
    """Where the system wants an application's own files."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    return Path(place)


def data_folder() -> Path:
    """Where blobs and recovery copies live: the standard folder, else a temporary one.

    Never raises. Where not even a temporary folder can be written, its path is returned all the
    same, and whoever writes there gets the OSError.
    """
    return _usable(standard_data_folder())


def is_temporary() -> bool:
    """Whether the standard folder cannot be written, so that files are kept in a temporary one."""
    return data_folder() != standard_data_folder()


@lru_cache(maxsize=8)
def _usable(place: Path) -> Path:
    return place if _can_be_written(place) else _temporary_folder()


def _can_be_written(folder: Path) -> bool:
    """Tried by writing: permissions alone do not tell (a full disk, a read-only mount)."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
            file.flush()
    except OSError:
        return False
    return True


def _temporary_folder() -> Path:
    """A folder of this user's that the next start finds again, or else a new one.

    Others can write in the folder for temporary files: one that somebody else made under our
    name, or that is a link, is not used.
    """
    folder = Path(tempfile.gettempdir()) / f"fieldglass-{_user()}"
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700)
    try:
        if _is_ours_alone(folder) and _can_be_written(folder):
            return folder
        return Path(tempfile.mkdtemp(prefix="fieldglass-"))
    except OSError:
        return folder


def _user() -> str:
    try:
        return "".join(letter for letter in getpass.getuser() if letter.isalnum())
    except (OSError, KeyError, ImportError):  # no such user, and no variable that names one
        return "nobody"


def _is_ours_alone(folder: Path) -> bool:
    if os.name != "posix":
        return folder.is_dir()
    found = folder.lstat()
    return (
        folder.is_dir()
        and not folder.is_symlink()
        and found.st_uid == os.getuid()
        and not (found.st_mode & 0o022)
    )
