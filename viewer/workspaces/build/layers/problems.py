"""The list of problems: a sentence and its repairs for each fault of the network."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from viewer.controls import ErrorStrip, labelled
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.edits.repairs import repair_buttons
from viewer.text.block_names import full_name
from viewer.text.fault_sentences import layer_sentence
from viewer.text.translation import language, say, tr


class ProblemsList(Guarded, QScrollArea):
    """The list of problems: one card a faulty node, in the order of the network."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list = QWidget()
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(12, 12, 12, 12)
        self._column.setSpacing(8)
        self._none = labelled("muted")
        say(self, self._none.setText, "No problems.")
        self._column.addWidget(self._none)
        self._column.addStretch(1)
        self.strips: list[ErrorStrip] = []
        self.setWidget(self._list)
        session.factsChanged.connect(self._refresh)
        session.repairs.found.connect(self._offer)
        language.changed.connect(self._refresh)
        theme.changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        problems = self._session.facts.problems
        self._none.setVisible(not problems)
        while len(self.strips) < len(problems):
            strip = ErrorStrip()
            self.strips.append(strip)
            self._column.insertWidget(len(self.strips), strip)
        for strip, node_id in zip(self.strips, problems, strict=False):
            self._fill(strip, node_id)
        for strip in self.strips[len(problems) :]:
            strip.show_error("")

    def _offer(self, node_id: str) -> None:
        """Its repairs have come, a moment after its sentence."""
        problems = self._session.facts.problems
        if node_id in problems:
            self._fill(self.strips[problems.index(node_id)], node_id)

    def _fill(self, strip: ErrorStrip, node_id: str) -> None:
        layer = self._session.facts.layers[node_id]
        if layer.fault is not None:
            show = (tr("Show"), lambda: self._session.set_view(selection=node_id))
            buttons = [*repair_buttons(self._session, node_id), show]
            strip.show_error(layer_sentence(layer), buttons, full_name(node_id))
