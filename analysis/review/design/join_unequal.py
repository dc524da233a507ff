"""`join-unequal`: a skip and what it joins are of very different widths."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.operators import Input
from analysis.review.finding import Finding, Untold
from analysis.review.rule import rule
from analysis.review.subject import Subject

TIMES = 8
"""How many times as many channels one side has. DeepLabv3+ narrows its skip on purpose, to a fifth
(Chen, Zhu, Papandreou, Schroff, Adam 2018, table 1); U-Nets join alike, or one to two."""


@rule("join-unequal")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """Each long skip that is concatenated, against the widest of what it meets.

    Not where it brings the picture itself.
    """
    if not any(skip.kind == "long" for skip in subject.facts.skips):
        yield subject.without_skips()
        return
    for skip in subject.facts.skips:
        join = subject.graph[skip.join]
        if skip.kind != "long" or skip.how != "concat":
            continue
        if any(name not in subject.shapes for name in (join.id, *join.inputs)) or isinstance(
            subject.graph[skip.source].operator, Input
        ):
            continue
        widths = [subject.shapes[source][0] for source in join.inputs]
        own, total = widths.pop(skip.port), sum(subject.shapes[source][0] for source in join.inputs)
        wide = max(widths, default=own)
        if own >= TIMES * sum(widths):
            narrow, wide = sum(widths), own
        else:
            narrow = own
        if narrow and wide >= TIMES * narrow:
            percent = float(f"{100 * narrow / total:.3g}")
            numbers = {"narrow": narrow, "wide": wide, "percent": percent}
            yield Finding("join-unequal", "note", (join.id, skip.source), numbers)
