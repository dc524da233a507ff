"""Makes another output of a graph its main one."""

from __future__ import annotations

from dataclasses import replace

from analysis.graph.graph import Graph
from analysis.operators import Output

MAIN = "output"
"""The id of the main output, where nobody has renamed it."""


def with_main_output(graph: Graph, node_id: str) -> tuple[Graph, dict[str, str]]:
    """The graph with this output as the main one, last, and the new id of each renamed node.

    It takes the id `output` over; the one before is called what the model calls it.
    """
    before = graph.output
    if graph[node_id] not in graph.outputs or before.id == node_id:
        return graph, {}
    renamed: dict[str, str] = {}
    if before.id == MAIN:
        name = before.operator.name if isinstance(before.operator, Output) else ""
        stem = name if name and not name[0].isdecimal() else f"{MAIN}_{name}".rstrip("_")
        renamed = {node_id: MAIN, before.id: graph.unused_id(stem)}
    nodes = [replace(node, id=renamed.get(node.id, node.id)) for node in graph.nodes]
    main = renamed.get(node_id, node_id)
    nodes.sort(key=lambda node: node.id == main)
    return Graph.of(nodes), renamed
