"""`dead-channel`: channels that answer one constant value wherever the image is looked at."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.review.finding import Finding, Untold
from analysis.review.live.channels import finding
from analysis.review.rule import rule
from analysis.review.subject import Subject


@rule("dead-channel", needs="image")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """Of all layers behind an activation, one finding."""
    yield from finding(subject, "dead-channel", "dead", lambda each: each.constant)
