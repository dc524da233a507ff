"""`dominant-skip`: a skip that carries nearly all of the output on this image."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.review.finding import Finding, Untold
from analysis.review.live.skip_shares import finding
from analysis.review.rule import rule
from analysis.review.subject import Subject


@rule("dominant-skip", needs="image")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """Each such long skip, by its exact share; past 105 % the rest takes off what it brings."""
    yield from finding(subject, "dominant-skip", lambda share: 0.95 < share < 1.05)
