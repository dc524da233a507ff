"""The question how far the output of one run is from that of another slot's run, and its reply."""

from __future__ import annotations

from dataclasses import dataclass, field

from analysis.inference.colors.ramps import Ramp, grey_ramp
from analysis.inference.protocol.question import QuestionAboutTwo, QuestionKind, Reply
from analysis.inference.protocol.runs import Picture


@dataclass(frozen=True, slots=True)
class OutputDifferenceRequest(QuestionAboutTwo):
    """Asks how the output of the slot's last run differs from that of the slot `beside`."""

    ramp: Ramp = field(default_factory=grey_ramp, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class OutputDifference(Reply):
    """How far two outputs of one shape are apart.

    `largest` is the largest absolute difference, `rms` the root mean square one, `rms_beside` that
    of the other output itself, to hold it against. `picture` is the largest difference over the
    channels, from 0 to `largest` along the ramp; None where an output is no map.
    """

    beside: str
    largest: float
    rms: float
    rms_beside: float
    picture: Picture | None = field(compare=False, repr=False)

    def answers(self, question: OutputDifferenceRequest) -> bool:
        """Whether it replies to this very question, and not to one about another slot."""
        names = ("revision", "slot", "beside")
        return all(getattr(self, name) == getattr(question, name) for name in names)


KIND = QuestionKind(
    OutputDifferenceRequest,
    OutputDifference,
    "analysis.inference.answers.output_difference:output_difference",
    of_output=True,
)
