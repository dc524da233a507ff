"""Measures what a repair makes of the network before it is made.

The very number that a finding remarks, and what the review would remark that it does not now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Literal

from analysis.facts import analyse
from analysis.facts.code_layer import doors
from analysis.review.alignment.output_place import OutputPlace, output_place
from analysis.review.finding import SEVERITIES, Finding, Mend, Untold
from analysis.review.grid import farthest, port_lattices
from analysis.review.outcome import review
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


@dataclass(frozen=True, slots=True)
class Repaired:
    """What a repair makes of its finding's numbers, and the findings that come with it."""

    changed: tuple[Changed, ...] = ()
    brought: tuple[Finding, ...] = ()


class Repairs:
    """Tries the repairs of one review, each once however many findings it mends."""

    def __init__(
        self,
        before: Subject,
        findings: Sequence[Finding],
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self._before, self._findings, self._stopped = before, findings, stopped
        self._made: list[tuple[Mend, Subject | None, tuple[Finding, ...]]] = []

    def of(self, finding: Finding) -> Repaired:
        """Nothing where the repair cannot be made, or what it gives cannot run."""
        if finding.mend is None:
            return Repaired()
        known = [(after, new) for mend, after, new in self._made if mend == finding.mend]
        after, brought = known[0] if known else self._made_anew(finding.mend)
        if after is None:
            return Repaired()
        return Repaired(changed_numbers(self._before, finding, after), brought)

    def _made_anew(self, mend: Mend) -> tuple[Subject | None, tuple[Finding, ...]]:
        after = repaired(self._before, mend)
        brought = brought_by(self._findings, after, self._stopped) if after is not None else ()
        self._made.append((mend, after, brought))
        return after, brought


def repaired(before: Subject, mend: Mend) -> Subject | None:
    """The network with the repair; None where it cannot be made or run, or is very large."""
    graph = mend.applied(before.graph)
    if graph is None or len(graph) > MOST_OPERATORS:
        return None
    after = Subject(analyse(graph), before.object_size, given_spacing=before.given_spacing)
    return None if after.facts.stopped_by else after


def brought_by(
    findings: Iterable[Finding], after: Subject, stopped: Callable[[], bool] = lambda: False
) -> tuple[Finding, ...]:
    """What is remarked of the build after a repair, and was not before, or more mildly."""
    known: dict[str, list[Finding]] = {}
    for each in findings:
        known.setdefault(each.code, []).append(each)
    new = review(after, stopped).findings
    return tuple(each for each in new if not _is_known(each, known.get(each.code, ())))


def _is_known(finding: Finding, before: Iterable[Finding]) -> bool:
    """Whether one of these is of some of its layers, and no milder."""
    rank = SEVERITIES.index
    return any(
        {*each.layers} & {*finding.layers} and rank(each.severity) >= rank(finding.severity)
        for each in before
    )


def changed_numbers(before: Subject, finding: Finding, after: Subject) -> tuple[Changed, ...]:
    """The number that the finding remarks, and the output's field where that is another then."""
    remarked = _MEASURES.get(finding.code)
    found = remarked(after, finding) if remarked is not None else None
    return tuple(each for each in (found, _field(before, after)) if each is not None)


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
