"""`duplicate-channel`: channels that are another one's copy but for scale and offset."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.review.finding import Finding, Untold
from analysis.review.live.channels import finding
from analysis.review.rule import rule
from analysis.review.subject import Subject


@rule("duplicate-channel", needs="image")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """Of all layers behind an activation, one finding; constant channels are another rule's."""
    yield from finding(subject, "duplicate-channel", "duplicates", lambda each: each.copies)
