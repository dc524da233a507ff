"""The row of the inspector that says with whom an operator shares its weights."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from viewer.controls import labelled
from viewer.controls.leaving_button import LeavingButton
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.edits.shared_weights import make_own
from viewer.text.translation import mark, say, tr
from viewer.text.weight_sharing import parted_from, shared_with, sharing_tip


class WeightsRow(Guarded, QWidget):
    """`Weights: shared with again 2 · Make its own`; hidden where an operator shares with nobody.

    It also says why one has its own that was to share: its shape is another.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._node = ""
        self.text = labelled("plain")
        self.text.setWordWrap(True)
        self.text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.own = LeavingButton()
        self.own.setProperty("role", "link")
        self.own.clicked.connect(lambda _=False: make_own(self._session, self._node))
        say(self, self.own.setText, mark("Make its own"))
        said = mark("It gets a copy of the weights, which are no longer those of the others.")
        say(self, self.own.setToolTip, said)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.text, 1)
        row.addWidget(self.own, 0, Qt.AlignmentFlag.AlignTop)

    def show_node(self, node_id: str) -> None:
        """Say of which operators this one uses the weights."""
        self._node, facts = node_id, self._session.facts
        shared, parted = shared_with(facts, node_id), parted_from(facts, node_id)
        self.setVisible(bool(shared or parted))
        self.text.setText(tr("Weights: {said}", said=shared or parted))
        self.text.setToolTip(sharing_tip(facts, node_id))
        self.own.setVisible(bool(shared))
