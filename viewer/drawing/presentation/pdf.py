"""Slides as pages of a PDF, each of just its size: text that can be searched, and vectors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPoint, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter

from viewer.drawing.arithmetic.formats.contract import Progress, one_file, report_progress
from viewer.drawing.files.figure_file import PX_TO_POINT, RESOLUTION
from viewer.drawing.painting.recorded_window import with_searchable_figures
from viewer.drawing.presentation.slides import Slides

PX_PER_INCH = 72 / PX_TO_POINT


def write(slides: Slides, path: Path, progress: Progress) -> list[Path]:
    """Write the slides as one PDF."""
    return one_file(path, _parts(slides, progress))


def _parts(slides: Slides, progress: Progress) -> Iterator[bytes]:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(RESOLUTION)
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
        for done, record in enumerate(slides.records):
            report_progress(progress, done, len(slides.records))
            if done:
                writer.newPage()
            # A record is played in inches, those of the screen that it was made for.
            scale = record.logicalDpiX() / PX_PER_INCH
            painter.save()
            painter.scale(scale, scale)
            painter.drawPicture(QPoint(0, 0), with_searchable_figures(record))
            painter.restore()
    finally:
        painter.end()
    report_progress(progress, len(slides.records), len(slides.records))
    yield bytes(buffer.data().data())
