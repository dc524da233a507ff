"""Writes painted figures as files: SVG with text, PDF of just its size, PNG at twice its size."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize, QSizeF
from PySide6.QtGui import (
    QImage,
    QImageWriter,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
)

from analysis.storage import atomic_file
from viewer.drawing.files import formats
from viewer.drawing.files.file_format import format_of
from viewer.drawing.files.svg import picture_svg

Paint = Callable[[QPainter], None]
PNG_SCALE = 2.0
"""Pixels of a PNG, and of an image in a vector file, for one px of the drawing."""
DOTS_PER_METRE = 96 / 0.0254
"""Of an image at scale 1, whose px are those of CSS."""
LONGEST_SIDE, MOST_PIXELS = 16_384, 120_000_000
"""Of an image that leaves the program, in pixels."""
RESOLUTION = 1200
"""Units of a PDF in one inch."""
PX_TO_POINT = 0.75


def write_picture(path: Path, size: QSizeF, paint: Paint, title: str) -> None:
    """Write what `paint` draws in px on [0, width) × [0, height), as the ending of `path` says.

    The old file stays until the new one is whole. Raises OSError, ValueError for another ending.
    """
    chosen = format_of(formats.FIGURES, path)
    if chosen is None:
        raise ValueError(path.suffix or path.name)
    data: bytes = chosen.writer()(size, paint, title)
    atomic_file.write(path, (data,))


def image(size: QSizeF, paint: Paint, scale: float = PNG_SCALE) -> QImage:
    """A transparent image of what `paint` draws on [0, width) × [0, height).

    It has `scale` pixels for one px but is no larger than most programs open; its
    resolution says how large it is on paper.
    """
    scale = min(scale, image_scale_limit(size))
    pixels = (size * scale).toSize().expandedTo(QSize(1, 1))
    drawn = QImage(pixels, QImage.Format.Format_ARGB32_Premultiplied)
    drawn.setDotsPerMeterX(round(scale * DOTS_PER_METRE))
    drawn.setDotsPerMeterY(round(scale * DOTS_PER_METRE))
    drawn.fill(0)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    paint(painter)
    painter.end()
    return drawn


def image_scale_limit(size: QSizeF) -> float:
    """The largest scale at which an image of that size can be opened."""
    width, height = max(size.width(), 1.0), max(size.height(), 1.0)
    return min(LONGEST_SIDE / max(width, height), math.sqrt(MOST_PIXELS / (width * height)))


def svg(size: QSizeF, paint: Paint, title: str) -> bytes:
    """What `paint` draws, as SVG with text as text."""
    return picture_svg(paint, QRectF(0, 0, size.width(), size.height()), title).encode()


def png(size: QSizeF, paint: Paint, _title: str = "") -> bytes:
    """PNG bytes of what `paint` draws, at twice the size."""
    return png_of(image(size, paint))


def png_of(drawn: QImage) -> bytes:
    """PNG bytes of an image."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(drawn)
    return bytes(buffer.data().data())


def pdf(size: QSizeF, paint: Paint, _title: str = "") -> bytes:
    """A PDF page of what `paint` draws, of just its size, with fonts embedded."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(RESOLUTION)
    exact = QPageSize.SizeMatchPolicy.ExactMatch
    page = QPageSize(size * PX_TO_POINT, QPageSize.Unit.Point, "", exact)
    layout = QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF())
    layout.setMode(QPageLayout.Mode.FullPageMode)
    writer.setPageLayout(layout)
    writer.setCreator("Fieldglass")
    painter = QPainter(writer)
    scale = RESOLUTION / 72 * PX_TO_POINT
    painter.scale(scale, scale)
    paint(painter)
    painter.end()
    return bytes(buffer.data().data())
