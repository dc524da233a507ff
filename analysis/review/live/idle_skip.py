"""`idle-skip`: a skip that carries under a thousandth of the output on this image."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.review.finding import Finding, Untold
from analysis.review.live.skip_shares import finding
from analysis.review.observed import SkipPart
from analysis.review.rule import rule
from analysis.review.subject import Subject

LEAST = 0.001


@rule("idle-skip", needs="image")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """Each long skip whose exact part of the output is so small, whatever its direction."""
    yield from finding(subject, "idle-skip", _carried)


def _carried(part: SkipPart) -> float | None:
    return part.size if part.size < LEAST else None
