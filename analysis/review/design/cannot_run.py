"""`cannot-run`: a layer cannot take what it is given, so that an output is never computed."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.facts.repairs import Repair, repairs
from analysis.faults import FAULTS, Fault
from analysis.review.design.norm_of_one_value import is_of_one_value
from analysis.review.finding import Finding, Mend, Untold
from analysis.review.rule import rule
from analysis.review.subject import Subject


@rule("cannot-run")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """Each layer with a fault of its own on the way to an output.

    A fault beside that way, as of an operator that is not connected yet, stops nothing; that of a
    normalisation with one value is the rule `norm-of-one-value`'s.
    """
    facts, graph = subject.facts, subject.graph
    needed = frozenset().union(*(graph.ancestors(output.id) for output in graph.outputs))
    for layer in facts.problems:
        fault = facts.layers[layer].fault
        if fault is None or layer not in needed or is_of_one_value(graph[layer], fault):
            continue
        numbers = {"axes": len(subject.size) or 2, **_numbers(fault)}
        mend, inputs = mend_of(subject, layer), facts.layers[layer].inputs
        yield Finding("cannot-run", "error", (layer,), numbers, mend, fault, inputs)


def _numbers(fault: Fault) -> dict[str, int | float]:
    """Those of the fault's numbers that are single numbers, by their names."""
    named = zip(FAULTS.get(fault.code, ()), fault.numbers, strict=False)
    return {
        name.replace(" ", "_"): value
        for name, value in named
        if isinstance(value, int | float) and not isinstance(value, bool)
    }


def mend_of(subject: Subject, layer: str) -> Mend | None:
    """The least of the changes that take the fault of this layer away."""
    offered = repairs(subject.graph, subject.facts, layer)
    if not offered:
        return None
    first = offered[0]
    if first.code == "use-input-size":  # one below and one above are offered: the nearer
        sizes = [each for each in offered if each.code == first.code]
        first = min(sizes, key=lambda each: _further(subject, each))
    return Mend("repair", {}, repair=first, of=subject.graph)


def _further(subject: Subject, repair: Repair) -> int:
    return sum(abs(a - b) for a, b in zip(repair.numbers[0], subject.size, strict=False))
