"""The strip over the canvas that shows a notice: one sentence, with buttons that answer it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from viewer.controls.leaving_button import LeavingButton
from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.session.notifications import Choice, Kind, Notification, Notifications
from viewer.text.escaping import NAME_MOST, menu_text, sentence_text
from viewer.text.translation import language, said_anew, tr

ICONS = {
    "error": "error",
    "warn": "warning",
    "question": "warning",
    "busy": "info",
    "ok": "check",
}
TOKENS = {"error": "error", "warn": "warn", "question": "warn", "busy": "muted", "ok": "ok"}
GOOD_NEWS = 5000
"""Milliseconds that a sentence about a success stays."""


class NoticeStrip(Guarded, QFrame):
    """A strip of one sentence with buttons; it stays until it is answered or closed."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._choices: tuple[Choice, ...] = ()
        self._posted = ""
        """The sentence that is shown as it was posted, maybe in another language."""
        self._said = ""
        """The same as it is said now."""
        self._words: Callable[[], str] | None = None
        self._titled: list[tuple[QPushButton, str]] = []
        self._waiting: list[Notification] = []
        """What has come while a question stands and is shown after it."""
        self._icon = QLabel(self)
        self.text = QLabel(self)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._close = QToolButton(self)
        self._close.setIcon(icon("close"))
        self._close.setAutoRaise(True)
        self._close.clicked.connect(self.dismiss)
        self._passing = QTimer(self)
        self._passing.setSingleShot(True)
        self._passing.setInterval(GOOD_NEWS)
        self._passing.timeout.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.setSpacing(12)
        row.addWidget(self._icon)
        row.addWidget(self.text, 1)
        row.addLayout(self._buttons)
        row.addWidget(self._close)
        self.hide()
        language.changed.connect(self._say_anew)

    @property
    def asks(self) -> bool:
        """Whether it is a question with buttons that answer it."""
        return self.property("kind") == "question" and bool(self._choices)

    def show_from(self, notifications: Notifications) -> None:
        """Show what is posted there from now on."""
        notifications.posted.connect(self._show_posted)
        notifications.settled.connect(self.settle)
        notifications.left.connect(self.leave)
        notifications.dismissed.connect(self._clear)
        notifications.withdrawn.connect(self.withdraw)

    def _show_posted(self, notice: Notification) -> None:
        if notice.patient and self.isVisible() and self.asks:
            self._wait(notice)
            return
        self.show_notice(notice.text, notice.kind, notice.choices)
        self._words = notice.words

    def show_notice(
        self, text: str, kind: Kind = "error", choices: tuple[Choice, ...] = ()
    ) -> None:
        """Show a translated sentence and a button for each (title, what it does).

        The same sentence again changes nothing: what fails in every repaint under the strip must
        not bring about the next repaint.
        """
        self._posted, self._said, self._words = text, text, None
        text = sentence_text(text, NAME_MOST)
        if self._goes_on(text, kind, choices):
            return
        stands = (self.isVisible(), self.text.text(), self.property("kind"), self._buttons.count())
        if stands == (True, text, kind, 0) and not choices and kind != "ok":
            return
        self.setProperty("kind", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self._icon.setPixmap(icon(ICONS[kind], TOKENS[kind]).pixmap(20, 20))
        self.text.setText(text)
        self._close.setToolTip(tr("Close"))
        self._titled = []
        while self._buttons.count():
            item = self._buttons.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for title, run in choices:
            button = LeavingButton(menu_text(title), self)
            button.clicked.connect(lambda _=False, run=run: self._answer(run))
            self._buttons.addWidget(button)
            self._titled.append((button, title))
        self._order_tabs()
        self.setAccessibleName(text)
        self._passing.stop()
        if kind == "ok":
            self._passing.start()
        self.show()

    def _order_tabs(self) -> None:
        """Tab comes to the buttons from left to right, and to the cross after them."""
        buttons = [button for button, _ in self._titled]
        for before, after in pairwise((self._close, *buttons)):
            self.setTabOrder(before, after)
        if buttons:
            self.setTabOrder(buttons[-1], self._close)

    def _say_anew(self) -> None:
        """Say what is shown in the language in use; how long it stays does not change."""
        said = said_anew(self._posted) if self._words is None else self._words()
        self._said, said = said, sentence_text(said, NAME_MOST)
        self.text.setText(said)
        self.setAccessibleName(said)
        self._close.setToolTip(tr("Close"))
        for button, title in self._titled:
            button.setText(menu_text(said_anew(title)))

    def _goes_on(self, text: str, kind: Kind, choices: tuple[Choice, ...]) -> bool:
        """Whether work that is under way only says something new of itself, which is then shown.

        Its buttons stay the same ones, so that a click on one is not lost.
        """
        shown = self.property("kind") if self.isVisible() else None
        if kind != "busy" or shown != "busy" or choices != self._choices:
            self._choices = choices
            return False
        self.text.setText(text)
        self.setAccessibleName(text)
        return True

    def _wait(self, notice: Notification) -> None:
        """Keep it until the question is answered; of work under way only the newest word."""
        if notice.kind == "busy":
            self._waiting = [each for each in self._waiting if each.kind != "busy"]
        self._waiting.append(notice)

    def _show_next(self) -> None:
        """Show what has waited longest, where nothing else is shown by now."""
        if self._waiting and not self.isVisible():
            self._show_posted(self._waiting.pop(0))

    def _answer(self, run: Callable[[], object]) -> None:
        self._put_away()
        try:
            run()
        finally:
            self._show_next()

    def settle(self) -> None:
        """Put away an error, because something has succeeded; a question stays until answered."""
        if self.isVisible() and self.property("kind") == "error":
            self.dismiss()

    def leave(self) -> None:
        """Put away what is shown and was said of a document that is gone; a question stays."""
        if self.isVisible() and self.property("kind") in ("error", "warn"):
            self.dismiss()

    def withdraw(self, text: str) -> None:
        """Put the strip away where it says this; what waits with these words is dropped."""
        self._waiting = [each for each in self._waiting if each.text != text]
        if self.isVisible() and text in (self._posted, self._said):
            self.dismiss()

    def dismiss(self) -> None:
        """Put the strip away; what has waited behind it is shown."""
        self._put_away()
        self._show_next()

    def _clear(self) -> None:
        self._waiting = []
        self._put_away()

    def _put_away(self) -> None:
        self._words, self._titled = None, []
        self.hide()
        self.closed.emit()
