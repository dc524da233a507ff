"""`exploding-signal`: with new weights the last layer's answer is a thousand times larger."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.review.finding import Finding, Untold
from analysis.review.rule import rule
from analysis.review.signal.steepness import ACTIVATIONS, finding, over
from analysis.review.subject import Subject


@rule("exploding-signal", needs="signal")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """The answer of the last layer with weights against that of the first."""
    yield from finding(
        subject, "exploding-signal", lambda first, last: over(last, first), ACTIVATIONS
    )
