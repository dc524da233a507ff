"""`exploding-gradient`: with new weights the first layers' gradient is a thousand times larger."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.review.finding import Finding, Untold
from analysis.review.rule import rule
from analysis.review.signal.steepness import GRADIENTS, finding, over
from analysis.review.subject import Subject


@rule("exploding-gradient", needs="signal")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """The gradient at the first layer with weights against that at the last."""
    yield from finding(subject, "exploding-gradient", over, GRADIENTS)
