"""One line over the stage while the case is impossible: what is shown instead, and the way out."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from viewer.controls import labelled
from viewer.look.icons import icon
from viewer.override_guard import Guarded
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import say
from viewer.workspaces.arithmetic.model import edits
from viewer.workspaces.arithmetic.model.scene_model import SceneModel


class FaultLine(Guarded, QFrame):
    """Hidden while the case is possible. The whole sentence stands at the control it is about."""

    def __init__(self, model: SceneModel) -> None:
        super().__init__()
        self.setProperty("role", "error-card")
        self._model = model
        self._icon = QLabel()
        self.words = labelled("plain")
        say(self, self.words.setText, "Not possible as it is set: this is the last case that was.")
        self.repair = QPushButton()
        say(self, self.repair.setText, "Repair")
        self.repair.clicked.connect(lambda _=False: edits.mend(model))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 40, 4)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self.words, 1)
        row.addWidget(self.repair)
        self.show_fault()

    def show_fault(self) -> None:
        """Follow the model."""
        fault = self._model.fault
        if fault is None:
            self.hide()
            return
        self._icon.setPixmap(icon("error", "error").pixmap(QSize(18, 18)))
        self.words.setToolTip(fault_sentence(fault))
        self.show()
