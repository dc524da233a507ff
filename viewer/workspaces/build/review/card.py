"""One finding as a card: what is so, why it matters, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from viewer.controls import labelled
from viewer.controls.flow_layout import FlowLayout
from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.text.escaping import NAME_MOST, sentence_text

LOOKS = {
    "error": ("error-card", "error"),
    "warning": ("warning-card", "warning"),
    "note": ("card", "info"),
}
"""Role of the card and icon, by severity."""
_TOKENS = {"error": "error", "warning": "warn", "note": "muted"}

Buttons = Sequence[tuple[str, str, Callable[[], None]]]
"""Text, tool tip and action."""


class FindingCard(Guarded, QFrame):
    """A click on the card itself shows its layers, as its first button does."""

    clicked = Signal()

    def __init__(self, severity: str, what: str, why: str, after: str, buttons: Buttons) -> None:
        super().__init__()
        role, name = LOOKS[severity]
        self.setProperty("role", role)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        picture = QLabel()
        picture.setPixmap(icon(name, _TOKENS[severity]).pixmap(QSize(18, 18)))
        self.what = self._line("strong", what)
        self.why = self._line("plain", why)
        self.after = self._line("small", after)
        self.after.setVisible(bool(after))
        self.buttons: list[QPushButton] = []
        row = FlowLayout()
        for text, tip, action in buttons:
            button = QPushButton(text)
            button.setToolTip(tip)
            button.clicked.connect(lambda _=False, act=action: act())
            self.buttons.append(button)
            row.addWidget(button)
        words = QVBoxLayout()
        words.setSpacing(4)
        for each in (self.what, self.why, self.after):
            words.addWidget(each)
        words.addLayout(row)
        across = QHBoxLayout(self)
        across.setContentsMargins(10, 8, 10, 10)
        across.setSpacing(10)
        across.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        across.addLayout(words, 1)

    def _line(self, role: str, text: str) -> QLabel:
        line = labelled(role)
        line.setWordWrap(True)
        line.setText(sentence_text(text, NAME_MOST))
        return line

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(
            event.position().toPoint()
        ):
            self.clicked.emit()
        super().mouseReleaseEvent(event)
