"""A line that cannot be read or run: why, and where in it."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.faults import Fault
from analysis.tensor_pad.expression import Span


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is wrong with a line.

    `span` is the part of it that is meant. `said` are torch's own words, empty where the line
    never came to torch.
    """

    fault: Fault
    span: Span
    said: str = ""


class Refused(Exception):  # noqa: N818 - the line is refused, nothing of ours has failed
    """Raised with a `Refusal` while a line is read or run."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.fault.code)
        self.refusal = refusal


def refuse(span: Span, code: str, *numbers: int | float | str, said: str = "") -> Refused:
    """The exception that says so."""
    return Refused(Refusal(Fault(code, numbers), span, said))
