"""`saturated-output`: nearly all of the output lies at the ends of its activation's range."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.review.finding import Finding, Untold
from analysis.review.live.channels import trained
from analysis.review.rule import rule
from analysis.review.subject import Subject

SHARE = 0.99


@rule("saturated-output", needs="image")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """Of outputs behind a sigmoid, a hyperbolic tangent or a softmax."""
    seen = trained(subject)
    if isinstance(seen, Untold):
        yield seen
    elif seen.saturated is None:
        yield Untold("no-activation")
    elif seen.saturated[1] >= SHARE:
        layer, share = seen.saturated
        numbers = {"percent": float(f"{100 * share:.3g}")}
        yield Finding("saturated-output", "note", (layer,), numbers)
