"""Says whether a graph that was read at one input size holds for that size only."""

from __future__ import annotations

from dataclasses import replace

from analysis.facts.input_size import of_one_shape
from analysis.facts.shapes import all_have_shapes, infer
from analysis.graph import Graph, Node
from analysis.operators import (
    Attention,
    Crop,
    Flatten,
    FollowedCall,
    Input,
    LayerNorm,
    Opaque,
    Pad,
    ParameterArithmetic,
    PlacedCall,
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
    shapes, apart, one = infer(graph), graph.apart, of_one_shape(graph)
    return any(
        _bakes_size(node, shapes[node.id].shape, one.issuperset(node.inputs))
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


def _bakes_size(node: Node, shape: Shape | None, of_one: bool) -> bool:
    """Whether the operator, of that output shape, holds for the traced input size only.

    `of_one` says that what it is given has one shape at every size.
    """
    operator: Operator = node.operator
    if isinstance(operator, Upsample):
        return operator.size is not None
    if isinstance(operator, Crop | Input | Pad):
        return bool(operator.read_at)
    spatial = len(shape or ()) - 1
    if isinstance(operator, ParameterArithmetic):
        return spatial > 0 and any(length > 1 for length in operator.broadcast[-spatial:])
    if isinstance(operator, FollowedCall):
        if operator.order == "spectrum":
            return True
        lengths = (n for _, size in operator.weights for n in size[-spatial:])
        return spatial > 0 and any(length > 1 for length in lengths)
    if isinstance(operator, PlacedCall):
        return not operator.is_of_channels
    if isinstance(operator, Flatten | Reshape):
        return not of_one
    if isinstance(operator, Attention):
        return bool(operator.biases)
    return isinstance(operator, Opaque | LayerNorm | Rearrange)
