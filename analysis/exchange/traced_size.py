"""Says whether a graph that was read at one input size holds for that size only."""

from __future__ import annotations

from dataclasses import replace

from analysis.facts.shapes import all_have_shapes, infer
from analysis.graph import Graph, Node
from analysis.operators import (
    AdaptivePool,
    Attention,
    Crop,
    Flatten,
    GlobalPool,
    Input,
    LayerNorm,
    Opaque,
    Pad,
    ParameterArithmetic,
    Rearrange,
    Reshape,
    Upsample,
)
from analysis.operators.contract import Operator, Shape


def holds_one_size(graph: Graph) -> bool:
    """Whether any operator has the size in its settings, or in the shape of its weights.

    What is made of further inputs alone, such as a step of diffusion, has nothing of it; a
    constant can have been made for the size.
    """
    shapes, apart = infer(graph), graph.apart
    return any(
        _bakes_size(graph, node, shapes[node.id].shape)
        for node in graph.nodes
        if not (node.inputs and node.id in apart)
    )


def with_multiples(graph: Graph, multiples: Shape) -> Graph:
    """The graph with sides that are multiples of these, where it would take others too.

    A view that parts a map in windows leaves no operator; the model refuses what they do not fill.
    """
    found = [node for node in graph.inputs if isinstance(node.operator, Input)]
    if not multiples or not found:
        return graph
    node, *_ = found
    operator = node.operator
    assert isinstance(operator, Input)
    for axis, multiple in enumerate(multiples):
        for more in (n for n in range(1, multiple) if multiple % n == 0):
            longer = tuple(n + more * (at == axis) for at, n in enumerate(operator.size))
            if all_have_shapes(graph.with_operator(node.id, replace(operator, size=longer))):
                whole = replace(operator, multiples=multiples)
                return graph.with_operator(node.id, whole)
    return graph


def _bakes_size(graph: Graph, node: Node, shape: Shape | None) -> bool:
    """Whether the operator, of that output shape, holds for the traced input size only."""
    operator: Operator = node.operator
    if isinstance(operator, Upsample):
        return operator.size is not None
    if isinstance(operator, Crop | Pad):
        return bool(operator.read_at)
    if isinstance(operator, ParameterArithmetic):
        spatial = len(shape or ()) - 1
        return spatial > 0 and any(length > 1 for length in operator.broadcast[-spatial:])
    if isinstance(operator, Flatten | Reshape):
        above = graph[node.inputs[0]]
        while above.operator.pointwise and len(above.inputs) == 1:
            above = graph[above.inputs[0]]
        return not isinstance(above.operator, AdaptivePool | GlobalPool)
    if isinstance(operator, Attention):
        return bool(operator.biases)
    return isinstance(operator, Opaque | LayerNorm | Rearrange)
