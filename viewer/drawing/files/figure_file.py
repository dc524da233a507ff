"""Anything that paints as a file: SVG with text as text, PDF of just its size, PNG at twice it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSizeF
from PySide6.QtGui import (
    QImage,
    QImageWriter,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
)

from analysis.storage import atomic_file
from viewer.drawing.files.svg import picture_svg

Paint = Callable[[QPainter], None]
SCALE = 2
RESOLUTION = 1200
PX_TO_POINT = 0.75


def write_picture(path: Path, size: QSizeF, paint: Paint, title: str) -> None:
    """Write what `paint` draws in px on [0, width) × [0, height), by the ending of `path`.

    The old file stays until the new one is whole. Raises OSError, ValueError for another ending.
    """
    match path.suffix.lower():
        case ".svg":
            data = picture_svg(paint, QRectF(0, 0, size.width(), size.height()), title).encode()
        case ".pdf":
            data = _pdf(size, paint)
        case ".png":
            data = _png(size, paint)
        case ending:
            raise ValueError(ending)
    atomic_file.write(path, (data,))


def _png(size: QSizeF, paint: Paint) -> bytes:
    image = QImage((size * SCALE).toSize(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(SCALE, SCALE)
    paint(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def _pdf(size: QSizeF, paint: Paint) -> bytes:
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
