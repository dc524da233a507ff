"""The kinds of questions that the engine answers beside its runs: one row each.

A new kind is a file beside this one and a row here. The engine's inbox, its answering, and the
window's side of the pipe read the rows.
"""

from __future__ import annotations

from analysis.inference.protocol import (
    effective_field,
    equivariance,
    full_size,
    layer_channels,
    layer_numbers,
    measures,
    output_difference,
    review,
    signal,
    tensor_line,
    ungated,
)
from analysis.inference.protocol.question import Question, QuestionKind, Reply

QUESTIONS: tuple[QuestionKind, ...] = (
    tensor_line.KIND,
    layer_numbers.KIND,
    effective_field.KIND,
    layer_channels.KIND,
    output_difference.KIND,
    measures.KIND,
    review.KIND,
    signal.KIND,
    ungated.KIND,
    equivariance.KIND,
    full_size.KIND,
)
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
