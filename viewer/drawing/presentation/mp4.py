"""Slides as an H.264 film, where PyAV is installed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from viewer.drawing.arithmetic.formats.contract import Progress, one_file
from viewer.drawing.arithmetic.formats.mp4 import RATE, encoded
from viewer.drawing.presentation.slides import Slides


def write(slides: Slides, path: Path, progress: Progress) -> list[Path]:
    """Write the slides as one MP4."""
    return one_file(path, _parts(slides, progress))


def _parts(slides: Slides, progress: Progress) -> Iterator[bytes]:
    every = max(1, round(RATE * slides.seconds))
    yield encoded(slides.size, ((frame, every) for frame in slides.frames(progress)))
