"""Finds the long skips whose part of the output lies in a range."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from analysis.review.finding import Finding, Untold
from analysis.review.live.channels import trained
from analysis.review.subject import Subject


def finding(
    subject: Subject, code: str, wanted: Callable[[float], bool]
) -> Iterator[Finding | Untold]:
    """A finding of `code` for each skip whose share is `wanted`, where the split is exact."""
    seen = trained(subject)
    if isinstance(seen, Untold):
        yield seen
    elif not any(skip.kind == "long" for skip in subject.facts.skips):
        yield subject.without_skips()
    elif seen.shares is None:
        yield Untold("not-split")
    else:
        for name, share in seen.shares.items():
            skip = subject.facts.skip(name)
            if skip is not None and wanted(share):
                numbers = {"percent": float(f"{100 * abs(share):.3g}")}
                yield Finding(code, "note", (skip.join, skip.source), numbers)
