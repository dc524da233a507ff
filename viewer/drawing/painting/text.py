"""Draws and measures text in pictures: placed by its baseline, scaled against the zoom."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

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
from viewer.look.typefaces import INTER, Typeface
from viewer.text.escaping import visible

NAME_SIZE, SIZE_SIZE = 12, 11
CONSTANT_FROM, CONSTANT_TO = 0.25, 1.6
ROOM_AT_FULL = 1.65
"""How many times as large captions may be at 100 % before those of neighbours touch."""
ANCHOR_FAMILY = "anchor-"
START = "start"
ANCHORS = {Qt.AlignmentFlag.AlignRight: "end", Qt.AlignmentFlag.AlignHCenter: "middle"}
"""What SVG calls an alignment; `START` to the left."""


class _Lettering(threading.local):
    """The typeface that this thread paints and measures in, and how much larger than usual."""

    face: Typeface = INTER
    enlarged: float = 1.0


_in_use = _Lettering()


@contextmanager
def lettered_in(face: Typeface) -> Iterator[None]:
    """Paint and measure all text on this thread in another typeface, for as long as it lasts."""
    before, _in_use.face = _in_use.face, face
    try:
        yield
    finally:
        _in_use.face = before


def face_in_use() -> Typeface:
    """The typeface that this thread paints in."""
    return _in_use.face


def lettering(pixels: int, bold: bool) -> QFont:
    """The font in use, kept: making one takes longer than drawing a word."""
    return _lettering(pixels, bold, _in_use.face)


@thread_cache(64)
def _lettering(pixels: int, bold: bool, face: Typeface) -> QFont:
    return font(pixels, bold, face)


def metrics(pixels: int, bold: bool) -> QFontMetricsF:
    """Measures of that font."""
    return _metrics(pixels, bold, _in_use.face)


@thread_cache(64)
def _metrics(pixels: int, bold: bool, face: Typeface) -> QFontMetricsF:
    return QFontMetricsF(_lettering(pixels, bold, face))


def text_width(text: str, pixels: int, bold: bool = False) -> float:
    """Advance of `text` in pixels."""
    return _text_width(text, pixels, bold, _in_use.face)


@thread_cache(4096)
def _text_width(text: str, pixels: int, bold: bool, face: Typeface) -> float:
    return _metrics(pixels, bold, face).horizontalAdvance(visible(text))


def shortened(text: str, width: float, pixels: int, bold: bool = False) -> str:
    """As much of the text as fits into `width`, with an ellipsis where that is not all."""
    if text_width(text, pixels, bold) <= width:
        return text
    while text and text_width(text + "…", pixels, bold) > width:
        text = text[:-1]
    return text + "…" if text else ""


def enlarge(factor: float) -> None:
    """Have this thread paint the captions of networks so many times as large as usual."""
    _in_use.enlarged = factor


def enlarged(pixels: int) -> int:
    """The size of text of the canvas that is usually of so many px."""
    return round(pixels * _in_use.enlarged)


def text_scale(zoom: float) -> float:
    """Canvas px for one px of text: text keeps its size on screen between 25 and 160 %.

    Where it is enlarged, it is so only as far as captions beside each other have room.
    """
    factor = min(_in_use.enlarged, max(1.0, ROOM_AT_FULL * zoom))
    return factor / min(max(zoom, CONSTANT_FROM), CONSTANT_TO)


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
    if isinstance(painter.device(), QSvgGenerator):
        chosen = _anchored(pixels, bold, ANCHORS.get(align, START), _in_use.face)
    elif align == Qt.AlignmentFlag.AlignRight:
        x -= text_width(text, pixels, bold)
    elif align == Qt.AlignmentFlag.AlignHCenter:
        x -= text_width(text, pixels, bold) / 2
    painter.setPen(colour)
    if painter.paintEngine().type() == QPaintEngine.Type.Raster:
        ascent, runs = _shaped(text, pixels, bold, _in_use.face)
        for run in runs:
            painter.drawGlyphRun(QPointF(x, at.y() - ascent), run)
    else:
        painter.setFont(chosen)
        painter.drawText(QPointF(x, at.y()), text)


@thread_cache(2048)
def _shaped(text: str, pixels: int, bold: bool, face: Typeface) -> tuple[float, list[QGlyphRun]]:
    """Ascent and placed glyphs of a text: to choose them takes longer than to draw them."""
    layout = QTextLayout(text, _lettering(pixels, bold, face))
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    return line.ascent(), layout.glyphRuns()


@thread_cache(32)
def _anchored(pixels: int, bold: bool, anchor: str, face: Typeface) -> QFont:
    """The font with its anchor as the name of a first family, which `svg` turns into an attribute.

    A reader without our font then still ends a line where it must end.
    """
    tagged = QFont(_lettering(pixels, bold, face))
    tagged.setFamilies([ANCHOR_FAMILY + anchor, *tagged.families()])
    return tagged
