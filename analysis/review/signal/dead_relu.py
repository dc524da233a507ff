"""`dead-relu`: channels behind a ReLU that are zero on every random input, with new weights."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.review.finding import Finding, Untold
from analysis.review.rule import rule
from analysis.review.subject import Subject


@rule("dead-relu", needs="signal")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """Of all ReLUs, one finding, with how many inputs were drawn."""
    if subject.signal is None:
        yield Untold("needs-signal")
        return
    layers = {name: each for name, each in subject.signal.dead_relus.items() if each.dead}
    if layers:
        numbers = {
            "dead": sum(each.dead for each in layers.values()),
            "channels": sum(each.channels for each in layers.values()),
            "draws": subject.signal.draws,
        }
        yield Finding("dead-relu", "note", tuple(layers), numbers)
