"""Chooses the size of a network's input for an image of some size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import lcm

from analysis.facts.facts import Facts, analyse
from analysis.graph import Graph
from analysis.operators import AdaptivePool, Input
from analysis.receptive_field import tiling

OF_ONE_SIZE = frozenset({"opaque", "reshape"})
"""Operators whose settings were read at one input size and hold at no other."""


def multiple_of(facts: Facts) -> int:
    """The number whose multiples the input's sides must be, so that no pooling drops a pixel.

    It is the longest advance of a period among the layers: 2^depth for a U-Net.
    """
    advances = [
        advance
        for field in facts.fields.values()
        if (advice := tiling(field)) is not None
        for advance in advice.multiple
    ]
    for node in facts.graph.inputs:
        advances += node.operator.multiples if isinstance(node.operator, Input) else ()
    return lcm(*advances) if lcm(*advances) <= 512 else max(advances, default=1)


def takes_other_sizes(graph: Graph) -> bool:
    """Whether the input's size may change at all; what no picture reaches has nothing of it."""
    apart, one = graph.apart, of_one_shape(graph)
    if any(node.operator.read_at for node in graph.inputs if isinstance(node.operator, Input)):
        return False
    return not any(
        node.operator.key in OF_ONE_SIZE
        and not (node.inputs and node.id in apart)
        and not (node.operator.key == "reshape" and one.issuperset(node.inputs))
        for node in graph.nodes
    )


def of_one_shape(graph: Graph) -> frozenset[str]:
    """The nodes whose shape is one at every size of the picture: pooled to one, and behind that.

    So are the given values, and what is made of such alone.
    """
    found = set[str]()
    for node in graph.nodes:
        pooled = node.operator.key == "global_pool" or (
            isinstance(node.operator, AdaptivePool) and all(node.operator.size)
        )
        if node.operator.key != "input" and (pooled or found.issuperset(node.inputs)):
            found.add(node.id)
    return frozenset(found)


def with_input_size(graph: Graph, size: tuple[int, int]) -> Graph | None:
    """The graph for inputs of this (height, width) or the next larger that works.

    Works means: no fault that was not there before, and every parameter keeps its shape, so
    that trained weights still fit. None where no such size is within one multiple.
    """
    before = analyse(graph)
    if not takes_other_sizes(graph):
        return None
    for height, width in _sizes(size, multiple_of(before)):
        changed = graph
        for node in graph.inputs:
            if isinstance(node.operator, Input) and len(node.operator.size) == 2:
                operator = replace(node.operator, size=(height, width))
                changed = changed.with_operator(node.id, operator)
        after = analyse(changed)
        if set(after.problems) <= set(before.problems) and _same_parameters(before, after):
            return changed
    return None


def _sizes(size: tuple[int, int], multiple: int) -> Iterator[tuple[int, int]]:
    for more in range(multiple):
        yield size[0] + more, size[1] + more


def _same_parameters(before: Facts, after: Facts) -> bool:
    return all(
        dict(node.operator.parameters(before.layers[node.id].inputs))
        == dict(node.operator.parameters(after.layers[node.id].inputs))
        for node in before.graph.nodes
        if before.layers[node.id].shape is not None and after.layers[node.id].shape is not None
    )
