"""One blueprint or preset to choose: its name, and at the right when it was published."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from viewer.look.fonts import BODY, SMALL, font
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.translation import language, tr

HEIGHT = 28
PADDING = 8
STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class BlueprintRow(Guarded, QAbstractButton):
    """A checkable row; the chosen one has the accent's outline and tint."""

    stepped = Signal(int)
    """An arrow key asks for the row before (−1) or after (1)."""

    def __init__(self, name: str, sentence: str, right: str = "") -> None:
        super().__init__()
        self._name, self._sentence, self._right = name, sentence, right
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        language.changed.connect(self._say)
        theme.changed.connect(self.update)
        self._say()

    def _say(self) -> None:
        name, sentence = tr(self._name), tr(self._sentence)
        self.setAccessibleName(name)
        self.setAccessibleDescription(sentence)
        self.setToolTip(f"{name}\n{sentence}")
        self.update()

    def nextCheckState(self) -> None:
        """What is checked follows the document, not the click."""

    def sizeHint(self) -> QSize:
        return QSize(160, HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in STEPS:
            self.stepped.emit(STEPS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen, focus = self.isChecked(), self.hasFocus()
        if chosen or focus or self.underMouse():
            width = 2.0 if focus else 1.5
            edge = theme.color("accent") if chosen or focus else Qt.GlobalColor.transparent
            painter.setPen(QPen(edge, width))
            painter.setBrush(theme.color("accentbg" if chosen else "sunken"))
            half = width / 2
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), 5, 5)
        room = self.rect().adjusted(PADDING, 0, -PADDING, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        if self._right:
            painter.setFont(font(SMALL))
            painter.setPen(theme.color("muted"))
            painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, self._right)
            room.adjust(0, 0, -painter.fontMetrics().horizontalAdvance(self._right) - PADDING, 0)
        painter.setFont(font(BODY, bold=chosen))
        painter.setPen(theme.color("text"))
        name = tr(self._name)
        cut = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignLeft, cut)
        painter.end()
