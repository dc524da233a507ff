"""Undo and redo of the document: one command class, one direction."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand, QUndoStack

from analysis.storage.document import Document
from viewer.override_guard import Guarded


class Replace(Guarded, QUndoCommand):
    """Put `after` in the place of `before`."""

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
        self.before = before
        self.after = after
        self.merge_key = merge_key

    def redo(self) -> None:
        self._show(self.after)

    def undo(self) -> None:
        self._show(self.before)


def push(history: QUndoStack, step: Replace) -> None:
    """Do a step and keep it; steps in a row with the same merge key become one.

    `QUndoCommand.mergeWith` is not used: PySide never frees a command that Qt deletes while it is
    pushed, so that every move of a drag would keep its document for good.
    """
    last = _open_step(history, step)
    if last is None:
        history.push(step)
        return
    last.after = step.after
    last.redo()
    if last.after == last.before:  # back where it came from: no step at all
        last.setObsolete(True)
        history.undo()  # of an obsolete step this only takes it away


def _open_step(history: QUndoStack, step: Replace) -> Replace | None:
    """The newest step, if it may still take in this one: not undone, and not saved since."""
    index = history.index()
    if not step.merge_key or index == 0 or index < history.count() or history.isClean():
        return None
    last = history.command(index - 1)
    if isinstance(last, Replace) and last.merge_key == step.merge_key:
        return last
    return None
