"""The kinds of questions that the engine answers about a run: one row each.

A new kind is a file beside this one and a row here. The engine's inbox, its answering, and the
window's side of the pipe read the rows.
"""

from __future__ import annotations

from analysis.inference.protocol import effective_field, layer_numbers, measures
from analysis.inference.protocol.question import Question, QuestionKind, Reply

QUESTIONS: tuple[QuestionKind, ...] = (layer_numbers.KIND, effective_field.KIND, measures.KIND)
"""What is wanted sooner stands before what can wait."""


def kind_of(message: Question | Reply) -> QuestionKind:
    """The row of a question or of a reply. Raises LookupError for a class that has none."""
    for kind in QUESTIONS:
        if isinstance(message, kind.question | kind.reply):
            return kind
    raise LookupError(type(message).__name__)


def urgency(question: Question) -> int:
    """Place of the question's kind in the order in which waiting ones are answered."""
    return QUESTIONS.index(kind_of(question))
