"""A dock of Arithmetic."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from viewer.bench import Bench
from viewer.controls import PanelTitle
from viewer.messages import mark


class RelationshipPanel(QWidget):
    """A dock of Arithmetic."""

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.addWidget(PanelTitle(mark("Relationship")))
        column.addStretch(1)
