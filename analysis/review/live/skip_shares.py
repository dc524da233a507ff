"""Finds the long skips whose part of the output lies in a range."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from analysis.review.finding import Finding, Untold
from analysis.review.live.channels import trained
from analysis.review.observed import SkipPart
from analysis.review.subject import Subject


def finding(
    subject: Subject, code: str, carried: Callable[[SkipPart], float | None]
) -> Iterator[Finding | Untold]:
    """A finding of `code` for each skip that has `carried` a number, where the split is exact.

    With a closing activation behind it, what was split is what that is given.
    """
    seen = trained(subject)
    if isinstance(seen, Untold):
        yield seen
    elif not any(skip.kind == "long" for skip in subject.facts.skips):
        yield subject.without_skips()
    elif seen.skips is None:
        yield Untold("flat-output" if seen.flat else "not-split")
    else:
        for name, part in seen.skips.items():
            skip, share = subject.facts.skip(name), carried(part)
            if skip is not None and share is not None:
                numbers = {"percent": float(f"{100 * share:.3g}")}
                layers = (skip.join, skip.source, *filter(None, (seen.closing,)))
                yield Finding(code, "note", layers, numbers)
