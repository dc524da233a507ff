"""Lists the pictures in a folder, in the order in which a person counts them."""

from __future__ import annotations

import re
from pathlib import Path
from threading import Event

from viewer.files.file_kinds import kind_of

MOST = 100_000
"""Pictures of a folder that are gone through."""


def pictures_of(folder: Path, cancelled: Event | None = None) -> tuple[str, ...]:
    """The pictures in a folder, numbers in their names by their size. Raises OSError."""
    found = []
    for entry in folder.iterdir():
        if cancelled is not None and cancelled.is_set():
            break
        if kind_of(entry.name) == "image" and not entry.name.startswith(".") and entry.is_file():
            found.append(str(entry))
        if len(found) >= MOST:
            break
    return tuple(sorted(found, key=_by_numbers))


def _by_numbers(path: str) -> list[tuple[int, str]]:
    """frame2 stands before frame10."""
    parts = re.split(r"(\d+)", Path(path).name.lower())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
