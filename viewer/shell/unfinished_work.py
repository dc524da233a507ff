"""Asks before the window closes while one of its workspaces has work under way."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from viewer.session.workspace import OngoingWork
from viewer.text.translation import tr

BOX = "stop?"
"""Object name of the question."""


class UnfinishedWork:
    """The work under way in the workspaces of one window."""

    def __init__(self, window: QWidget, works: Sequence[OngoingWork]) -> None:
        self._window = window
        self._works = works
        self._agreed = False

    def may_close(self) -> bool:
        """Whether the window can close now; if not, a box asks, and closes it when it may."""
        asking = [each for each in self._works if each.question()]
        if not asking or self._agreed:
            return True
        if self._window.findChild(QMessageBox, BOX) is None:
            self._ask(asking)
        return False

    def end(self) -> None:
        """End all work: the window closes."""
        for each in self._works:
            each.end()

    def _ask(self, works: Sequence[OngoingWork]) -> None:
        box = QMessageBox(self._window)
        box.setObjectName(BOX)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText("\n\n".join(each.question() for each in works))
        close = QMessageBox.StandardButton.Close
        cancel = QMessageBox.StandardButton.Cancel
        box.setStandardButtons(close | cancel)
        box.button(close).setText(tr("Close"))
        box.button(cancel).setText(tr("Cancel"))
        for each in works:
            each.hold()

        def answered(answer: int) -> None:
            if answer == close:
                self._agreed = True
                self._window.close()
                self._agreed = False
            else:
                for each in works:
                    each.release()

        box.finished.connect(answered)
        box.open()
