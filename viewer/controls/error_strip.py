"""A strip with one sentence on what is wrong, and buttons that repair it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from viewer.controls.context_menu import SEPARATOR, Entry, offer_menu
from viewer.controls.flow_layout import FlowLayout
from viewer.controls.form_rows import labelled
from viewer.controls.leaving_button import LeavingButton
from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.text.escaping import NAME_MOST, menu_text, sentence_text
from viewer.text.translation import language, mark

Repairs = Sequence[tuple[str, Callable[[], None]]]
WIDEST = 220
"""Px of a line of words on a button."""


class ErrorStrip(Guarded, QFrame):
    """A card in the error colours. Empty, it hides. All words come translated."""

    def __init__(self, sentence: str = "", buttons: Repairs = (), title: str = "") -> None:
        super().__init__()
        self.setProperty("role", "error-card")
        self._icon = QLabel()
        self._icon.setPixmap(icon("error", "error").pixmap(QSize(18, 18)))
        self.title = labelled("error-title")
        self.title.setWordWrap(True)
        self.sentence = labelled("plain")
        self.sentence.setWordWrap(True)
        flag = Qt.TextInteractionFlag.TextSelectableByMouse
        self.sentence.setTextInteractionFlags(flag)
        self.sentence.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # the strip has one
        self._repairs: Repairs = ()
        offer_menu(self, lambda _: self._entries())
        self.buttons: list[QPushButton] = []
        self._row = FlowLayout()
        words = QVBoxLayout()
        words.setSpacing(4)
        for each in (self.title, self.sentence):
            words.addWidget(each)
        words.addLayout(self._row)
        across = QHBoxLayout(self)
        across.setContentsMargins(8, 8, 8, 8)
        across.setSpacing(8)
        across.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        across.addLayout(words, 1)
        self.show_error(sentence, buttons, title)

    def show_error(self, sentence: str, buttons: Repairs = (), title: str = "") -> None:
        """Say this instead; an empty sentence hides the strip."""
        if not sentence and not self.sentence.text():
            self.hide()
            return  # nothing was said: most changes of a panel come here
        self._icon.setPixmap(icon("error", "error").pixmap(QSize(18, 18)))
        self.title.setText(title)
        self.title.setVisible(bool(title))
        self.sentence.setText(sentence_text(sentence, NAME_MOST))
        for old in self.buttons:
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._repairs = buttons
        self.buttons = [self._button(text, action) for text, action in buttons]
        for button in self.buttons:
            self._row.addWidget(button)
        self.setVisible(bool(sentence))

    def _entries(self) -> tuple[Entry, ...]:
        """What its buttons do, and its words for a letter."""
        said = "\n".join(each.text() for each in (self.title, self.sentence) if each.text())
        copy = Entry(mark("Copy the words"), lambda: QGuiApplication.clipboard().setText(said))
        offered = [Entry(menu_text(text), action) for text, action in self._repairs]
        return (*offered, SEPARATOR, copy) if offered else (copy,)

    def _button(self, text: str, action: Callable[[], None]) -> QPushButton:
        button = LeavingButton()
        button.setText(_folded(text, button.fontMetrics()))
        button.setProperty("folded", "\n" in button.text())
        button.setAccessibleName(text)
        button.clicked.connect(lambda *_: action())
        return button


def _folded(text: str, metrics: QFontMetrics) -> str:
    """The text in lines, broken after commas, so that its button fits beside the canvas."""
    comma = language.row.comma
    parts = text.split(comma)
    lines = parts[:1]
    for part in parts[1:]:
        longer = lines[-1] + comma + part
        if metrics.horizontalAdvance(longer) <= WIDEST:
            lines[-1] = longer
        else:
            lines[-1] += comma.rstrip()
            lines.append(part)
    return "\n".join(lines)
