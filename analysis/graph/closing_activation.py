"""Finds the smooth activation that a network ends in: a sigmoid, softmax and the like."""

from __future__ import annotations

from analysis.graph.graph import Graph


def before_closing_activation(graph: Graph) -> str:
    """The output, or what feeds it when it is only a sigmoid, softmax and the like of that."""
    return _closing(graph)[0]


def closing_activation(graph: Graph) -> str:
    """The key of the operator that is applied to `before_closing_activation`; empty of none."""
    return _closing(graph)[1]


def _closing(graph: Graph) -> tuple[str, str]:
    if not graph.nodes:
        return "", ""
    node, key = graph.output, ""
    while len(node.inputs) == 1:
        if node.operator.linearity == "smooth":
            key = node.operator.key
        elif key or node.operator.key not in ("output", "identity", "dropout"):
            break
        node = graph[node.inputs[0]]
    return (node.id, key) if key else (graph.output.id, "")
