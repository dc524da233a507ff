"""Finds nodes where following pixels without their channels overstates a receptive field."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.graph import Graph, Node
from analysis.operators.contract import Shape


def selects_unlike(graph: Graph, shapes: Mapping[str, Shape]) -> frozenset[str]:
    """Ids of the nodes that read some of their input's channels, where these see unlike sets.

    Channels become unlike where pixels are dealt out to them or inputs are stacked, and alike
    again behind an operator that reads them all. What a selecting node sees is then only bounded
    by what the pixel sees with all its channels. Nodes without a shape are left out. The last
    answer is kept: a pointer asks of one graph many times a second.
    """
    global _last  # noqa: PLW0603 - one answer, replaced whole
    known = _last
    if known is None or known[0] is not graph or known[1] is not shapes:
        known = _last = (graph, shapes, _selects_unlike(graph, shapes))
    return known[2]


_last: tuple[Graph, Mapping[str, Shape], frozenset[str]] | None = None


def _selects_unlike(graph: Graph, shapes: Mapping[str, Shape]) -> frozenset[str]:
    unlike: set[str] = set()
    selecting: set[str] = set()
    for node in graph.nodes:
        if node.id not in shapes or any(source not in shapes for source in node.inputs):
            continue
        mixed = any(source in unlike for source in node.inputs)
        if mixed and node.operator.channel_use == "selected":
            selecting.add(node.id)
        if shapes[node.id][0] > 1 and _unlike(node, mixed):
            unlike.add(node.id)
    return frozenset(selecting)


def _unlike(node: Node, before: bool) -> bool:
    match node.operator.channel_use:
        case "mixed":
            return False
        case "dealt":
            return True
        case "stacked":
            return before or len(set(node.inputs)) > 1
    return before
