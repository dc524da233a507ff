"""`vanishing-signal`: with new weights the last layer's answer is a thousand times smaller."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.review.finding import Finding, Untold
from analysis.review.rule import rule
from analysis.review.signal.steepness import ACTIVATIONS, finding, over
from analysis.review.subject import Subject


@rule("vanishing-signal", needs="signal")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """The answer of the first layer with weights against that of the last."""
    yield from finding(subject, "vanishing-signal", over, ACTIVATIONS)
