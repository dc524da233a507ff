"""A named value on a line: typed, or read from a file; with what is wrong with it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from viewer.controls.elided_label import ElidedLabel
from viewer.controls.form_rows import labelled
from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.text.translation import mark, say

NAME_WIDTH = 64
NARROWEST = 48


class ValueRow(Guarded, QWidget):
    """Shows a value, its kind and a fault; tells what is typed, and that a file is wanted."""

    typed = Signal(str)
    fileAsked = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = ElidedLabel(name, "muted")
        self.name.setFixedWidth(NAME_WIDTH)
        self.line = QLineEdit()
        self.line.setMinimumWidth(NARROWEST)
        self.line.setAccessibleName(name)
        self.line.editingFinished.connect(self._finish)
        self.file = QToolButton()
        self.file.setIcon(icon("open"))
        reads = mark("Read the value from a file: numbers (.npy) or a picture")
        say(self, self.file.setToolTip, reads)
        say(self, self.file.setAccessibleName, reads)
        self.file.clicked.connect(self.fileAsked)
        self.kind = labelled("small")
        self.kind.setContentsMargins(NAME_WIDTH + 8, 0, 0, 0)
        self.kind.setWordWrap(True)
        self.fault = labelled("error")
        self.fault.setWordWrap(True)
        self.fault.hide()
        self._shown = ""
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.name)
        row.addWidget(self.line, 1)
        row.addWidget(self.file)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.kind)
        column.addWidget(self.fault)

    def show_value(self, text: str, kind: str, instead: str = "") -> None:
        """The value; where it is too long for a line, what stands in its place."""
        if text != self._shown or not self.line.isModified():
            self._shown = text
            self.line.setText(text)
        self.line.setPlaceholderText(instead)
        self.kind.setText(kind)
        self.show_fault("")

    def show_fault(self, sentence: str) -> None:
        """What is wrong with what was typed; empty where nothing is."""
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))

    def _finish(self) -> None:
        if self.line.isModified():
            self.line.setModified(False)
            self.typed.emit(self.line.text().strip())
