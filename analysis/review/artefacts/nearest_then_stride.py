"""`nearest-then-stride`: a stride reads the copies of a nearest up-sampling unevenly, or only them.

Pixels are counted before the copying, away from the border: how many taps of the layer behind
read each. A constant gradient of that layer comes back with just these counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from analysis.operators import MaxPool
from analysis.review.artefacts.without_copies import without_copies
from analysis.review.copies import copies_read, factors, strided_reader
from analysis.review.finding import Finding, Untold
from analysis.review.rule import rule
from analysis.review.subject import Subject
from analysis.review.windows import slides


@rule("nearest-then-stride")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """Each up-sampling by copies whose one reader, behind activations, has a stride.

    Uneven: the contrast (most − least) / (most + least) of the counts. Else each window of
    several taps within the copies of one pixel: its kernel is none. A maximum weighs no copies,
    so of max pooling the latter alone is said.
    """
    for node in subject.nodes:
        reader = strided_reader(subject, node)
        if reader is None:
            continue
        axes = copies_read(subject, node, reader)
        if not axes:
            continue
        least = prod(min(axis.counts) for axis in axes)
        most = prod(max(axis.counts) for axis in axes)
        windows = slides(reader.operator)
        numbers = {
            "factor": max(factors(subject, node)),
            "stride": max(each.stride for each in windows),
            "kernel": max(each.kernel for each in windows),
        }
        if least < most and not isinstance(reader.operator, MaxPool):
            contrast = round(100 * (most - least) / (most + least), 1)
            numbers |= {"least": least, "most": most}
            said = {**numbers, "contrast_percent": contrast}
            mend = without_copies(subject, node, reader)
            yield Finding("nearest-then-stride", "warning", (node.id, reader.id), said, mend)
        elif all(axis.pixels == 1 for axis in axes) and prod(w.kernel for w in windows) > 1:
            said = {**numbers, "taps": prod(window.kernel for window in windows)}
            mend = without_copies(subject, node, reader)
            yield Finding("nearest-then-stride", "warning", (node.id, reader.id), said, mend)
