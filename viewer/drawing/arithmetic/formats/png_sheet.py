"""The steps of an animation side by side on one PNG."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from viewer.drawing.arithmetic.animation import Animation
from viewer.drawing.arithmetic.formats.contract import (
    CannotExport,
    Progress,
    one_file,
    report_progress,
)
from viewer.drawing.files.figure_file import png_of
from viewer.text.translation import tr

MOST_SHEET = 16384
"""Pixels of a side."""


def write(film: Animation, path: Path, progress: Progress) -> list[Path]:
    """Write all steps on one sheet."""
    return one_file(path, _parts(film, progress))


def sheet_size(film: Animation) -> tuple[int, int]:
    """(columns, rows) of a sheet: about as wide as high."""
    count = len(film.steps)
    columns = max(1, min(count, round(math.sqrt(count * film.size[1] / film.size[0]))))
    return columns, math.ceil(count / columns)


def _parts(film: Animation, progress: Progress) -> Iterator[bytes]:
    columns, rows = sheet_size(film)
    width, height = columns * film.size[0], rows * film.size[1]
    if max(width, height) > MOST_SHEET:
        raise CannotExport(
            tr(
                "A sheet of {count} steps would be {width} × {height} pixels. "
                "A smaller range or size works, up to {most} either way.",
                count=len(film.steps),
                width=width,
                height=height,
                most=MOST_SHEET,
            )
        )
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(film.scene.inks.color("surface"))
    painter = QPainter(image)
    try:
        for done, step in enumerate(film.steps):
            report_progress(progress, done, len(film.steps))
            row, column = divmod(done, columns)
            painter.save()
            painter.translate(column * film.size[0], row * film.size[1])
            painter.setClipRect(QRectF(0, 0, *film.size))
            film.paint(painter, step)
            painter.restore()
    finally:
        painter.end()
    report_progress(progress, len(film.steps), len(film.steps))
    yield png_of(image)
