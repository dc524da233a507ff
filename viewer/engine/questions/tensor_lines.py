"""Asks the engine what lines of the tensor pad come to."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.question import Reply
from analysis.inference.protocol.tensor_line import TensorLine, TensorLineRequest
from analysis.tensor_pad.parsing import parse
from analysis.tensor_pad.refusal import Refusal
from viewer.engine.process import EngineProcess
from viewer.override_guard import Guarded


class TensorLines(Guarded, QObject):
    """The lines of one window, of which the newest alone is answered.

    answered(text, TensorResult | PlainResult | Refusal | EngineFailure). A line that cannot be
    read is refused at once and never sent.
    """

    answered = Signal(str, object)

    def __init__(self, process: EngineProcess, slot: str, parent: QObject) -> None:
        super().__init__(parent)
        self._process = process
        self._slot = slot
        self._asked: TensorLineRequest | None = None
        self._count = 0
        process.replied.connect(self._replied)
        process.failed.connect(self._failed)

    @property
    def waits(self) -> bool:
        """Whether an answer is still to come."""
        return self._asked is not None

    def ask(self, text: str, seed: int) -> None:
        """Have a line run with random numbers from this seed; an earlier one is forgotten."""
        read = parse(text)
        if isinstance(read, Refusal):
            self._asked = None
            self.answered.emit(text, read)
            return
        self._count += 1
        self._asked = TensorLineRequest(self._count, self._slot, "", text, seed)
        self._process.submit(self._asked)

    def end(self) -> None:
        """The window closes."""
        self._process.replied.disconnect(self._replied)
        self._process.failed.disconnect(self._failed)
        self._process.forget(self._slot)

    def _replied(self, reply: Reply) -> None:
        asked = self._asked
        if isinstance(reply, TensorLine) and asked is not None and reply.answers(asked):
            self._asked = None
            self.answered.emit(asked.text, reply.result)

    def _failed(self, failure: EngineFailure) -> None:
        asked = self._asked
        if (
            asked is not None
            and failure.asked in (None, asked)
            and failure.slot
            in (
                None,
                self._slot,
            )
        ):
            self._asked = None
            self.answered.emit(asked.text, failure)
