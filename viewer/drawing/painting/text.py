"""Draws and measures text in pictures: placed by its baseline, scaled against the zoom."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QGlyphRun,
    QPaintEngine,
    QPainter,
    QTextLayout,
)
from PySide6.QtSvg import QSvgGenerator

from viewer.drawing.painting.thread_cache import thread_cache
from viewer.look.fonts import font
from viewer.text.escaping import visible

NAME_SIZE, SIZE_SIZE = 12, 11
CONSTANT_FROM, CONSTANT_TO = 0.25, 1.6
ANCHOR_FAMILY = "anchor-"
ANCHORS = {Qt.AlignmentFlag.AlignRight: "end", Qt.AlignmentFlag.AlignHCenter: "middle"}
"""What SVG calls an alignment other than to the left."""


@thread_cache(32)
def lettering(pixels: int, bold: bool) -> QFont:
    """The interface font, kept: making one takes longer than drawing a word."""
    return font(pixels, bold)


@thread_cache(32)
def metrics(pixels: int, bold: bool) -> QFontMetricsF:
    """Measures of that font."""
    return QFontMetricsF(lettering(pixels, bold))


@thread_cache(4096)
def text_width(text: str, pixels: int, bold: bool = False) -> float:
    """Advance of `text` in pixels."""
    return metrics(pixels, bold).horizontalAdvance(visible(text))


def text_scale(zoom: float) -> float:
    """Canvas px for one px of text: text keeps its size on screen between 25 and 160 %."""
    return 1.0 / min(max(zoom, CONSTANT_FROM), CONSTANT_TO)


def paint_text(
    painter: QPainter,
    at: QPointF,
    text: str,
    colour: QColor,
    pixels: int,
    bold: bool = False,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """Draw one line of visible characters whose baseline starts, ends or is centred at `at`."""
    text = visible(text)
    chosen, x = lettering(pixels, bold), at.x()
    if align in ANCHORS and isinstance(painter.device(), QSvgGenerator):
        chosen = _anchored(pixels, bold, ANCHORS[align])
    elif align == Qt.AlignmentFlag.AlignRight:
        x -= text_width(text, pixels, bold)
    elif align == Qt.AlignmentFlag.AlignHCenter:
        x -= text_width(text, pixels, bold) / 2
    painter.setPen(colour)
    if painter.paintEngine().type() == QPaintEngine.Type.Raster:
        ascent, runs = _shaped(text, pixels, bold)
        for run in runs:
            painter.drawGlyphRun(QPointF(x, at.y() - ascent), run)
    else:
        painter.setFont(chosen)
        painter.drawText(QPointF(x, at.y()), text)


@thread_cache(2048)
def _shaped(text: str, pixels: int, bold: bool) -> tuple[float, list[QGlyphRun]]:
    """Ascent and placed glyphs of a text: to choose them takes longer than to draw them."""
    layout = QTextLayout(text, lettering(pixels, bold))
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    return line.ascent(), layout.glyphRuns()


@thread_cache(32)
def _anchored(pixels: int, bold: bool, anchor: str) -> QFont:
    """The font with its anchor as the name of a first family, which `svg` turns into an attribute.

    A reader without our font then still ends a line where it must end.
    """
    tagged = QFont(lettering(pixels, bold))
    tagged.setFamilies([ANCHOR_FAMILY + anchor, *tagged.families()])
    return tagged
