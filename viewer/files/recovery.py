"""Writes recovery copies of unsaved work, and finds those whose program no longer runs.

A copy `<name>.fieldglass` belongs to whoever holds the lock `<name>.lock`. The system lets go of
a lock when the program that held it ends, however it ends. Process ids say nothing: they repeat
after a restart and in containers.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from PySide6.QtCore import QLockFile

from analysis.storage import atomic_file
from viewer.files.data_folder import data_folder, standard_data_folder
from viewer.files.file_kinds import DOCUMENT


class Claim:
    """A recovery copy whose lock this process holds."""

    def __init__(self, path: Path, lock: QLockFile | None) -> None:
        self.path = path
        self._lock = lock

    def release(self) -> None:
        """Leave the copy for whoever comes next."""
        if self._lock is not None:
            self._lock.unlock()

    def remove(self) -> None:
        """Delete the copy: its work was saved, or the person does not want it."""
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)
        self.release()

    def put_aside(self) -> Path:
        """Keep a copy that cannot be read under a name that is not offered again; its path."""
        aside = self.path.with_suffix(".damaged")
        with contextlib.suppress(OSError):
            self.path.replace(aside)
        self.release()
        return aside


def recovery_folder() -> Path:
    """Where copies are written."""
    return data_folder() / "recovery"


def recovery_folders() -> tuple[Path, ...]:
    """Where copies can lie: the folder in use, and the standard one if that is another."""
    folders = (recovery_folder(), standard_data_folder() / "recovery")
    return tuple(dict.fromkeys(folders))


def lost_work() -> list[Claim]:
    """The copies that nobody living has."""
    return lost_copies(recovery_folders())


def claim(path: Path) -> Claim | None:
    """Take the lock of a copy; None while somebody living holds it.

    In a folder that cannot be written there is no lock; what lies there can still be read.
    """
    lock = QLockFile(str(path.with_suffix(".lock")))
    lock.setStaleLockTime(0)  # a lock does not go stale by its age
    # QLockFile alone believes the process id in the file. This asks the system instead: it takes
    # the file away only if no process has it locked (on Windows: open).
    lock.removeStaleLockFile()
    if lock.tryLock(0):
        return Claim(path, lock)
    if lock.error() == QLockFile.LockError.LockFailedError:
        return None
    return Claim(path, None)


def lost_copies(folders: Sequence[Path]) -> list[Claim]:
    """The copies that nobody living has, the newest first; each is claimed."""
    found: list[tuple[float, Path]] = []
    for folder in folders:
        for path in folder.glob(f"*{DOCUMENT}"):
            with contextlib.suppress(OSError):
                found.append((path.stat().st_mtime, path))
    claims = [claim(path) for _, path in sorted(found, reverse=True)]
    # Between the listing and the lock its owner may have ended and removed it.
    return [each for each in claims if each is not None and _still_there(each)]


def _still_there(found: Claim) -> bool:
    if found.path.exists():
        return True
    found.release()
    return False


class RecoveryCopy:
    """The copy of one window's unsaved work. It may be written on any thread.

    A write is asked for with a number from `next_turn`, so that one that comes late, after a
    newer one or after `remove`, does not bring old work back.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._claim: Claim | None = None
        self._guard = Lock()
        self._turn = self._done = 0

    @property
    def path(self) -> Path | None:
        """Where the copy is, once there is one."""
        return self._claim.path if self._claim is not None else None

    def next_turn(self) -> int:
        """The number of a write that is about to be asked for."""
        with self._guard:
            self._turn += 1
            return self._turn

    def write(self, data: bytes, turn: int) -> None:
        """Write the copy, unless something newer has happened to it. Raises OSError."""
        with self._guard:
            if turn <= self._done:
                return
            if self._claim is None:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._claim = claim(self._folder / f"{uuid.uuid4().hex}{DOCUMENT}")
            assert self._claim is not None, "somebody has a name that was made just now"
            atomic_file.write(self._claim.path, (data,))
            self._done = turn

    def adopt(self, found: Claim) -> None:
        """Take over a copy whose work has been restored; the one there was is removed."""
        self.remove()
        with self._guard:
            self._claim = found

    def remove(self) -> None:
        """Delete the copy: its work is saved, or the person does not want it."""
        with self._guard:
            self._done = self._turn
            if self._claim is not None:
                self._claim.remove()
            self._claim = None

    def leave(self) -> None:
        """Keep the copy for the next start and let go of it."""
        with self._guard:
            self._done = self._turn
            if self._claim is not None:
                self._claim.release()
            self._claim = None
