"""The legend of the canvas, which explains its colours and marks, and the heading."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QWidget

from viewer.drawing.network.difference_marks import paint_sign
from viewer.drawing.painting.text import enlarged, metrics, paint_text, text_width
from viewer.look.palette import current_inks
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session.canvas_mode import Piece

CARD_HEIGHT = 32
HEADING = 24


class Card(Guarded, QWidget):
    """A surface with one line round it; 32 px high."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(CARD_HEIGHT)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("border"), 1.0))
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.end()


class Heading(Guarded, QLabel):
    """Title of the canvas and, muted beside it, one fact; as wide as its words."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.title, self.fact = "", ""
        self._room = 1
        self.setFixedHeight(HEADING)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        # So that another title does not paint the canvas below it as well.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme.changed.connect(self.update)

    def show_words(self, title: str, fact: str) -> None:
        if (title, fact) != (self.title, self.fact):
            self.title, self.fact = title, fact
            self.setAccessibleName(f"{title}. {fact}")
            self._fit()
            self.update()

    def keep_to(self, room: int) -> None:
        """Be no wider than so many px."""
        if room != self._room:
            self._room = room
            self._fit()

    def fit_again(self) -> None:
        """Measure the words anew: text is of another size."""
        self._fit()
        self.update()

    def _fit(self) -> None:
        title = text_width(self.title, enlarged(13), True) + 10
        whole = title + text_width(self.fact, enlarged(12))
        self.setFixedHeight(enlarged(HEADING))
        wide = math.ceil(min(whole if whole <= self._room else title, self._room))
        self.resize(wide, enlarged(HEADING))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        inks = current_inks()
        painter.fillRect(self.rect(), inks.color("canvas"))
        large, small, foot = enlarged(13), enlarged(12), enlarged(17)
        title, left = self.title, text_width(self.title, large, True) + 10
        if left > self._room:
            title = metrics(large, True).elidedText(title, Qt.TextElideMode.ElideRight, self._room)
        paint_text(painter, QPointF(0, foot), title, inks.color("text"), large, True)
        if left + text_width(self.fact, small) <= self._room:
            paint_text(painter, QPointF(left, foot), self.fact, inks.color("muted"), small)
        painter.end()


class Legend(Card):
    """A line over the canvas that says what the drawing means; without a card it is a hint."""

    def __init__(self, parent: QWidget, framed: bool = True) -> None:
        super().__init__(parent)
        self._framed = framed
        self.pieces: tuple[Piece, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_pieces(self, pieces: Sequence[Piece]) -> None:
        if tuple(pieces) == self.pieces:
            return
        self.pieces = tuple(pieces)
        self.setFixedWidth(max(1, round(sum(_advance(piece) for piece in self.pieces) + 16)))
        self.setAccessibleName(" ".join(piece.text for piece in self.pieces))
        self.setVisible(bool(self.pieces))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._framed:
            super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = 12.0
        for piece in self.pieces:
            _paint_piece(painter, piece, x, self.height() / 2)
            x += _advance(piece)
        painter.end()


def _advance(piece: Piece) -> float:
    match piece.kind:
        case "words":
            return text_width(piece.text, 12) + 12
        case "key":
            return max(22.0, text_width(piece.text, 11) + 12) + 8
        case "sheets" | "added" | "removed" | "changed":
            return 24.0
        case _:
            return 34.0


def _paint_piece(painter: QPainter, piece: Piece, x: float, middle: float) -> None:
    inks = current_inks()
    if piece.kind == "words":
        paint_text(painter, QPointF(x, middle + 4), piece.text, inks.color("muted"), 12)
    elif piece.kind == "key":
        _paint_key(painter, piece, x, middle)
    elif piece.kind == "sheets":
        for sheet in range(3):
            painter.fillRect(QRectF(x + 5 * sheet, middle - 6, 3, 12), inks.family("conv"))
    elif piece.kind in ("added", "removed", "changed"):
        paint_sign(painter, inks, piece.kind, QPointF(x + 9, middle), 0.85)
    elif piece.kind == "subtracts":
        painter.setPen(QPen(inks.color("skipneg"), 1.5))
        painter.setBrush(inks.color("canvas"))
        painter.drawRect(QRectF(x + 0.5, middle - 3, 25, 6))
    else:
        token = "skip" if piece.kind == "adds" else "fieldedge"
        height = 4.0 if piece.kind == "adds" else 2.0
        painter.fillRect(QRectF(x, middle - height / 2, 26, height), inks.color(token))


def _paint_key(painter: QPainter, piece: Piece, x: float, middle: float) -> None:
    inks = current_inks()
    rect = QRectF(x + 0.5, middle - 9.5, _advance(piece) - 9, 19)
    painter.setPen(QPen(inks.color("border"), 1.0))
    painter.setBrush(inks.color("surface"))
    painter.drawRoundedRect(rect, 4, 4)
    at = QPointF(rect.center().x(), middle + 4)
    centre = Qt.AlignmentFlag.AlignHCenter
    paint_text(painter, at, piece.text, inks.color("muted"), 11, align=centre)
