"""The foot of the skips' panel: all gates at once, and what a closed skip carries."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QWidget

from analysis.graph.off_mode import OffMode
from viewer.controls import Segmented, labelled
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.edits import gates
from viewer.text.translation import mark, say, tr


class GateButtons(Guarded, QWidget):
    """All off, reset, and the choice of what off is: in one row, or in two where it is narrow."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.all_off, self.reset = QPushButton(), QPushButton()
        self.all_off.setObjectName("live.all-off")
        self.reset.setObjectName("live.reset")
        say(self, self.all_off.setText, "All off")
        say(self, self.reset.setText, "Reset gates")
        self.all_off.clicked.connect(lambda: gates.close_all(session))
        self.reset.clicked.connect(lambda: gates.reset(session))
        self.off_is = self._make_off_is()
        name = labelled("small")
        say(self, name.setText, "off is")
        left, right = QHBoxLayout(), QHBoxLayout()
        for row, widgets in ((left, (self.all_off, self.reset)), (right, (name, self.off_is))):
            row.setSpacing(8)
            for widget in widgets:
                row.addWidget(widget)
        left.addStretch(1)
        self._rows = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._rows.setContentsMargins(12, 8, 12, 8)
        self._rows.setSpacing(8)
        self._rows.addLayout(left, 1)
        self._rows.addLayout(right)

    def _make_off_is(self) -> Segmented:
        choice = Segmented(
            [("zero", mark("zero")), ("mean", mark("mean")), ("noise", mark("noise"))]
        )
        choice.valueChanged.connect(self._choose_off)
        say(
            self,
            choice.setToolTip,
            "What a closed skip carries: nothing, its channels' means, or noise like itself. "
            "Zero can be far from anything the network has seen.",
        )
        return choice

    def _choose_off(self, mode: object) -> None:
        document = replace(self._session.document, off=cast(OffMode, mode))
        self._session.edit(lambda: tr("Change what off is"), document)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow dock it takes two rows."""
        super().resizeEvent(event)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        parts = [item for i in range(self._rows.count()) if (item := self._rows.itemAt(i))]
        needed = sum(item.minimumSize().width() for item in parts) + 32
        self._rows.setDirection(across if needed <= self.width() else down)
