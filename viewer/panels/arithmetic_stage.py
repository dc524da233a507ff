"""The stage of Arithmetic."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from viewer.bench import Bench
from viewer.controls import PanelTitle
from viewer.messages import mark
from viewer.player import Player


class StagePanel(QWidget):
    """The stage."""

    def __init__(self, bench: Bench, player: Player) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.addWidget(PanelTitle(mark("Arithmetic")))
        column.addStretch(1)
