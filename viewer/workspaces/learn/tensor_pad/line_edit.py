"""The field of the tensor pad's line: completes names, goes through earlier lines, marks faults."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRect, QStringListModel, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCompleter, QLineEdit

from analysis.tensor_pad.functions import FUNCTIONS, names
from analysis.tensor_pad.limits import LONGEST
from viewer.look.fonts import BODY, CODE
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.translation import mark, say

WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*$")


class PadLine(Guarded, QLineEdit):
    """Enter runs the line, Up and Down go through `earlier`, Tab takes what completes a name."""

    ran = Signal(str)
    """The line, when Enter is pressed."""

    def __init__(self, earlier: Callable[[], tuple[str, ...]]) -> None:
        super().__init__()
        self._earlier = earlier
        self._place = -1
        """Which of the earlier lines is shown; −1 is what is being typed."""
        self._draft = ""
        self._wrong: tuple[int, int] | None = None
        self.setMaxLength(LONGEST)
        code = QFont(CODE)
        code.setPixelSize(BODY)
        self.setFont(code)
        self.setPlaceholderText("torch.arange(6).view(2, 3)")
        say(self, self.setAccessibleName, mark("A line about tensors"))
        self.names = QCompleter(QStringListModel([*names()], self), self)
        self.names.setWidget(self)
        self.names.setCaseSensitivity(Qt.CaseSensitivity.CaseSensitive)
        popup = self.names.popup()
        assert popup is not None
        self.popup = popup
        self.names.activated.connect(self._complete)
        self.textEdited.connect(self._edited)
        theme.changed.connect(self.update)

    def show_line(self, line: str) -> None:
        """Show a line that was run; one that somebody is changing stays."""
        if not (self.hasFocus() and self.isModified()):
            self.setText(line)
        self._place = -1

    def mark_wrong(self, span: tuple[int, int] | None) -> None:
        """Underline the part of the line that is refused."""
        self._wrong = span if span is not None and span[1] > span[0] else None
        self.update()

    # ------------------------------------------------------------------ completion

    def _word(self) -> str:
        found = WORD.search(self.text()[: self.cursorPosition()])
        return found[0] if found else ""

    def _edited(self, *_: object) -> None:
        self._place = -1
        self.mark_wrong(None)
        word = self._word()
        popup = self.popup
        if len(word) < 2:
            popup.hide()
            return
        self.names.setCompletionPrefix(word)
        if not self.names.completionCount() or self.names.currentCompletion() == word:
            popup.hide()
            return
        popup.setCurrentIndex(self.names.completionModel().index(0, 0))
        left = self.cursorRect().left() - round(self.fontMetrics().horizontalAdvance(word))
        width = popup.sizeHintForColumn(0) + 32
        self.names.complete(QRect(left, 0, width, self.height()))

    def _complete(self, name: str) -> None:
        """Put a name in the place of its beginning; brackets come with a function."""
        at, word = self.cursorPosition(), self._word()
        text, behind = self.text(), self.text()[at:]
        call = name in FUNCTIONS and not behind.startswith("(")
        self.setText(text[: at - len(word)] + name + ("()" if call else "") + behind)
        self.setModified(True)
        takes = call and bool(FUNCTIONS[name].arguments)
        self.setCursorPosition(at - len(word) + len(name) + (1 if takes else 2 if call else 0))

    # ------------------------------------------------------------------ keys

    def event(self, event: QEvent) -> bool:
        """Tab takes the name that is offered, else it goes on to the next control."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Tab
            and self.popup.isVisible()
        ):
            self.popup.hide()
            self._complete(self.names.currentCompletion())
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        popup = self.popup
        if popup.isVisible() and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
            popup.hide()
            self._complete(self.names.currentCompletion())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.setModified(False)
            self.ran.emit(self.text())
        elif key == Qt.Key.Key_Up:
            self._go(1)
        elif key == Qt.Key.Key_Down:
            self._go(-1)
        else:
            super().keyPressEvent(event)

    def _go(self, by: int) -> None:
        """Show the line before, or after, in the history."""
        lines = [each for each in self._earlier() if each != self._draft or self._place >= 0]
        place = min(max(self._place + by, -1), len(lines) - 1)
        if place == self._place:
            return
        if self._place == -1:
            self._draft = self.text()
        self._place = place
        self.setText(lines[place] if place >= 0 else self._draft)
        self.setModified(True)
        self.mark_wrong(None)

    # ------------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._wrong is None:
            return
        cursor, metrics = self.cursorRect(), self.fontMetrics()
        across = metrics.horizontalAdvance("0")
        # The cursor's rectangle is centred about where the next character begins.
        begin = cursor.center().x() - self.cursorPosition() * across
        left, right = (begin + at * across for at in self._wrong)
        painter = QPainter(self)
        painter.setClipRect(self.rect().adjusted(6, 0, -6, 0), Qt.ClipOperation.IntersectClip)
        painter.setPen(QPen(theme.color("error"), 2))
        foot = cursor.bottom() + 0.0
        painter.drawLine(QPointF(left, foot), QPointF(right, foot))
        painter.end()
