"""One blueprint to choose: its name over one sentence."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, Qt
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from viewer.look.fonts import BODY, SMALL, font
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.translation import language, tr

PADDING = 10
NAME_LINE = 20
WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class BlueprintCard(Guarded, QAbstractButton):
    """A checkable card; the chosen one has the accent's outline and tint."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__()
        self._name, self._sentence = name, sentence
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        language.changed.connect(self._say)
        theme.changed.connect(self.update)
        self._say()

    def _say(self) -> None:
        self.setAccessibleName(tr(self._name))
        self.setAccessibleDescription(tr(self._sentence))
        self._fit()
        self.update()

    def _fit(self) -> None:
        """As high as the wrapped sentence needs."""
        room = QRect(0, 0, self.width() - 2 * PADDING, 1000)
        wrapped = QFontMetrics(font(SMALL)).boundingRect(room, int(WRAP), tr(self._sentence))
        self.setFixedHeight(2 * PADDING + NAME_LINE + wrapped.height() - 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

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
        width = 2.0 if focus else 1.5 if chosen else 1.0
        ground = "accentbg" if chosen else "sunken" if self.underMouse() else "surface"
        painter.setPen(QPen(theme.color("accent" if chosen or focus else "border"), width))
        painter.setBrush(theme.color(ground))
        half = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), 6, 6)
        room = self.rect().adjusted(PADDING, PADDING - 2, -PADDING, -PADDING)
        painter.setFont(font(BODY, bold=True))
        painter.setPen(theme.color("text"))
        painter.drawText(room, int(WRAP), tr(self._name))
        painter.setFont(font(SMALL))
        painter.setPen(theme.color("muted"))
        painter.drawText(room.adjusted(0, NAME_LINE, 0, 12), int(WRAP), tr(self._sentence))
        painter.end()
