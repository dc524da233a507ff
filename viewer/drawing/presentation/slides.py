"""The slides of a presentation, and how they are written to a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPicture

from viewer.drawing.arithmetic.animation import Pixels, pixels
from viewer.drawing.arithmetic.formats.contract import Progress, report_progress
from viewer.drawing.files import formats
from viewer.drawing.files.file_format import format_of

SECONDS = 4.0
"""How long a slide of a film is shown."""


@dataclass(frozen=True)
class Slides:
    """Pictures of one size with their names; for pages that can be printed, records instead.

    `size` is (width, height) in logical px; the pictures may have several pixels for each.
    """

    images: tuple[QImage, ...]
    names: tuple[str, ...]
    size: tuple[int, int]
    title: str = ""
    seconds: float = SECONDS
    records: tuple[QPicture, ...] = ()

    def frames(self, progress: Progress) -> Iterator[Pixels]:
        """(height, width) of each slide, one pixel a logical px; before each progress is told."""
        for done, image in enumerate(self.images):
            report_progress(progress, done, len(self.images))
            smooth = Qt.TransformationMode.SmoothTransformation
            aspect = Qt.AspectRatioMode.IgnoreAspectRatio
            small = image.scaled(*self.size, aspect, smooth)
            small = small.convertToFormat(QImage.Format.Format_RGB32)
            yield np.ascontiguousarray(pixels(small) & np.uint32(0xFFFFFF))
        report_progress(progress, len(self.images), len(self.images))


def write_slides(slides: Slides, path: Path, progress: Progress) -> None:
    """Write the slides in the format of the path's ending; the file is whole or not there.

    Any thread may call this. Raises ValueError for another ending, and CannotExport, Cancelled
    and OSError as the writers do.
    """
    chosen = format_of(formats.PRESENTATIONS, path)
    if chosen is None:
        raise ValueError(path.suffix or path.name)
    chosen.writer()(slides, path, progress)
