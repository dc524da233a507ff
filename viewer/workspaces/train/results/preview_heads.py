"""The names over the columns of pictures; where one does not fit, letters, and a legend above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from viewer.drawing.painting.text import paint_text, shortened, text_width
from viewer.look.theme import theme

HEAD, LINE, APART = 20, 16, 14
TEXT = 11


@dataclass(frozen=True)
class Head:
    """A column's name in the colour of a token; `short` stands there where the name does not fit.

    One without `short` is no network's: it is cut where it must be, and no legend names it.
    """

    words: str
    token: str
    short: str = ""

    @property
    def wide(self) -> float:
        return text_width(self.words, TEXT, bool(self.short))


class PreviewHeads:
    """Heads over columns of a width, in a room: a row of them, below the legend if there is one."""

    def __init__(self, heads: Sequence[Head], column: float, room: float) -> None:
        self.heads = tuple(heads)
        self._column = column
        fits = all(each.wide <= column for each in heads if each.short)
        self.legend = [] if fits else _rows([each for each in heads if each.short], room)

    @property
    def height(self) -> int:
        """What they take above the pictures."""
        return HEAD + LINE * len(self.legend)

    def paint(self, painter: QPainter, lefts: Sequence[float]) -> None:
        """Draw them from the top down; `lefts` are where the columns begin."""
        for row, entries in enumerate(self.legend):
            left = 0.0
            for each in entries:
                paint_text(painter, QPointF(left, LINE * (row + 1) - 4), each.words,
                           theme.color(each.token), TEXT, True)  # fmt: skip
                left += each.wide + APART
        for each, left in zip(self.heads, lefts, strict=True):
            words = each.short if self.legend and each.short else each.words
            strong = bool(each.short)
            said = shortened(words, self._column, TEXT, strong)
            at = QPointF(left, self.height - 6)
            paint_text(painter, at, said, theme.color(each.token), TEXT, strong)


def _rows(heads: Sequence[Head], room: float) -> list[list[Head]]:
    """The heads in lines, as many in one as fit."""
    rows: list[list[Head]] = []
    used = 0.0
    for each in heads:
        if not rows or used + each.wide > room:
            rows.append([])
            used = 0.0
        rows[-1].append(each)
        used += each.wide + APART
    return rows
