"""The question for what the review's rules need of a run, and its answer."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.inference.protocol.question import Question, QuestionKind, Reply
from analysis.review.observed import OnImage


@dataclass(frozen=True, slots=True)
class ReviewRequest(Question):
    """Asks what the slot's last run showed."""


@dataclass(frozen=True, slots=True)
class ReviewNumbers(Reply):
    """What was observed."""

    on_image: OnImage


KIND = QuestionKind(
    ReviewRequest,
    ReviewNumbers,
    "analysis.inference.observing.answer:observed",
    of_output=True,
)
