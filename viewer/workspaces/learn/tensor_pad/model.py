"""What the parts of the tensor pad share: its line's answer, the slice, the element pointed at."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

from PySide6.QtCore import QObject, Signal

from analysis.faults import Fault
from analysis.inference.protocol.engine import EngineFailure
from analysis.tensor_pad.refusal import Refusal
from analysis.tensor_pad.result import PlainResult, TensorResult
from viewer.engine.questions.tensor_lines import TensorLines
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.view_state import ViewState
from viewer.workspaces.learn.tensor_pad.state import PadNow, PadView, Shown

Answered: TypeAlias = TensorResult | PlainResult | Refusal
Index: TypeAlias = tuple[int, ...]


class PadModel(Guarded, QObject):
    """Runs the line of the view and holds what it came to.

    answered() with another answer, sliceChanged() with another slice of it, pointedChanged() with
    another element pointed at, shownChanged() with another picture beside the table.
    """

    answered = Signal()
    sliceChanged = Signal()
    pointedChanged = Signal()
    shownChanged = Signal()

    def __init__(self, session: Session, lines: TensorLines, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._lines = lines
        self._asked: tuple[str, int] | None = None
        self.answer: Answered | None = None
        """What the line came to; None while nobody knows."""
        self.pointed: Index | None = None
        """The element under the pointer, or the one the keys have gone to."""
        lines.answered.connect(self._take)
        session.viewChanged.connect(self._view_changed)

    @property
    def view(self) -> PadView:
        """The line, its seed and the slice."""
        return self._session.view.part(PadView)

    @property
    def tensor(self) -> TensorResult | None:
        """The tensor that the line came to."""
        return self.answer if isinstance(self.answer, TensorResult) else None

    @property
    def slice(self) -> Index:
        """The index on every axis but the last two: of the element pointed at, else the chosen."""
        if self.pointed is not None:
            return self.pointed[:-2]
        shape = self.tensor.shape[:-2] if self.tensor is not None else ()
        chosen = (*self.view.slice, *([0] * len(shape)))
        return tuple(min(each, max(0, size - 1)) for each, size in zip(chosen, shape, strict=False))

    @property
    def waits(self) -> bool:
        """Whether the engine still owes the answer."""
        return self._lines.waits

    def run(self, line: str) -> None:
        """Run another line, or the same once more."""
        self._asked = None
        self._change(self.view.having(line.strip()))
        self.follow()

    def use_seed(self, seed: int) -> None:
        """Run the line again with other random numbers."""
        self._change(replace(self.view, seed=seed))

    def show_slice(self, index: Index) -> None:
        """Show another slice of the tensor."""
        self.pointed = None
        self._change(replace(self.view, slice=index))

    def show_beside(self, shown: Shown) -> None:
        """Choose what stands beside the table where there is room for one picture."""
        self._change(replace(self.view, shown=shown))

    def point_at(self, index: Index | None) -> None:
        """Point at an element, which every picture of the tensor marks."""
        if index == self.pointed:
            return
        before, self.pointed = self.slice, index
        if self.slice != before:
            self.sliceChanged.emit()
        self.pointedChanged.emit()

    def follow(self) -> None:
        """Ask for the line of the view where its answer is not known."""
        wanted = self.view.line, self.view.seed
        if wanted != self._asked and wanted[0]:
            self._asked = wanted
            self._set(None)
            self._lines.ask(*wanted)

    def _change(self, view: PadView) -> None:
        self._session.set_view(parts=self._session.view.parts.having(view))

    def _view_changed(self, before: ViewState, after: ViewState) -> None:
        was, now = before.part(PadView), after.part(PadView)
        if was.shown != now.shown:
            self.shownChanged.emit()
        if self._asked is not None and (was.line, was.seed) != (now.line, now.seed):
            self.follow()
        elif was.slice != now.slice:
            self.sliceChanged.emit()

    def _take(self, line: str, answer: Answered | EngineFailure) -> None:
        if isinstance(answer, EngineFailure):
            self._asked = None  # it is asked again when somebody asks again
            answer = Refusal(answer.fault, (0, 0))
        self._set(answer)
        self._tell(line, answer)

    def _set(self, answer: Answered | None) -> None:
        self.answer = answer
        self.pointed = None
        self.answered.emit()

    def _tell(self, line: str, answer: Answered) -> None:
        shape = str(list(answer.shape)) if isinstance(answer, TensorResult) else ""
        fault: Fault | None = answer.fault if isinstance(answer, Refusal) else None
        now = PadNow(line, shape, fault.code if fault is not None else "")
        self._session.set_live(parts=self._session.live.parts.having(now))
