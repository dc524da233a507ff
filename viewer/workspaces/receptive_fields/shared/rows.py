"""Rows of the receptive field panel: a number with its name, a sentence, a notice."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from viewer.controls import ElidedLabel, labelled, line
from viewer.override_guard import Guarded
from viewer.text.translation import say

UNLIMITED = 16777215
"""What Qt calls no largest width."""
SPARE = 24
"""Px a value keeps free, so that one a little longer needs no more room."""


class Value(Guarded, QLabel):
    """A number or two at the right of its row; another of about its length moves nothing.

    Labels ask for their place anew with every text, and all others with them: while a field
    follows the pointer that took longer than painting it.
    """

    def __init__(self, spare: int = SPARE) -> None:
        """With nothing to spare it is always as wide as its text, and no wider."""
        super().__init__()
        self._spare = spare
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def setText(self, text: str) -> None:
        """Show `text`."""
        if text == self.text():
            return
        wanted = self.fontMetrics().horizontalAdvance(text) + 2
        if not self._spare or wanted > self.maximumWidth() or self.maximumWidth() >= UNLIMITED:
            self._keep_room(wanted + self._spare)
        super().setText(text)

    def changeEvent(self, event: QEvent) -> None:
        """With other letters it takes other room."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and self.text():
            self._keep_room(self.fontMetrics().horizontalAdvance(self.text()) + 2 + self._spare)

    def _keep_room(self, width: int) -> None:
        self.setFixedSize(width, self.fontMetrics().height())


class Sentence(Guarded, QLabel):
    """A line of small text that wraps and can be selected; it knows how high it is.

    A label that can be selected wraps its text again, and is painted again, each time it is
    asked for its height: whenever anything beside it changes.
    """

    def __init__(self) -> None:
        super().__init__()
        self._heights: dict[int, int] = {}
        self._hints: tuple[QSize, QSize] | None = None
        self.setProperty("role", "small")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setContentsMargins(0, 4, 0, 0)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def setText(self, text: str) -> None:
        """Show `text`."""
        if text != self.text():
            self._forget()
            super().setText(text)

    def changeEvent(self, event: QEvent) -> None:
        """With other letters it has another height."""
        self._forget()
        super().changeEvent(event)

    def _forget(self) -> None:
        self._heights.clear()
        self._hints = None

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = super().heightForWidth(width)
        return self._heights[width]

    def sizeHint(self) -> QSize:
        return self._known_hints()[0]

    def minimumSizeHint(self) -> QSize:
        return self._known_hints()[1]

    def _known_hints(self) -> tuple[QSize, QSize]:
        if self._hints is None:
            self._hints = (super().sizeHint(), super().minimumSizeHint())
        return self._hints


class FactRow(Guarded, QWidget):
    """A muted label at the left, a value at the right, a line below: 26 px."""

    spare = SPARE

    def __init__(self, label: str = "") -> None:
        super().__init__()
        self.label = self._make_label()
        self.value = Value(self.spare)
        if label:
            say(self, self.label.setText, label)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.label, 1)
        row.addWidget(self.value)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(line())

    def _make_label(self) -> QLabel:
        return labelled("small")


class LayerRow(FactRow):
    """A row whose label holds the name of a layer: shortened where the value leaves no room."""

    label: ElidedLabel
    spare = 0

    def _make_label(self) -> ElidedLabel:
        return ElidedLabel(role="small")


class Notice(Guarded, QFrame):
    """A sentence on the warning tint."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "warning-card")
        self._label = labelled("warning")
        self._label.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 8, 8, 8)
        row.addWidget(self._label)

    def setText(self, text: str) -> None:
        """Say this."""
        self._label.setText(text)

    def text(self) -> str:
        """What is said."""
        return self._label.text()


def sentence() -> Sentence:
    """An empty line of small text that wraps and can be selected."""
    return Sentence()


def show_sentence(target: QLabel | Notice, text: str) -> None:
    """Put `text` there; without text the widget hides."""
    target.setText(text)
    target.setVisible(bool(text))
