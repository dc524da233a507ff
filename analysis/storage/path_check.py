"""Tests what is at a path; any text that somebody typed may be the path."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


def exists(path: str | Path) -> bool:
    """Whether something is there; a path that no file can have (too long, a NUL) is not there."""
    return _asked(Path(path).exists)


def is_file(path: str | Path) -> bool:
    """Whether a regular file is there."""
    return _asked(Path(path).is_file)


def is_folder(path: str | Path) -> bool:
    """Whether a folder is there."""
    return _asked(Path(path).is_dir)


def _asked(question: Callable[[], bool]) -> bool:
    """`pathlib` raises for names past 255 bytes and for folders that may not be looked into."""
    try:
        return question()
    except (OSError, ValueError):
        return False
