"""`dilation-gridding`: the output sees its field through a grid, for dilated kernels leave holes.

Wang, Chen, Yuan, Liu, Huang, Hou, Cottrell: "Understanding convolution for semantic
segmentation" (WACV 2018).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import prod

from analysis.graph import Graph
from analysis.operators import Convolution, MaxPool
from analysis.receptive_field import UnitSet, unit_field
from analysis.review.artefacts.hybrid_rates import hybrid_rates, width_of
from analysis.review.finding import Finding, Untold
from analysis.review.rule import rule
from analysis.review.subject import Subject


@rule("dilation-gridding")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """The middle unit's exact set against its box; against the same without dilation, too.

    Holes that are there without dilation as well come from something else.
    """
    output = subject.output_map()
    if isinstance(output, Untold):
        yield output
        return
    dilated = [
        node.id
        for node in subject.nodes
        if isinstance(node.operator, Convolution | MaxPool)
        and any(d > 1 and k > 1 for d, k in
                zip(node.operator.dilation, node.operator.kernel, strict=True))
        and node.id in subject.before_output
    ]  # fmt: skip
    if not dilated:
        return
    seen = _middle(subject, subject.graph, output)
    if seen is None:
        yield Untold("cannot-follow")
        return
    missing = _holes(seen)
    if missing <= 0:
        return
    tight = _middle(subject, _undilated(subject.graph, dilated), output)
    if tight is None or _holes(tight) > 0:
        return
    numbers = {"percent": round(100 * missing, 1), "layers": len(dilated)}

    def middle(graph: Graph) -> UnitSet | None:
        return _middle(subject, graph, output)

    mend = hybrid_rates(subject.graph, dilated, middle, width_of(seen))
    layers = (*dilated, subject.graph.output.id)
    yield Finding("dilation-gridding", "warning", layers, numbers, mend)


def _middle(subject: Subject, graph: Graph, output: tuple[int, ...]) -> UnitSet | None:
    unit = [length // 2 for length in output]
    found = unit_field(graph, subject.shapes, graph.output.id, unit)
    entry = subject.input
    return found.sets.get(entry.id) if entry is not None and found.exactness == "exact" else None


def _holes(seen: UnitSet) -> float:
    """The share of the box that is not seen."""
    if seen.box is None:
        return 0.0
    half = len(seen.box) // 2
    area = prod(high - low for low, high in zip(seen.box[:half], seen.box[half:], strict=True))
    return 1 - seen.pixels / area


def _undilated(graph: Graph, dilated: list[str]) -> Graph:
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
