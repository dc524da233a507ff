"""A formula in letters that wraps, each letter explained where the pointer rests on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from viewer.look.fonts import TITLE, font
from viewer.look.theme import theme
from viewer.override_guard import Guarded

LINE = 24
LETTER = re.compile(r"[oikspda]′?")


@dataclass(frozen=True)
class Piece:
    """A letter or what is between letters, with its place."""

    text: str
    rect: QRectF
    letter: bool


class LetterLine(Guarded, QWidget):
    """Paints the formula; `explain` says what a letter stands for."""

    def __init__(self, explain: Callable[[str], str]) -> None:
        super().__init__()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMouseTracking(True)
        self._explain, self._text = explain, ""
        self._font = font(TITLE, bold=True)
        self._hover: Piece | None = None
        self._laid: tuple[str, float, list[Piece]] | None = None
        theme.changed.connect(self.update)

    def text(self) -> str:
        """The formula."""
        return self._text

    def show_formula(self, text: str) -> None:
        """Show another one."""
        if text == self._text:
            return
        self._text, self._hover = text, None
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def pieces(self, width: float) -> list[Piece]:
        """The formula laid out: a line breaks at a space."""
        if self._laid is not None and self._laid[:2] == (self._text, width):
            return self._laid[2]
        placed = self._lay_out(width)
        self._laid = (self._text, width, placed)
        return placed

    def _lay_out(self, width: float) -> list[Piece]:
        placed: list[Piece] = []
        x, y = 0.0, 0.0
        for word in re.findall(r"\S+\s*", self._text):
            if x and x + _advance(word.rstrip()) > width:
                x, y = 0.0, y + LINE
            for text in re.findall(LETTER.pattern + r"|[^oikspda]+", word):
                advance = _advance(text)
                letter = LETTER.fullmatch(text) is not None
                placed.append(Piece(text, QRectF(x, y, advance, LINE), letter))
                x += advance
        return placed

    def place_of(self, letter: str) -> QPointF:
        """The middle of the first such letter."""
        found = next(each for each in self.pieces(self.width()) if each.text == letter)
        return found.rect.center()

    def tip_at(self, point: QPointF) -> str:
        """What is explained at a point."""
        found = self._piece_at(point)
        return self._explain(found.text) if found is not None else ""

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        placed = self.pieces(width)
        return round(placed[-1].rect.bottom()) if placed else LINE

    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(max(self.width(), 200)))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, LINE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._font)
        for piece in self.pieces(self.width()):
            lit = self._hover is not None and piece.text == self._hover.text
            token = "text" if self.isEnabled() else "ctl"
            painter.setPen(theme.color("accent" if lit else token))
            painter.drawText(piece.rect, Qt.AlignmentFlag.AlignVCenter, piece.text)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Explain the letter under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            text = self.tip_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the letter that would be explained."""
        self._mark(self._piece_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Mark none."""
        self._mark(None)
        super().leaveEvent(event)

    def _mark(self, piece: Piece | None) -> None:
        self._hover = piece
        help_shape, plain = Qt.CursorShape.WhatsThisCursor, Qt.CursorShape.ArrowCursor
        self.setCursor(help_shape if piece is not None else plain)
        self.update()

    def _piece_at(self, point: QPointF) -> Piece | None:
        placed = self.pieces(self.width())
        return next((each for each in placed if each.letter and each.rect.contains(point)), None)


@lru_cache(maxsize=1024)
def _advance(text: str) -> float:
    """Px that a piece of a formula is wide."""
    return QFontMetricsF(font(TITLE, bold=True)).horizontalAdvance(text)
