"""Undo and redo of the document: a list of steps, each computed before it is taken."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar
from weakref import WeakMethod

from PySide6.QtCore import QObject, Signal

from analysis.storage.document import Document
from viewer.override_guard import Guarded

S = TypeVar("S")
StepName: TypeAlias = str | Callable[[], str]
"""What a step is called; a function words it when it is shown, in the language of then."""


@dataclass(slots=True)
class Replace:
    """An undo step that puts the state `after` in the place of `before`."""

    before: Document
    after: Document
    name: StepName
    merge_key: str | None = None
    chosen: tuple[str, ...] = ()
    """What was selected before it."""

    @property
    def label(self) -> str:
        """Its name in the language in use."""
        return self.name if isinstance(self.name, str) else self.name()


class History(Guarded, QObject, Generic[S]):
    """The steps of a document, with the methods and signals of a QUndoStack.

    `prepare` computes all that a document brings with it, `assign` makes that current. A step
    whose computation raises does not happen.

    It is no QUndoStack: PySide never frees a command that Qt deletes while it merges it, about
    43 KB a move of a drag, and Python's garbage collector can delete commands that are still in a
    stack, which ends the program when the stack goes.
    """

    indexChanged = Signal(int)
    cleanChanged = Signal(bool)
    canUndoChanged = Signal(bool)
    canRedoChanged = Signal(bool)
    undoTextChanged = Signal(str)
    redoTextChanged = Signal(str)
    undone = Signal(object)
    """A step was taken back; what was selected before it."""

    def __init__(
        self, prepare: Callable[[Document], S], assign: Callable[[S], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        # Weak: the session owns its history, and goes with its last reference.
        self._weak_prepare = WeakMethod(prepare)
        self._weak_assign = WeakMethod(assign)
        self._steps: list[Replace] = []
        self._index = 0
        self._clean: int | None = 0
        """The index at which the document is as it was saved; None if no step leads there."""

    # ------------------------------------------------------------------ what there is

    def index(self) -> int:
        """How many steps are done; those from here on can be done again."""
        return self._index

    def count(self) -> int:
        """How many steps there are, done or undone."""
        return len(self._steps)

    def isClean(self) -> bool:
        """Whether the document is as it was saved."""
        return self._index == self._clean

    def canUndo(self) -> bool:
        """Whether there is a step to take back."""
        return self._index > 0

    def canRedo(self) -> bool:
        """Whether there is a step to do again."""
        return self._index < len(self._steps)

    def undoText(self) -> str:
        """The label of the step that undo takes back; empty if there is none."""
        return self._steps[self._index - 1].label if self.canUndo() else ""

    def redoText(self) -> str:
        """The label of the step that redo does again; empty if there is none."""
        return self._steps[self._index].label if self.canRedo() else ""

    def labels(self) -> tuple[str, ...]:
        """The label of every step, done or undone, the oldest first."""
        return tuple(step.label for step in self._steps)

    def documents(self) -> Iterator[Document]:
        """Every document that undo or redo can bring back, the current one among them."""
        for step in self._steps:
            yield step.before
            yield step.after

    def earlier(self) -> Iterator[Document]:
        """The documents that undo can bring back, the newest first."""
        for step in reversed(self._steps[: self._index]):
            yield step.before

    # ------------------------------------------------------------------ what can be done

    def replace(
        self,
        before: Document,
        after: Document,
        name: StepName,
        merge_key: str | None = None,
        chosen: tuple[str, ...] = (),
    ) -> None:
        """Make `after` current as a new step; raises what its computation raises.

        Steps in a row with the same merge key become one, and one that came back to where it
        started is none.
        """
        ready = self._prepare(after)
        open_step = self._open_step(merge_key)
        self._assign(ready)
        if open_step is None:
            self._settle(
                [*self._steps[: self._index], Replace(before, after, name, merge_key, chosen)],
                self._index + 1,
                self._clean if self._clean is not None and self._clean <= self._index else None,
            )
        elif open_step.before == after:
            self._settle(self._steps[:-1], self._index - 1, self._clean)
        else:
            merged = Replace(open_step.before, after, name, merge_key, open_step.chosen)
            self._settle([*self._steps[:-1], merged], self._index, self._clean)

    def undo(self) -> None:
        """Go back to the document before the last step, if there is one."""
        if self.canUndo():
            step = self._steps[self._index - 1]
            self._go(self._index - 1, step.before)
            self.undone.emit(step.chosen)

    def redo(self) -> None:
        """Go on to the document of the step that was undone last, if there is one."""
        if self.canRedo():
            self._go(self._index + 1, self._steps[self._index].after)

    def go_to(self, index: int) -> None:
        """Go to where so many steps are done, in one go; nothing happens where there is none."""
        if 0 <= index < self._index:
            self._go(index, self._steps[index].before)
        elif self._index < index <= len(self._steps):
            self._go(index, self._steps[index - 1].after)

    def setClean(self) -> None:
        """The document has been saved as it is now."""
        self._settle(self._steps, self._index, self._index)

    def setUnclean(self) -> None:
        """The document as it is now is saved nowhere, and no step back to it will be."""
        self._settle(self._steps, self._index, None)

    def clear(self) -> None:
        """Forget every step; the document as it is now counts as saved."""
        self._settle([], 0, 0)

    # ------------------------------------------------------------------ inside

    def _open_step(self, merge_key: str | None) -> Replace | None:
        """The newest step, if it may still take one in: not undone, and not saved since."""
        if not merge_key or not self.canUndo() or self.canRedo() or self.isClean():
            return None
        last = self._steps[-1]
        return last if last.merge_key == merge_key else None

    def _go(self, index: int, document: Document) -> None:
        """What cannot be computed is told, and the document stays."""
        try:
            ready = self._prepare(document)
        except Exception as error:  # noqa: BLE001 (a menu or a key has asked, nobody to catch it)
            sys.excepthook(type(error), error, error.__traceback__)
            return
        self._assign(ready)
        self._settle(self._steps, index, self._clean)

    def _settle(self, steps: list[Replace], index: int, clean: int | None) -> None:
        """Take over the steps, then say what of it is new."""
        before = self._told()
        self._steps, self._index, self._clean = steps, index, clean
        now = self._told()
        self.indexChanged.emit(index)
        signals = (
            self.cleanChanged,
            self.canUndoChanged,
            self.canRedoChanged,
            self.undoTextChanged,
            self.redoTextChanged,
        )
        for signal, old, new in zip(signals, before, now, strict=True):
            if new != old:
                signal.emit(new)

    def _told(self) -> tuple[object, ...]:
        return self.isClean(), self.canUndo(), self.canRedo(), self.undoText(), self.redoText()

    def _prepare(self, document: Document) -> S:
        prepare = self._weak_prepare()
        assert prepare is not None
        return prepare(document)

    def _assign(self, ready: S) -> None:
        assign = self._weak_assign()
        assert assign is not None
        assign(ready)
