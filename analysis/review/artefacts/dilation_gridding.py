"""`dilation-gridding`: an output sees its field through a grid, for dilated kernels leave holes.

Wang, Chen, Yuan, Liu, Huang, Hou, Cottrell: "Understanding convolution for semantic
segmentation" (WACV 2018).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analysis.graph import Graph
from analysis.operators import Convolution, MaxPool
from analysis.review.artefacts.holes import (
    MOST_UNITS,
    Seen,
    most_holes,
    period,
    sees_every_phase,
)
from analysis.review.artefacts.hybrid_rates import hybrid_rates
from analysis.review.finding import Finding, Untold
from analysis.review.rule import rule
from analysis.review.subject import Subject


@rule("dilation-gridding")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """Each output that is a map: units of its phases, their exact sets against their boxes.

    Holes that are there without dilation as well come from something else. Outputs behind the same
    dilated layers have one finding, of the worst.
    """
    maps = [head.id for head in subject.graph.outputs if _is_map(subject, head.id)]
    if not maps:
        main = subject.output_map()
        yield main if isinstance(main, Untold) else Untold("no-output-map")
        return
    alike: dict[tuple[str, ...], list[str]] = {}
    for head in reversed(maps):
        dilated = _dilated_before(subject, head)
        if dilated and head not in subject.dense:
            alike.setdefault(dilated, []).append(head)
    for dilated, heads in alike.items():
        known: dict[str, Seen] = {}
        for head in heads:
            seen = most_holes(subject, subject.graph, head)
            if seen is not None:
                known[head] = seen
            else:
                yield Untold("cannot-follow", head if len(maps) > 1 else "")
            if not sees_every_phase(subject, head):
                yield Untold("some-phases", head)
        yield from _judged(subject, dilated, known)


def _is_map(subject: Subject, head: str) -> bool:
    shape = subject.shapes.get(head, ())
    return bool(subject.size) and len(shape) == len(subject.size) + 1


def _dilated_before(subject: Subject, head: str) -> tuple[str, ...]:
    before = subject.graph.ancestors(head)
    return tuple(
        node.id
        for node in subject.nodes
        if isinstance(node.operator, Convolution | MaxPool)
        and any(d > 1 and k > 1 for d, k in
                zip(node.operator.dilation, node.operator.kernel, strict=True))
        and node.id in before
    )  # fmt: skip


def _judged(
    subject: Subject, dilated: tuple[str, ...], known: dict[str, Seen]
) -> Iterator[Finding]:
    """The worst of these outputs, where dilation makes its holes; all lose theirs by the repair."""
    tight = _undilated(subject.graph, dilated)
    holed = []
    for head, seen in known.items():
        if seen.missing > 0:
            bare = most_holes(subject, tight, head)
            if bare is not None and bare.missing <= 0:
                holed.append(head)
    if not holed:
        return
    worst = max(holed, key=lambda head: known[head].missing)

    def after(graph: Graph) -> Seen | None:
        """What the worst output sees then; None unless all of them see their whole boxes."""
        found: dict[str, Seen] = {}
        for head in holed:
            seen = most_holes(subject, graph, head)
            if seen is None or seen.missing > 0:
                return None
            found[head] = seen
        return found[worst]

    numbers = {"percent": round(100 * known[worst].missing, 1), "layers": len(dilated)}
    if not sees_every_phase(subject, worst):
        numbers |= {"units": MOST_UNITS, "period": period(subject, worst)}
    if len(holed) > 1:
        numbers["outputs"] = len(holed)
    every = all(sees_every_phase(subject, head) for head in holed)
    mend = hybrid_rates(subject.graph, dilated, after, known[worst].seen) if every else None
    yield Finding("dilation-gridding", "warning", (*dilated, worst), numbers, mend)


def _undilated(graph: Graph, dilated: tuple[str, ...]) -> Graph:
    """The same with the taps of each dilated kernel side by side, about the same middle."""
    tight = {}
    for name in dilated:
        operator = graph[name].operator
        ones = (1,) * len(operator.dilation) if isinstance(operator, Convolution | MaxPool) else ()
        if isinstance(operator, Convolution):
            shrunk = [(d - 1) * (k - 1) // 2 for d, k in
                      zip(operator.dilation, operator.kernel, strict=True)]  # fmt: skip
            pairs = zip(operator.padding, shrunk, strict=True)
            padding = tuple((max(a - by, 0), max(b - by, 0)) for (a, b), by in pairs)
            tight[name] = replace(operator, dilation=ones, padding=padding)
        elif isinstance(operator, MaxPool):
            tight[name] = replace(operator, dilation=ones)  # type: ignore[assignment]
    return graph.with_operators(tight)
