"""Tests whether a blueprint still describes a graph that was edited by hand."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.blueprints import Value
from analysis.graph import Graph
from analysis.operators import Input
from analysis.storage.document import Document


def still_described(document: Document, graph: Graph) -> tuple[str, Mapping[str, Value]] | None:
    """The blueprint goes on describing a graph that differs in its input only."""
    inputs = graph.inputs
    if document.blueprint is None or len(inputs) != 1:
        return None
    name, settings = document.blueprint
    node, operator = inputs[0], inputs[0].operator
    if node.id not in document.graph or not isinstance(operator, Input):
        return None
    if document.graph.with_operator(node.id, operator) != graph:
        return None
    return name, {**settings, "in": operator.channels, "size": operator.size[0]}
