"""Tells whether statistics or gates, which a field that is not strict ignores, lie on its way."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.graph import Graph
from analysis.operators.contract import Shape


def ignores_some(graph: Graph, shapes: Mapping[str, Shape], layer: str) -> bool:
    """Whether a statistic or a gate on the way to this layer may read the whole map."""
    on_the_way = (graph[name] for name in graph.ancestors(layer))
    return any(
        node.operator.global_statistics
        or (
            all(each in shapes for each in node.inputs)
            and node.operator.gates(tuple(shapes[each] for each in node.inputs))
        )
        for node in on_the_way
        if node.inputs
    )
