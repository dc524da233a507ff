"""One finding as a line that opens: what is so, then why it matters and what can be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from viewer.controls import labelled
from viewer.controls.context_menu import SEPARATOR, Entry, offer_menu
from viewer.controls.elided_label import ElidedLabel
from viewer.controls.flow_layout import FlowLayout
from viewer.controls.leaving_button import LeavingButton
from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.text.escaping import NAME_MOST, menu_text, sentence_text
from viewer.text.translation import mark

LOOKS = {
    "error": ("error-card", "error"),
    "warning": ("warning-card", "warning"),
    "note": ("card", "info"),
}
"""Role of the card and icon, by severity."""
_TOKENS = {"error": "error", "warning": "warn", "note": "muted"}
_OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)

Buttons = Sequence[tuple[str, str, Callable[[], None]]]
"""Text, tool tip and action."""


class FindingCard(Guarded, QFrame):
    """A click, or Enter, shows its layers and opens it, as its first button does."""

    clicked = Signal()

    def __init__(self, severity: str, what: str, why: str, after: str, buttons: Buttons) -> None:
        super().__init__()
        role, name = LOOKS[severity]
        self.setProperty("role", role)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        what = sentence_text(what, NAME_MOST)
        self.setAccessibleName(what)
        self.setAccessibleDescription(sentence_text(why, NAME_MOST))
        offer_menu(self, lambda _: self._entries(buttons))
        self.line = ElidedLabel(what, "plain", Qt.TextElideMode.ElideRight)
        self.what = self._line("strong", what)
        self.why = self._line("plain", why)
        self.after = self._line("small", after)
        self.buttons: list[QPushButton] = []
        self.inside = self._inside(buttons)
        self.after.setVisible(bool(after))  # without a parent it would be a window
        self._chevron = _pictured("chevron-right", "muted", 12)
        words = QVBoxLayout()
        words.setSpacing(4)
        for each in (self.line, self.what, self.inside):
            words.addWidget(each)
        across = QHBoxLayout(self)
        across.setContentsMargins(8, 3, 10, 3)
        across.setSpacing(8)
        across.addWidget(self._chevron, 0, Qt.AlignmentFlag.AlignTop)
        across.addWidget(_pictured(name, _TOKENS[severity], 16), 0, Qt.AlignmentFlag.AlignTop)
        across.addLayout(words, 1)
        self.set_open(False)

    def _inside(self, buttons: Buttons) -> QWidget:
        row = FlowLayout()
        for text, tip, action in buttons:
            button = LeavingButton(menu_text(text))
            button.setToolTip(tip)
            button.clicked.connect(lambda _=False, act=action: act())
            self.buttons.append(button)
            row.addWidget(button)
        inside = QWidget()
        words = QVBoxLayout(inside)
        words.setContentsMargins(0, 0, 0, 4)
        words.setSpacing(4)
        for each in (self.why, self.after):
            words.addWidget(each)
        words.addLayout(row)
        return inside

    @property
    def is_open(self) -> bool:
        return not self.inside.isHidden()

    def set_open(self, opened: bool) -> None:
        """Show all that is said of it, or its one line."""
        self.line.setVisible(not opened)
        self.what.setVisible(opened)
        self.inside.setVisible(opened)
        name = "chevron-down" if opened else "chevron-right"
        self._chevron.setPixmap(icon(name, "muted").pixmap(QSize(12, 12)))

    def _entries(self, buttons: Buttons) -> tuple[Entry, ...]:
        """What its buttons do, of a card that is closed, too; and its words for a letter."""
        said = "\n".join(each.text() for each in (self.what, self.why, self.after) if each.text())
        copy = Entry(mark("Copy the words"), lambda: QGuiApplication.clipboard().setText(said))
        return (*(Entry(menu_text(text), action) for text, _, action in buttons), SEPARATOR, copy)

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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _OPENING:
            self.clicked.emit()
        else:
            super().keyPressEvent(event)


def _pictured(name: str, token: str, side: int) -> QLabel:
    picture = QLabel()
    picture.setFixedHeight(18)
    picture.setPixmap(icon(name, token).pixmap(QSize(side, side)))
    return picture
