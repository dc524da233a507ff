"""Asks about unsaved changes before another document is opened or the window closes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from viewer.files.document_name import document_name
from viewer.files.saving import Saver
from viewer.session import Session
from viewer.text.escaping import name_text
from viewer.text.translation import tr

Save = Callable[[Callable[[], object]], None]
"""Saves the document, or asks where to; then calls what it is given."""
BOX = "save?"
"""Object name of the question before the end."""


def _nothing() -> None:
    """Nothing follows."""


class UnsavedChanges:
    """The two questions about the unsaved changes of one window."""

    def __init__(self, window: QWidget, session: Session, saver: Saver, save: Save) -> None:
        self._window = window
        self._session = session
        self._saver = saver
        self._save = save
        self._unwanted = False
        self._closed: Callable[[], object] = _nothing
        """What follows once the window is closed; the person may keep it open instead."""

    def close_then(self, closed: Callable[[], object]) -> None:
        """Close the window and call `closed`, at once or when the person has answered."""
        self._closed = closed
        if self._window.close():
            closed()

    def see_to(
        self, then: Callable[[], object], otherwise: Callable[[], object] = _nothing
    ) -> None:
        """Ask about them in a notice, if they are worth it; `then` follows unless cancelled.

        Where it is cancelled `otherwise` does.
        """
        if not self._saver.worth_asking:
            then()
            return
        self._session.notifications.post(
            self._question(),
            "question",
            (
                (tr("Save"), lambda: self._save(then)),
                (tr("Don't save"), then),
                (tr("Cancel"), otherwise),
            ),
        )

    def may_close(self) -> bool:
        """Whether the window can close now; if not, a box asks, and closes it when it may."""
        if not self._saver.worth_asking or self._unwanted:
            return True
        if self._window.findChild(QMessageBox, BOX) is None:
            self._ask()
        return False

    def _question(self) -> str:
        name = document_name(self._session.document, self._saver.path)
        return tr("Save the changes to “{name}”?", name=name_text(name))

    def _ask(self) -> None:
        box = QMessageBox(self._window)
        box.setObjectName(BOX)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(self._question())
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.button(buttons.Save).setText(tr("Save"))
        box.button(buttons.Discard).setText(tr("Don't save"))
        box.button(buttons.Cancel).setText(tr("Cancel"))
        box.finished.connect(self._answered)
        box.open()

    def _answered(self, answer: int) -> None:
        closed, self._closed = self._closed, _nothing
        if answer == QMessageBox.StandardButton.Save:
            self._save(lambda: self.close_then(closed))
        elif answer == QMessageBox.StandardButton.Discard:
            self._unwanted = True
            self.close_then(closed)
