"""The words about an answer: the steps to it, its shape and memory, or why there is none."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from analysis.tensor_pad.refusal import Refusal
from analysis.tensor_pad.result import PlainResult, Step, TensorResult
from viewer.controls import ErrorStrip, labelled
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.text.escaping import sentence_text
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import language, tr
from viewer.workspaces.learn.tensor_pad.model import PadModel
from viewer.workspaces.learn.tensor_pad.shape_words import memory_words, shape_text, shape_words

MOST_STEPS = 6
"""Steps that are written; of more the last ones."""


class AnswerText(Guarded, QWidget):
    """Shape in large letters, what it can be read as, the memory, and the steps before it."""

    def __init__(self, model: PadModel, session: Session) -> None:
        super().__init__()
        self._model, self._session = model, session
        self.shape = labelled("heading")
        self.read = labelled("plain")
        self.memory = labelled("small")
        self.steps = labelled("caption")
        self.torch = labelled("code")
        self.refused = ErrorStrip()
        wrapped = (self.read, self.memory, self.steps, self.torch)
        for label in (self.shape, *wrapped):
            label.setWordWrap(label in wrapped)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        first = QHBoxLayout()
        first.setSpacing(12)
        first.addWidget(self.shape)
        first.addWidget(self.read, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.refused)
        column.addLayout(first)
        for label in (self.memory, self.steps, self.torch):
            column.addWidget(label)
        model.answered.connect(self.write)
        session.liveChanged.connect(self._live_changed)
        language.changed.connect(self.write)
        self.write()

    def _live_changed(self, before: object, after: object) -> None:
        if self._model.waits and getattr(before, "engine", "") != getattr(after, "engine", ""):
            self.write()

    def write(self) -> None:
        """Say what the line came to."""
        answer, tensor = self._model.answer, self._model.tensor
        refusal = answer if isinstance(answer, Refusal) else None
        self.refused.show_error(fault_sentence(refusal.fault) if refusal is not None else "")
        _put(self.torch, sentence_text(refusal.said) if refusal is not None else "")
        if tensor is not None:
            _put(self.shape, shape_text(tensor.shape))
            _put(self.read, shape_words(tensor.shape))
            _put(self.memory, " · ".join((memory_words(tensor), *self._remarks(tensor))))
        else:
            _put(self.shape, answer.text if isinstance(answer, PlainResult) else "")
            _put(self.read, "" if answer is not None else self._waiting())
            _put(self.memory, "")
        made = answer.steps if answer is not None and not isinstance(answer, Refusal) else ()
        _put(self.steps, self._chain(made) if len(made) > 1 else "")

    def _waiting(self) -> str:
        if not self._model.view.line:
            return tr("Write a line, or choose one under Examples.")
        if self._session.live.engine in ("absent", "loading"):
            return tr("Waiting for PyTorch to load.")
        return tr("Running…") if self._model.waits else ""

    def _chain(self, steps: tuple[Step, ...]) -> str:
        """Each part of the line with the shape that it makes."""
        line = self._model.view.line
        shown = steps[-MOST_STEPS:]
        said = [f"{line[slice(*step.span)]} → {shape_text(step.shape)}" for step in shown]
        return ("…   " if len(shown) < len(steps) else "") + "   ".join(said)

    def _remarks(self, tensor: TensorResult) -> list[str]:
        remarks = []
        if tensor.half:
            remarks.append(tr("torch answers values and indices; these are the values"))
        if tensor.is_random:
            seed = self._model.view.seed
            remarks.append(tr("random numbers of torch.manual_seed({seed})", seed=seed))
        return remarks


def _put(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))
