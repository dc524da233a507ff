"""Slides as pages of a PDF, each of just its size."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter

from viewer.drawing.arithmetic.formats.contract import Progress, one_file, report_progress
from viewer.drawing.files.figure_file import PX_TO_POINT
from viewer.drawing.presentation.slides import Slides

DOTS_PER_INCH = 96


def write(slides: Slides, path: Path, progress: Progress) -> list[Path]:
    """Write the slides as one PDF."""
    return one_file(path, _parts(slides, progress))


def _parts(slides: Slides, progress: Progress) -> Iterator[bytes]:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DOTS_PER_INCH)
    exact = QPageSize.SizeMatchPolicy.ExactMatch
    points = QSizeF(*slides.size) * PX_TO_POINT
    page = QPageSize(points, QPageSize.Unit.Point, "", exact)
    layout = QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF())
    layout.setMode(QPageLayout.Mode.FullPageMode)
    writer.setPageLayout(layout)
    writer.setCreator("Fieldglass")
    writer.setTitle(slides.title)
    painter = QPainter(writer)
    try:
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        for done, image in enumerate(slides.images):
            report_progress(progress, done, len(slides.images))
            if done:
                writer.newPage()
            painter.drawImage(QRectF(0, 0, *slides.size), image)
    finally:
        painter.end()
    report_progress(progress, len(slides.images), len(slides.images))
    yield bytes(buffer.data().data())
