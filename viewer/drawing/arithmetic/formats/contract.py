"""What the writers of animations share: progress, giving up, and a file that is whole or not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from analysis.storage import atomic_file
from viewer.drawing.arithmetic.animation import Animation, Pixels

HOLD = 3
"""The last step of a moving picture is shown this many times as long."""

Progress = Callable[[int, int], bool]
"""Told (frames done, frames in all); False cancels."""


class Cancelled(Exception):  # noqa: N818 - the person's wish, not an error
    """The export was cancelled; nothing is left of it."""


class CannotExport(Exception):  # noqa: N818 - said to the person as it is
    """Why this cannot be exported, and what would do: a sentence for the screen."""


def report_progress(progress: Progress, done: int, count: int) -> None:
    """Say how far the export has come. Raises Cancelled."""
    if not progress(done, count):
        raise Cancelled


def counted_frames(film: Animation, progress: Progress) -> Iterator[Pixels]:
    """The frames; before each the progress is told."""
    count = len(film.steps)
    for done, frame in enumerate(film.frames()):
        report_progress(progress, done, count)
        yield frame
    report_progress(progress, count, count)


def one_file(path: Path, parts: Iterable[bytes]) -> list[Path]:
    """Write the parts to one file, which appears once the last of them is there."""
    atomic_file.write(path, parts)
    return [path]
