"""`dominant-skip`: a skip that carries nearly all of the output on this image."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.review.finding import Finding, Untold
from analysis.review.live.skip_shares import finding
from analysis.review.observed import SkipPart
from analysis.review.rule import rule
from analysis.review.subject import Subject

REST = 0.05


@rule("dominant-skip", needs="image")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """Each long skip beside whose exact part of the output next to nothing is left."""
    yield from finding(subject, "dominant-skip", _carried)


def _carried(part: SkipPart) -> float | None:
    return part.share if part.rest < REST else None
