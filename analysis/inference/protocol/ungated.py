"""The question what the output is worth with every gate at 1, and its answer."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.inference.protocol.question import Question, QuestionKind, Reply
from analysis.inference.protocol.target import TargetScores


@dataclass(frozen=True, slots=True)
class UngatedRequest(Question):
    """Asks it of the picture of the slot's last run, whose gates may be at anything."""


@dataclass(frozen=True, slots=True)
class Ungated(Reply):
    """The worth of the output as a frame says it, of a run with all gates at 1."""

    psnr_out: float | None
    target: TargetScores | None


KIND = QuestionKind(
    UngatedRequest,
    Ungated,
    "analysis.inference.answers.ungated:ungated",
    gives_way_to="any run",
    of_output=True,
)
