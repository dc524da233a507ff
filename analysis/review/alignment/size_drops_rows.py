"""`size-drops-rows`: at this input size a pooling or a stride leaves the last rows unread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product

from analysis.facts.input_size import multiple_of, takes_other_sizes
from analysis.facts.shapes import infer
from analysis.graph import Graph, Node
from analysis.operators import Input
from analysis.operators.contract import Shape
from analysis.review.finding import Finding, Mend, Untold
from analysis.review.rule import rule
from analysis.review.subject import Subject
from analysis.review.windows import slides

MOST_TRIED = 24
"""Sizes that are tried: of a large network each takes milliseconds."""


@rule("size-drops-rows")
def find(subject: Subject) -> Iterator[Finding | Untold]:
    """All layers that drop rows at the network's own size, and the nearest size without."""
    if not subject.size:
        yield Untold("no-input-map")
        return
    dropping = {node.id: rows for node in subject.nodes if (rows := dropped(node, subject.shapes))}
    if not dropping:
        return
    size, most = _size_without(subject), max(dropping.values(), key=max)
    axis = most.index(max(most)) if len(most) == len(subject.size) else 0
    numbers: dict[str, int | float] = {"rows": max(most), "size": subject.size[axis]}
    mend = None
    if size is not None:
        numbers |= {"works": size[axis]}
        entry = subject.input
        if entry is not None and isinstance(entry.operator, Input):
            sides = {f"side{axis + 1}": length for axis, length in enumerate(size)}
            mend = Mend("use-size", sides, {entry.id: replace(entry.operator, size=size)})
    yield Finding("size-drops-rows", "warning", tuple(dropping), numbers, mend)


def dropped(node: Node, shapes: Mapping[str, Shape]) -> tuple[int, ...]:
    """Rows at the end that no window reaches, axis by axis; () where all are reached.

    Of windows as wide as their stride at least: narrower ones leave rows out everywhere.
    """
    slid = slides(node.operator)
    if not slid:
        return ()
    rows = zip(slid, shapes[node.inputs[0]][1:], shapes[node.id][1:], strict=False)
    left = tuple(
        each.left_over(size, length) if each.stride > 1 and each.extent >= each.stride else 0
        for each, size, length in rows
    )
    return left if any(left) else ()


def _size_without(subject: Subject) -> Shape | None:
    """The nearest input size at which every layer has a shape and drops nothing."""
    graph, entry = subject.graph, subject.input
    if entry is None or not takes_other_sizes(graph):
        return None
    multiple = multiple_of(subject.facts)
    offers = [_near(length, multiple) for length in subject.size]
    sizes = sorted(
        {*product(*(offer[:4] for offer in offers)), *zip(*offers, strict=False)},
        key=lambda size: sum(abs(a - b) for a, b in zip(size, subject.size, strict=True)),
    )
    # Of a network that cannot run at this size the multiple is that of its first layers alone.
    powers = [(multiple << more,) * len(subject.size) for more in range(1, 6)]
    offered: list[Shape] = [*sizes[:MOST_TRIED], *(powers if subject.facts.stopped_by else ())]
    for size in offered:
        assert isinstance(entry.operator, Input)
        if _fits(graph.with_operator(entry.id, replace(entry.operator, size=size))):
            return size
    return None


def _near(length: int, multiple: int) -> list[int]:
    """Multiples on both sides of `length`, and lengths near it, nearest first."""
    down = length // multiple * multiple
    near = [down, down + multiple, down - multiple, down + 2 * multiple]
    near += [length + way * more for more in range(1, 9) for way in (1, -1)]
    return [each for each in dict.fromkeys(near) if each > 0]


def _fits(graph: Graph) -> bool:
    found = infer(graph)
    shapes = {name: each.shape for name, each in found.items() if each.shape is not None}
    return len(shapes) == len(graph) and not any(dropped(node, shapes) for node in graph.nodes)
