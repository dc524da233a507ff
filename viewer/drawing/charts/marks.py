"""How the networks of a comparison are told apart: colour, dash and fill, the same everywhere."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from viewer.look.theme import theme


@dataclass(frozen=True)
class TwinMark:
    """Tokens of a line, of words and of a tint; the pattern of the line; whether bars are filled.

    Colour alone never tells: the second network is dashed and hollow.
    """

    line: str
    text: str
    tint: str
    dashes: tuple[float, ...] = ()
    filled: bool = True


MARKS = (
    TwinMark("skip", "pos", "posbg"),
    TwinMark("skipneg", "neg", "negbg", (4, 2), filled=False),
    TwinMark("accent", "accent", "accentbg", (1, 2)),
    TwinMark("fieldedge", "field", "fieldbg", (6, 2, 1, 2), filled=False),
    TwinMark("conv", "conv", "sunken", (8, 3)),
    TwinMark("pool", "pool", "sunken", (2, 2), filled=False),
    TwinMark("attn", "attn", "sunken", (8, 2, 2, 2)),
    TwinMark("muted", "muted", "sunken", (1, 1), filled=False),
)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWX"


def mark_of(index: int) -> TwinMark:
    """The mark of a network by its place in the comparison."""
    return MARKS[index % len(MARKS)]


def letter_of(index: int) -> str:
    """Its letter."""
    return LETTERS[index % len(LETTERS)]


def line_pen(mark: TwinMark, width: float = 1.75, pale: bool = False) -> QPen:
    """The pen of its line; pale for what stands behind."""
    pen = QPen(theme.color(mark.line, 0.45 if pale else 1.0), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if mark.dashes:
        pen.setDashPattern(list(mark.dashes))
    return pen


def paint_sample(painter: QPainter, left: QPointF, width: float, mark: TwinMark) -> None:
    """A piece of its line, from `left` to the right."""
    painter.setPen(line_pen(mark, 2.5))
    painter.drawLine(left, left + QPointF(width, 0))
