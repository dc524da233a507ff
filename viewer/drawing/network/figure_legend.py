"""The legend of a figure: a row or column of samples with their names, only of what occurs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from viewer.drawing.painting.text import SIZE_SIZE, paint_text, text_width
from viewer.look.palette import Inks

SAMPLE, HEIGHT, GAP, BETWEEN = 26.0, 17.0, 7.0, 16.0
"""Px of a sample's width, of a line, between sample and text, and between two entries."""


@dataclass(frozen=True)
class Entry:
    """One kind of thing in the figure: how it is drawn, in a rectangle, and its name."""

    text: str
    paint: Callable[[QPainter, QRectF], None]
    key: str = ""
    """What TikZ calls its style."""
    goes_on: bool = False
    """Whether it is a further line of the entry before it, without a sample."""

    @property
    def width(self) -> float:
        return SAMPLE + GAP + text_width(self.text, SIZE_SIZE)


@dataclass(frozen=True)
class Legend:
    """Entries, each at its place from the upper left corner, all at text of its natural size."""

    entries: tuple[tuple[Entry, QPointF], ...]
    width: float
    height: float

    def paint(self, painter: QPainter, inks: Inks, at: QPointF, enlarged: float) -> None:
        """Draw it with its upper left corner at `at`."""
        painter.save()
        painter.translate(at)
        painter.scale(enlarged, enlarged)
        for entry, place in self.entries:
            entry.paint(painter, QRectF(place.x(), place.y(), SAMPLE, HEIGHT))
            base = QPointF(place.x() + SAMPLE + GAP, place.y() + HEIGHT / 2 + 4)
            paint_text(painter, base, entry.text, inks.color("text"), SIZE_SIZE)
        painter.restore()


def in_rows(entries: Sequence[Entry], width: float) -> Legend:
    """The entries one after the other, on as many lines as `width` needs."""
    placed: list[tuple[Entry, QPointF]] = []
    x, y, widest = 0.0, 0.0, 0.0
    for entry in entries:
        alone = entry.goes_on or bool(placed and placed[-1][0].goes_on)
        if x and (alone or x + entry.width > width):
            x, y = 0.0, y + HEIGHT
        placed.append((entry, QPointF(x, y)))
        x += entry.width + BETWEEN
        widest = max(widest, x - BETWEEN)
    return Legend(tuple(placed), widest, y + HEIGHT if entries else 0.0)


def wrapped(entries: Sequence[Entry], width: float) -> tuple[Entry, ...]:
    """The entries with those that are wider than `width` on several lines, parted between words."""
    found: list[Entry] = []
    for entry in entries:
        if entry.width <= width:
            found.append(entry)
            continue
        lines = _lines(entry.text, width - SAMPLE - GAP)
        found.append(replace(entry, text=lines[0]))
        found += [Entry(line, lambda *_: None, goes_on=True) for line in lines[1:]]
    return tuple(found)


def _lines(text: str, width: float) -> list[str]:
    """A text on lines that are no wider, as far as its parts between commas and strokes allow."""
    lines = [""]
    for part in re.split(r"(?<=[,/] )", text):
        longer = lines[-1] + part
        if lines[-1] and text_width(longer.rstrip(), SIZE_SIZE) > width:
            lines.append(part)
        else:
            lines[-1] = longer
    return [line.rstrip() for line in lines]


def in_column(entries: Sequence[Entry]) -> Legend:
    """The entries one below the other."""
    return in_rows(entries, 0.0)
