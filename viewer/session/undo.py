"""Undo and redo of the document: one command class, one direction."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from analysis.storage.document import Document
from viewer.override_guard import Guarded


class Replace(Guarded, QUndoCommand):
    """Put `after` in the place of `before`; drags with the same merge key become one step."""

    def __init__(
        self,
        show: Callable[[Document], None],
        before: Document,
        after: Document,
        label: str,
        merge_key: str | None = None,
    ) -> None:
        super().__init__(label)
        self._show = show
        self._before = before
        self.after = after
        self.merge_key = merge_key

    def redo(self) -> None:
        self._show(self.after)

    def undo(self) -> None:
        self._show(self._before)

    def id(self) -> int:
        """Qt only asks commands of one id, other than −1, to merge."""
        return 1 if self.merge_key else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over a later step of the same drag; one that came back to its start is no step."""
        if not isinstance(other, Replace) or other.merge_key != self.merge_key:
            return False
        self.after = other.after
        self.setObsolete(self.after == self._before)
        return True
