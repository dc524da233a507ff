"""Measures what a repair makes of the very number that a finding remarks, before it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod
from typing import Literal

from analysis.facts import Facts, analyse
from analysis.facts.code_layer import doors
from analysis.review.alignment.output_place import OutputPlace, output_place
from analysis.review.finding import Finding, Untold
from analysis.review.grid import farthest, port_lattices
from analysis.review.subject import Subject

What = Literal["apart", "off", "contrast", "unread", "unseen", "rows", "passed", "pairs", "field"]
MOST_OPERATORS = 2000
"""Of larger networks nothing is measured: each repair takes an analysis of its own."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One number: what it is of, as it is now, and after the repair."""

    what: What
    now: float
    after: float


def changed_numbers(facts: Facts, finding: Finding) -> tuple[Changed, ...]:
    """The number that the finding remarks, and the output's field where that is another then.

    Nothing where the repair cannot be made, or what it gives cannot run.
    """
    graph = finding.mend.applied(facts.graph) if finding.mend is not None else None
    if graph is None or len(graph) > MOST_OPERATORS:
        return ()
    after = Subject(analyse(graph))
    if after.facts.stopped_by:
        return ()
    remarked = _MEASURES.get(finding.code)
    found = remarked(after, finding) if remarked is not None else None
    return tuple(each for each in (found, _field(Subject(facts), after)) if each is not None)


def _field(before: Subject, after: Subject) -> Changed | None:
    sides = []
    for subject in (before, after):
        field = subject.facts.fields.get(subject.graph.output.id)
        if field is None or field.exactness != "exact" or not field.extent_max:
            return None
        sides.append(max(field.extent_max))
    return Changed("field", *sides) if sides[0] != sides[1] else None


def _apart(after: Subject, finding: Finding) -> Changed | None:
    """The largest distance of two maps of the join, in the middle or, of a note, at the border."""
    join = finding.layers[0]
    if join not in after.graph:
        return None
    which = 0 if finding.severity == "warning" else 1
    ports = port_lattices(after.graph[join], after.facts, after.lattices)
    known = [seen for _, seen in ports if seen is not None]
    if len(known) < 2:
        return None
    name = ("pixels", "at_border")[which]
    distance = farthest(known, after.shapes[join][1:])[which]
    return Changed("apart", finding.numbers[name], distance)


def _off(after: Subject, finding: Finding) -> Changed | None:
    place = output_place(after)
    if not isinstance(place, OutputPlace):
        return None
    if finding.severity == "warning":
        return Changed("off", abs(finding.numbers["pixels"]), abs(place.mean))
    return Changed("off", abs(finding.numbers["at_border"]), abs(place.most))


def _passed(after: Subject, finding: Finding) -> Changed | None:
    if after.input is None:
        return None
    passed = doors(after.graph, after.shapes, after.input.id)
    least = min((prod(after.shapes[name]) for name in passed), default=None)
    return Changed("passed", finding.numbers["values"], least) if least is not None else None


def _again(what: What, name: str) -> Callable[[Subject, Finding], Changed | None]:
    """The finding's number as the rule has it then of these layers; 0 where it says nothing."""

    def measured(after: Subject, finding: Finding) -> Changed | None:
        from analysis.review.rules import RULES  # which import this not

        if name not in finding.numbers:
            return None
        left = 0.0
        for each in RULES[finding.code].find(after):
            if isinstance(each, Untold):
                return None
            if {*each.layers} & {*finding.layers}:
                left = max(left, each.numbers.get(name, 0.0))
        return Changed(what, finding.numbers[name], left)

    return measured


_MEASURES: Mapping[str, Callable[[Subject, Finding], Changed | None]] = {
    "join-misaligned": _apart,
    "centre-off": _off,
    "padding-asymmetric": _again("off", "pixels"),
    "size-drops-rows": _again("rows", "rows"),
    "uneven-overlap": _again("contrast", "contrast_percent"),
    "nearest-then-stride": _again("contrast", "contrast_percent"),
    "pixels-never-read": _again("unread", "percent"),
    "dilation-gridding": _again("unseen", "percent"),
    "narrow-bottleneck": _passed,
    "linear-pair": _again("pairs", "pairs"),
}
