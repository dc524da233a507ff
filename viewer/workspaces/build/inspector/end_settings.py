"""What can be set of an input or output: its value, and whether it is the main one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from analysis.graph.given_values import takes_picture
from analysis.operators import Given
from viewer.controls.leaving_button import LeavingButton
from viewer.files.given_input_row import GivenInputRow
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.edits import ends
from viewer.text.translation import mark, say


class EndSettings(Guarded, QWidget):
    """The value of a further input; buttons that choose the main output and the image's input."""

    def __init__(self, session: Session, name: str) -> None:
        super().__init__()
        node = session.document.graph[name]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.value: GivenInputRow | None = None
        if isinstance(node.operator, Given):
            self.value = GivenInputRow(session, name)
            column.addWidget(self.value)
        self.to_picture, self.to_main = LeavingButton(), LeavingButton()
        say(self, self.to_picture.setText, mark("Bring the image to this input"))
        say(self, self.to_main.setText, mark("Make this the main output"))
        self.to_picture.clicked.connect(lambda _=False: ends.give_picture(session, name))
        self.to_main.clicked.connect(lambda _=False: ends.make_main(session, name))
        self.to_picture.setVisible(takes_picture(node))
        self.to_main.setVisible(ends.is_other_output(session, name))
        for button in (self.to_picture, self.to_main):
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def show_again(self) -> None:
        """The value as it is now."""
        if self.value is not None:
            self.value.show_input()
