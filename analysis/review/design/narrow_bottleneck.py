"""`narrow-bottleneck`: all that reaches the output passes a map with far fewer numbers than it."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from analysis.facts.code_layer import doors
from analysis.review.design.wider_doors import wider_doors
from analysis.review.finding import Finding, Untold
from analysis.review.rule import rule
from analysis.review.subject import Subject


@rule("narrow-bottleneck")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """The narrowest layer that every way to an output of the input's size passes.

    Remarked where it holds fewer numbers than both the input and the output: no detail finer
    than that can come through. A skip is a way past it, so U-Nets have none.
    """
    output = subject.output_map()
    if isinstance(output, Untold):
        yield output
        return
    entry = subject.input
    if entry is None or output != subject.size:
        return
    given, wanted = prod(subject.shapes[entry.id]), prod(subject.output_shape or (0,))
    passed = doors(subject.graph, subject.shapes, entry.id)
    narrow = min(passed, key=lambda name: prod(subject.shapes[name]), default=None)
    if narrow is None:
        return
    values = prod(subject.shapes[narrow])
    if values < min(given, wanted):
        numbers = {"values": values, "input": given, "ratio": round(min(given, wanted) / values, 2)}
        if wanted < given:
            numbers["output"] = wanted
        mend = wider_doors(subject, entry.id, min(given, wanted))
        yield Finding("narrow-bottleneck", "note", (narrow,), numbers, mend)
