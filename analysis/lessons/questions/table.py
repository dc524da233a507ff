"""The table of questions by their kind."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.lessons.questions import arithmetic, network, tensors
from analysis.lessons.questions.contract import QuestionRow

QUESTIONS: Mapping[str, QuestionRow] = {
    row.kind: row for row in (*arithmetic.ROWS, *network.ROWS, *tensors.ROWS)
}
