"""The row of a step that has a line to copy: the line as this machine takes it, and a button."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from analysis.lessons.tool_lines import tool_line
from viewer.look.fonts import CODE, SMALL
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.text.translation import mark, say


@dataclass(frozen=True)
class Copied:
    """The name of the line that was copied last; for lessons to ask about, never saved."""

    key: ClassVar[str] = "copied"

    line: str = ""


class CopyRow(Guarded, QWidget):
    """All of the line is seen and can be selected; the button puts it on the clipboard."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session, self._name = session, ""
        self.line = QLabel()
        self.line.setTextFormat(Qt.TextFormat.PlainText)
        self.line.setWordWrap(True)
        self.line.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        font = QFont(CODE)
        font.setPixelSize(SMALL)
        self.line.setFont(font)
        say(self, self.line.setAccessibleName, mark("Line to copy"))
        self.button = QPushButton()
        self.button.setObjectName("lesson.copy")
        say(self, self.button.setText, mark("Copy"))
        self.button.clicked.connect(lambda *_: self._copy())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)

    def show_line(self, name: str) -> None:
        """Show the line of that name; none hides the row."""
        self._name = name
        self.setVisible(bool(name))
        if name and self.line.text() != tool_line(name):
            self.line.setText(tool_line(name))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(tool_line(self._name))
        live = self._session.live
        self._session.set_live(parts=live.parts.having(Copied(self._name)))
