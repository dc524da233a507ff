"""The question for what the review's rules need of a run, and its answer."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.inference.protocol.question import Question, QuestionKind, Reply
from analysis.review.observed import OnImage, Signal


@dataclass(frozen=True, slots=True)
class ReviewRequest(Question):
    """What the slot's last run showed; with `signal` also a run forth and back with new weights."""

    signal: bool = False


@dataclass(frozen=True, slots=True)
class ReviewNumbers(Reply):
    """What was observed; `signal` is None where it was not asked for."""

    on_image: OnImage
    signal: Signal | None


KIND = QuestionKind(ReviewRequest, ReviewNumbers, "analysis.inference.observing.answer:observed")
