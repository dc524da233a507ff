"""The question what a line of the tensor pad comes to, and its answer."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.inference.protocol.question import FreeQuestion, QuestionKind, Reply
from analysis.tensor_pad.refusal import Refusal
from analysis.tensor_pad.result import PlainResult, TensorResult


@dataclass(frozen=True, slots=True)
class TensorLineRequest(FreeQuestion):
    """Asks it of this text, with random numbers from this seed."""

    text: str
    seed: int


@dataclass(frozen=True, slots=True)
class TensorLine(Reply):
    """What the line comes to, or why it is refused."""

    result: TensorResult | PlainResult | Refusal


KIND = QuestionKind(
    TensorLineRequest, TensorLine, "analysis.inference.answers.tensor_line:tensor_line"
)
