"""What the picture and the table of auto-encoders' codes show of a training's log."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from analysis.training.process.findings import CodeSeen
from viewer.drawing.charts.marks import letter_of
from viewer.drawing.charts.scatter_chart import TEXT, Scatter, paint_scatter
from viewer.drawing.painting.text import text_width
from viewer.text.number_format import decimal, percent
from viewer.text.translation import tr
from viewer.text.twin_names import twin_name
from viewer.workspaces.train.lab.training_log import TrainingLog

MOST = 3
"""So many scatters stand side by side."""


def coded_twins(log: TrainingLog) -> list[tuple[str, CodeSeen]]:
    """(A twin's letter and name, what its code is good for) of each that has a code."""
    known = log.codes.twins if log.codes is not None else {}
    return [
        (f"{letter_of(at)} {twin_name(twin.name)}", known[twin.name])
        for at, twin in enumerate(log.twins)
        if twin.name in known
    ]


def paint_codes(painter: QPainter, rect: QRectF, log: TrainingLog) -> None:
    """The first principal components of at most MOST networks' codes, side by side."""
    shown = coded_twins(log)[:MOST]
    wide = rect.width() / max(1, len(shown))
    for place, (name, code) in enumerate(shown):
        part = QRectF(rect.left() + place * wide, rect.top(), wide - 8, rect.height())
        title = f"{name} · {percent(sum(code.shares))}"
        if text_width(title, TEXT, True) > part.width():
            title = f"{name[0]} · {percent(sum(code.shares))}"
        paint_scatter(painter, Scatter(title, code.points, code.classes), part)


def code_columns() -> tuple[str, ...]:
    """The heads of `code_row`."""
    return (
        tr("Network"), tr("Layer"), tr("numbers in the code"), tr("PSNR, dB"),
        tr("bytes of a picture"), tr("bytes of its code"), tr("bytes as JPEG of that PSNR"),
        tr("classes told by the code"), tr("by the pixels"),
    )  # fmt: skip


def code_row(name: str, code: CodeSeen) -> tuple[str, ...]:
    """A twin's code in numbers; a dash where there is none."""
    accuracy = ("–", "–") if code.accuracy is None else tuple(map(percent, code.accuracy))
    jpeg = "–" if code.jpeg_bytes is None else decimal(code.jpeg_bytes, 0)
    return (
        name, code.layer, str(code.length), decimal(code.psnr), decimal(code.raw_bytes, 0),
        decimal(code.code_bytes, 0), jpeg, *accuracy,
    )  # fmt: skip
