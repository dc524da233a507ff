"""The values of what a network takes beside the image."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from analysis.graph.given_values import given_nodes
from viewer.controls import Section
from viewer.files.given_input_row import GivenInputRow
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.text.translation import language, mark


class GivenInputControls(Guarded, QWidget):
    """A row for each further input of the network; nothing where there is none."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.rows: dict[str, GivenInputRow] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(Section(mark("Further inputs")))
        language.changed.connect(self._show)
        session.documentChanged.connect(self._show)
        self._show()

    def _show(self, *_: object) -> None:
        names = [node.id for node in given_nodes(self._session.document.graph)]
        self.setVisible(bool(names))
        if names == list(self.rows):
            for row in self.rows.values():
                row.show_input()
            return
        for row in self.rows.values():
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = {name: GivenInputRow(self._session, name) for name in names}
        for row in self.rows.values():
            self._column.addWidget(row)
