"""The commands of the menu Edit that work on what is selected: rows of a table, else blocks."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from viewer.controls.context_menu import RowTable
from viewer.session import Session
from viewer.session.command import Command, separator
from viewer.session.edits import pieces
from viewer.text.translation import mark, tr


class EditCommands:
    """Cut, copy, paste, duplicate, delete and select all."""

    def __init__(
        self,
        session: Session,
        paste_picture: Callable[[], object],
        ground: Callable[[], tuple[float, float] | None],
    ) -> None:
        """`ground` says where the pointer is over the empty canvas."""
        self._session = session
        self._ground = ground
        self._paste_picture = paste_picture

    def rows(self) -> tuple[Command, ...]:
        """The rows of the menu, in their order."""
        return (
            Command("cut", mark("Cut"), self.cut, "edit", ("Ctrl+X",)),
            Command("copy", mark("Copy"), self.copy, "edit", ("Ctrl+C",)),
            Command("paste", mark("Paste"), self.paste, "edit", ("Ctrl+V",)),
            Command("duplicate", mark("Duplicate"), self.duplicate, "edit", ("Ctrl+D",)),
            Command("delete", mark("Delete"), self.delete, "edit"),
            Command("select-all", mark("Select all"), self.select_all, "edit", ("Ctrl+A",)),
            separator("edit"),
        )

    def cut(self) -> None:
        """Put the selected blocks on the clipboard and take them out."""
        self._or_say(pieces.cut_selected(self._session))

    def copy(self) -> None:
        """Put the rows selected in the table with the focus, else the blocks, on the clipboard."""
        table = self._table()
        if table is not None:
            QGuiApplication.clipboard().setText(table.copied())
        else:
            self._or_say(pieces.copy_selected(self._session))

    def paste(self) -> None:
        """Put copied operators behind the selected block or at the pointer; else take a picture."""
        if pieces.holds_damaged_operators():
            said = tr("The operators on the clipboard are damaged: nothing was pasted.")
            self._session.notifications.refuse(said)
        elif not pieces.paste(self._session, self._ground()):
            self._paste_picture()

    def duplicate(self) -> None:
        """Put a copy of the selected blocks behind them."""
        self._or_say(pieces.duplicate_selected(self._session))

    def delete(self) -> None:
        """Do what the Delete key does in this workspace."""
        self._or_say(self._session.workspace.canvas.delete(self._session))

    def select_all(self) -> None:
        """Select all rows of the table with the focus, else all blocks."""
        table = self._table()
        if table is not None:
            table.selectAll()
        else:
            pieces.select_all(self._session)

    @staticmethod
    def _table() -> RowTable | None:
        focus = QApplication.focusWidget()
        return focus if isinstance(focus, RowTable) else None

    def _or_say(self, done: bool) -> None:
        if not done:
            self._session.notifications.refuse(tr("Select a block first: click it."))
