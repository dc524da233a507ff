"""`shift-sensitive`: an image moved by one pixel gives another output than the output moved.

Zhang, "Making convolutional networks shift-invariant again" (ICML 2019).
"""

from __future__ import annotations

from collections.abc import Iterator

from analysis.review.finding import Finding, Untold
from analysis.review.live.channels import trained
from analysis.review.live.not_measured import not_measured
from analysis.review.rule import rule
from analysis.review.subject import Subject

SHARE = 0.1


@rule("shift-sensitive", needs="image")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """Of outputs that are maps of the input's size, a tenth of their own size and more."""
    seen = trained(subject)
    if isinstance(seen, Untold):
        yield seen
    elif seen.moved is None:
        yield not_measured(subject, seen, "output-other-size")
    elif seen.moved >= SHARE:
        numbers = {"percent": float(f"{100 * seen.moved:.3g}")}
        yield Finding("shift-sensitive", "note", (subject.graph.output.id,), numbers)
