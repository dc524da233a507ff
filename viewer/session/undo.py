"""Undo and redo of the document: one command class, and a stack that computes before it steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import WeakMethod

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand, QUndoStack

from analysis.storage.document import Document
from viewer.override_guard import Guarded

S = TypeVar("S")


class Replace(Guarded, QUndoCommand):
    """Put `after` in the place of `before`."""

    def __init__(
        self,
        assign: Callable[[], None],
        before: Document,
        after: Document,
        label: str,
        merge_key: str | None = None,
    ) -> None:
        super().__init__(label)
        self._assign = assign
        self.before = before
        self.after = after
        self.merge_key = merge_key

    def redo(self) -> None:
        self._assign()

    def undo(self) -> None:
        self._assign()


class History(Guarded, QUndoStack, Generic[S]):
    """The steps of a document. `prepare` computes all that a document brings with it, `assign`
    makes that current.

    A step whose computation raises does not happen: Qt's stack moves only after it, and the
    commands themselves assign.
    """

    def __init__(
        self, prepare: Callable[[Document], S], assign: Callable[[S], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        # Weak: the session owns its history, and goes with its last reference.
        self._weak_prepare = WeakMethod(prepare)
        self._weak_assign = WeakMethod(assign)
        self._ready: list[S] = []

    def replace(
        self, before: Document, after: Document, label: str, merge_key: str | None = None
    ) -> None:
        """Make `after` current as a new step; raises what its computation raises.

        Steps in a row with the same merge key become one. `QUndoCommand.mergeWith` is not used:
        PySide never frees a command that Qt deletes while it is pushed, so that every move of a
        drag would keep its document for good.
        """
        self._ready = [self._prepare(after)]
        last = self._open_step(merge_key)
        if last is None:
            self.push(Replace(self._assign_ready, before, after, label, merge_key))
            return
        last.after = after
        last.redo()
        if last.after == last.before:  # back where it came from: no step at all
            last.setObsolete(True)
            super().undo()  # of an obsolete step this only takes it away

    def _open_step(self, merge_key: str | None) -> Replace | None:
        """The newest step, if it may still take one in: not undone, and not saved since."""
        index = self.index()
        if not merge_key or index == 0 or index < self.count() or self.isClean():
            return None
        last = self.command(index - 1)
        if isinstance(last, Replace) and last.merge_key == merge_key:
            return last
        return None

    def undo(self) -> None:
        """Go back to the document before the last step, if there is one."""
        step = self.command(self.index() - 1)
        if isinstance(step, Replace):
            self._ready = [self._prepare(step.before)]
            super().undo()

    def redo(self) -> None:
        """Go on to the document of the step that was undone last, if there is one."""
        step = self.command(self.index())
        if isinstance(step, Replace):
            self._ready = [self._prepare(step.after)]
            super().redo()

    def _prepare(self, document: Document) -> S:
        prepare = self._weak_prepare()
        assert prepare is not None
        return prepare(document)

    def _assign_ready(self) -> None:
        assign = self._weak_assign()
        assert assign is not None
        assign(self._ready.pop())
