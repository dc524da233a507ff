"""Writes several files into a folder: either all of them, or none."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from analysis.storage import atomic_file


def write_all(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write (name, content) beside a folder's own, and move all to their places at the end.

    Names may lead through folders; links stay, and the permissions of a file that is replaced.
    Raises OSError with the path that could not be written as its `filename`; the folder is then as
    it was, unless a file of it could not be replaced. What `files` raises passes as it is.
    """
    stage: Path | None = None
    staged: dict[str, Path] = {}
    try:
        for name, content in files:
            with _named(folder / name):
                stage = stage or Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
                staged[name] = path = stage / name
                path.parent.mkdir(parents=True, exist_ok=True)
                atomic_file.write(path, [content])
        for name, path in staged.items():
            with _named(folder / name):
                _move(path, Path(os.path.realpath(folder / name)))
    finally:
        if stage is not None:
            shutil.rmtree(stage, ignore_errors=True)


def _move(path: Path, target: Path) -> None:
    """Put a file in the place of another, or of none; it may lie on another disk."""
    target.parent.mkdir(parents=True, exist_ok=True)
    there = target.exists()
    if not there or target.is_file():
        if there:
            path.chmod(target.stat().st_mode & 0o7777)
        try:
            path.replace(target)
            return
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
    atomic_file.write(target, [path.read_bytes()])


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    """An OSError names this path."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
