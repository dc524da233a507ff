"""The right dock of Arithmetic: the formula with its numbers, and what follows from the case."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGraphicsOpacityEffect, QVBoxLayout, QWidget

from analysis.arithmetic import relationships
from viewer.controls import ErrorStrip, OpaqueSurface, PanelTitle, labelled, vertical_scroll
from viewer.override_guard import Guarded
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.arithmetic.model import edits
from viewer.workspaces.arithmetic.model.scene_model import SceneModel
from viewer.workspaces.arithmetic.relationship.counts import CountsPart
from viewer.workspaces.arithmetic.relationship.equivalent_convolution import (
    BackwardPart,
    DirectPart,
)
from viewer.workspaces.arithmetic.relationship.formula import RelationPart, guide_text
from viewer.workspaces.arithmetic.relationship.round_trip import ReturnPart
from viewer.workspaces.arithmetic.relationship.suggested_variation import NextPart
from viewer.workspaces.arithmetic.relationship.torch_code import TorchPart

PALE = 0.6
"""Opacity while the case is impossible: what is seen is the last one that was not."""

GUIDE = mark(
    "Numbered as in “A guide to convolution arithmetic for deep learning” "
    "(Dumoulin and Visin, 2016)"
)


class RelationshipPanel(Guarded, QWidget):
    """Everything is said of the model's scene; an impossible case leaves the last one, pale."""

    def __init__(self, model: SceneModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._model = model
        self.guide = labelled("small")
        say(self, self.guide.setToolTip, GUIDE)
        self.strip = ErrorStrip()
        self.relation, self.back = RelationPart(model), ReturnPart(model)
        self.counts, self.direct = CountsPart(model), DirectPart(model)
        self.backward, self.torch = BackwardPart(model), TorchPart(model)
        self.next = NextPart(model)
        self._parts = (
            self.relation, self.back, self.counts, self.direct, self.backward, self.torch, self.next
        )  # fmt: skip
        self._assemble()
        model.changed.connect(self.show_case)
        language.changed.connect(self.show_case)
        self.show_case()

    def _assemble(self) -> None:
        self.content = QWidget()
        self._pale = QGraphicsOpacityEffect(self.content)
        self._pale.setOpacity(PALE)
        self._pale.setEnabled(False)
        self.content.setGraphicsEffect(self._pale)
        column = QVBoxLayout(self.content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in self._parts:
            column.addWidget(part)
        column.addStretch(1)
        ground = OpaqueSurface()
        inside = QVBoxLayout(ground)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.content)
        self._over = QWidget()
        over = QVBoxLayout(self._over)
        over.setContentsMargins(12, 8, 12, 0)
        over.addWidget(self.strip)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(PanelTitle(mark("Relationship"), self.guide))
        whole.addWidget(self._over)
        whole.addWidget(vertical_scroll(ground), 1)

    def show_case(self) -> None:
        """Say everything anew."""
        model = self._model
        self.guide.setText(guide_text(relationships(model.scene.case)))
        for part in self._parts:
            part.show_case()
        self._show_fault()

    def _show_fault(self) -> None:
        fault = self._model.fault
        self._pale.setEnabled(fault is not None)
        self.content.setEnabled(fault is None)
        self._over.setVisible(fault is not None)
        if fault is None:
            self.strip.show_error("")
            return
        said = fault_sentence(fault, self._model.example.case.rank)
        title = tr("Below is the last case that was possible.")
        self.strip.show_error(said, ((tr("Repair"), lambda: edits.mend(self._model)),), title)
