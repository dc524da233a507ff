"""The dialog that asks what to compare the network with: a file, its first state, a blueprint."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from viewer.controls import labelled, line
from viewer.controls.file_dialog import OPEN, pick_file
from viewer.files.file_kinds import ARCHIVES, DOCUMENT, MODEL, NETWORK
from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.text.escaping import name_text
from viewer.text.translation import mark, say, tr
from viewer.workspaces.build.blueprints.browser import BlueprintBrowser

WIDTH, HEIGHT = 420, 560
KINDS = " ".join(f"*{ending}" for ending in (DOCUMENT, MODEL, NETWORK, *ARCHIVES, ".pt"))


class CompareDialog(Guarded, QDialog):
    """The dialog that asks what to compare with; the caller opens it once the dialog is closed."""

    fileAsked = Signal()
    firstStateAsked = Signal()
    blueprintChosen = Signal(str)
    presetChosen = Signal(str)

    def __init__(self, name: str, edited: bool, parent: QWidget | None = None) -> None:
        """`edited` says whether the network is another one than was opened."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setObjectName("compare-dialog")
        self.setProperty("role", "panel")
        self.resize(WIDTH, HEIGHT)
        say(self, self.setWindowTitle, mark("Compare with"))
        question = labelled("heading")
        question.setWordWrap(True)
        say(self, question.setText, mark("Compare {name} with"), name=name_text(name))
        self.file, self.first_state = QPushButton(), QPushButton()
        say(self, self.file.setText, mark("A file…"))
        self.file.setIcon(icon("open"))
        say(self, self.first_state.setText, mark("Its state when it was opened"))
        self.first_state.setVisible(edited)
        self.file.clicked.connect(lambda: self._end(self.fileAsked.emit))
        self.first_state.clicked.connect(lambda: self._end(self.firstStateAsked.emit))
        row = QHBoxLayout()
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        row.addWidget(self.file)
        row.addWidget(self.first_state)
        row.addStretch(1)
        above = QVBoxLayout()
        above.setContentsMargins(16, 16, 16, 0)
        above.addWidget(question)
        kinds = labelled("small")
        kinds.setWordWrap(True)
        say(
            self,
            kinds.setText,
            mark("A document, a .py, .pt2 or .onnx file; a program is run only when you say so."),
        )
        below = QVBoxLayout()
        below.setContentsMargins(16, 0, 16, 4)
        below.addWidget(kinds)
        self.browser = BlueprintBrowser()
        self.browser.chosen.connect(lambda name: self._end(lambda: self.blueprintChosen.emit(name)))
        self.browser.presetChosen.connect(
            lambda key: self._end(lambda: self.presetChosen.emit(key))
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(above)
        column.addLayout(row)
        column.addLayout(below)
        column.addWidget(line())
        column.addWidget(self.browser, 1)

    def _end(self, then: Callable[[], object]) -> None:
        self.accept()
        then()


def ask_for_file(parent: QWidget, then: Callable[[str], object]) -> None:
    """Ask for the second network's file."""
    filters = (f"{tr('Networks')} ({KINDS})", f"{tr('All files')} (*)")
    pick_file(parent, tr("Compare with"), filters, OPEN, then)
