"""Writes an animation to a file, in the format of its ending (`viewer.drawing.files.formats`).

A file appears whole or not at all, also when the export is cancelled.
"""

from __future__ import annotations

from pathlib import Path

from viewer.drawing.arithmetic.animation import Animation
from viewer.drawing.arithmetic.formats.contract import Progress
from viewer.drawing.files import formats
from viewer.drawing.files.file_format import endings, format_of


def export_animation(film: Animation, path: Path, progress: Progress | None = None) -> list[Path]:
    """Write the animation in the format of the path's ending; the files that were written.

    Any thread may call this while a QGuiApplication exists.

    Raises:
        ValueError: another ending. CannotExport: said in its text. Cancelled. OSError.
    """
    chosen = format_of(formats.ANIMATIONS, path)
    if chosen is None:
        known = " ".join(endings(formats.ANIMATIONS))
        raise ValueError(f"{path.suffix or path.name}: not one of {known}")
    files: list[Path] = chosen.writer()(film, path, progress or _go_on)
    return files


def _go_on(_done: int, _all: int) -> bool:
    return True
