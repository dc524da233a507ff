"""`idle-skip`: a skip that carries under a thousandth of the output on this image."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.review.finding import Finding, Untold
from analysis.review.live.skip_shares import finding
from analysis.review.rule import rule
from analysis.review.subject import Subject


@rule("idle-skip", needs="image")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """Each such long skip, by its exact share of the output."""
    yield from finding(subject, "idle-skip", lambda share: abs(share) < 0.001)
