"""Rows of the receptive field panel: a number with its name, a sentence, a notice."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from viewer.controls import labelled, line
from viewer.messages import say


class FactRow(QWidget):
    """A muted label at the left, a value at the right, a line below: 26 px."""

    def __init__(self, label: str = "") -> None:
        super().__init__()
        self.label = labelled("small")
        self.value = labelled("")
        self.value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if label:
            say(self, self.label.setText, label)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.label)
        row.addStretch(1)
        row.addWidget(self.value)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(line())


class Notice(QFrame):
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


def sentence() -> QLabel:
    """An empty line of small text that wraps and can be selected."""
    label = labelled("small")
    label.setWordWrap(True)
    label.setContentsMargins(0, 4, 0, 0)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def show_sentence(target: QLabel | Notice, text: str) -> None:
    """Put `text` there; without text the widget hides."""
    target.setText(text)
    target.setVisible(bool(text))
