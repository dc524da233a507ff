"""Writes SVG: one group with a stable id for each block, and text that can be searched."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgGenerator

from viewer.drawing.painting.text import ANCHOR_FAMILY, START, face_in_use
from viewer.look.typefaces import BEHIND
from viewer.text.escaping import xml_text


def picture_svg(paint: Callable[[QPainter], None], bounds: QRectF, title: str) -> str:
    """A document of its own for anything that paints, in px, with text as text."""
    width, height = number(bounds.width()), number(bounds.height())
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}" version="1.1">\n'
        f"{group('picture', paint, bounds, title)}\n</svg>\n"
    )


def group(name: str, paint: Callable[[QPainter], None], bounds: QRectF, title: str = "") -> str:
    """An SVG group of what `paint` draws: the body of the document that Qt writes."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(round(bounds.width()), round(bounds.height())))
    generator.setViewBox(QRectF(QPointF(0, 0), bounds.size()))
    generator.setResolution(72)
    painter = QPainter(generator)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(-bounds.topLeft())
    paint(painter)
    painter.end()
    written = bytes(buffer.data().data()).decode("utf-8")
    buffer.close()
    spoken = f"<title>{xml_text(title)}</title>" if title else ""
    return f'<g id="{safe_id(name)}">{spoken}{_body(written)}</g>'


def _body(written: str) -> str:
    """The drawing of a document of QSvgGenerator, its empty groups left out."""
    start = written.index("</defs>") + len("</defs>")
    body = _whole_lines(written[start : written.rindex("</svg>")])
    body = re.sub(r'font-family="([^"]*)"', _family, body)
    body = re.sub(r"<g [^>]*>\s*</g>\s*", "", body)
    return re.sub(r"\n\s*\n+", "\n", body).strip()


_RUNS = re.compile(
    rf'(<text [^>]*?)x="([^"]*)"( [^>]*"{ANCHOR_FAMILY}[^>]*>)([^<]*)</text>'
    r'\s*\1x="[^"]*"\3([^<]*)</text>'
)
"""Two runs of one line that `paint_text` drew: in one group, alike but for where they begin."""


def _whole_lines(body: str) -> str:
    """Each line of text in one piece, where Qt has one for each script or font.

    Else each piece would end where the whole line ends, and a reader with other fonts would leave
    gaps between them.
    """
    while (joined := _RUNS.sub(r'\1x="\2"\3\4\5</text>', body)) != body:
        body = joined
    return body


def _family(found: re.Match[str]) -> str:
    """The families to fall back to, and the anchor that `lettering` put in the family's place."""
    face = face_in_use()
    behind = (each for each in BEHIND if each not in face.families)
    names = ", ".join(f"'{each}'" if " " in each else each for each in (*face.families, *behind))
    family = f'font-family="{names}, {face.generic}"'
    anchor = found[1].partition(ANCHOR_FAMILY)[2].split(",")[0]
    return f'{family} text-anchor="{anchor}"' if anchor not in ("", START) else family


def safe_id(name: str) -> str:
    """An id that XML takes: letters, digits, and - _ . of the name."""
    return re.sub(r"[^A-Za-z0-9_.-]", "-", name)


def number(value: float) -> str:
    """A coordinate with at most two decimals, without trailing zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
