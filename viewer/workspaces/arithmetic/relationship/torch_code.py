"""The line of PyTorch that does the same, to copy."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from analysis.arithmetic import torch_line
from viewer.look.icons import icon
from viewer.look.theme import theme
from viewer.text.translation import mark, say, tr
from viewer.workspaces.arithmetic.model.scene_model import SceneModel
from viewer.workspaces.arithmetic.relationship.sections import Part, paragraph

TICKED_MS = 1600
"""How long the button says that the line is copied."""


class TorchPart(Part):
    """The line in code style; a button that ticks when it has copied."""

    def __init__(self, model: SceneModel) -> None:
        self.copy = QPushButton()
        self.copy.setProperty("role", "small")
        super().__init__(model, mark("In PyTorch"), self.copy)
        self.line = paragraph("code")
        self.column.addWidget(self.line)
        self.note = paragraph("caption")
        say(self, self.note.setText, "For this patch. The layer itself has its own padding.")
        self.column.addWidget(self.note)
        self.copy.clicked.connect(self._copy)
        self._ticked = QTimer(self)
        self._ticked.setSingleShot(True)
        self._ticked.setInterval(TICKED_MS)
        self._ticked.timeout.connect(self._show_button)
        theme.changed.connect(self._show_button)

    def show_case(self) -> None:
        """The line of the model's case."""
        line = torch_line(self.model.scene.case)
        if line != self.line.text():
            self._ticked.stop()
        self.line.setText(line)
        self.note.setVisible(self.model.example.layer is not None)
        self._show_button()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.line.text())
        self._ticked.start()
        self._show_button()

    def _show_button(self) -> None:
        ticked = self._ticked.isActive()
        self.copy.setText(tr("Copied") if ticked else tr("Copy"))
        self.copy.setIcon(icon("check", "ok") if ticked else icon("copy", "muted"))
