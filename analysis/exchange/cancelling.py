"""Finds the sums of an opened model in which contributions of one map can cancel, however trained.

Learned numbers cancel by chance alone. Fixed ones can do so for good: a frozen norm may turn the
sign of some channels, and a mean over channels adds what was one map before. So every map is
followed to the sums, with the signs of the fixed numbers on its ways there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from analysis.graph import Graph, Node
from analysis.operators import (
    Add,
    ChannelGroupPool,
    ChannelLinear,
    ChannelPool,
    Concatenate,
    Convolution,
    Flatten,
    Linear,
    ParameterArithmetic,
    PixelShuffle,
    PixelUnshuffle,
    Rearrange,
    Reshape,
    ScalarArithmetic,
    Subtract,
    TransposedConvolution,
)

PLUS, MINUS, BOTH = 1, 2, 3
"""Signs, as a set of two bits; those of different channels stand together."""
Signs = dict[str, int]
"""By the node whose output it was, the signs with which that comes here."""
MIXES = (Convolution, TransposedConvolution, Linear, ChannelLinear)
DEALS = (Flatten, Reshape, Rearrange, PixelShuffle, PixelUnshuffle)
"""Operators that lay channels beside one another: behind them a sum over pixels adds channels."""


def with_cancelling(graph: Graph, factors: Mapping[str, int], learned: Collection[str]) -> Graph:
    """The graph, its cancelling sums marked as such: their taps only bound what they read.

    `factors` are the signs of the fixed numbers that a node multiplies with, PLUS where it is not
    named; `learned` are the nodes with numbers that are trained.
    """
    found = _cancelling(graph, factors, learned)
    if not found:
        return graph
    return Graph.of(replace(node, cuts=True) if node.id in found else node for node in graph.nodes)


def _cancelling(
    graph: Graph, factors: Mapping[str, int], learned: Collection[str]
) -> frozenset[str]:
    states: dict[str, Signs] = {}
    found: set[str] = set()
    for node in graph.nodes:
        inputs = [states[each] for each in node.inputs]
        if not inputs or not _is_followed(node, node.id in learned):
            states[node.id] = {node.id: PLUS}
            continue
        if node.operator.sized_by_last:
            inputs = inputs[:-1]
        if isinstance(node.operator, Subtract):
            inputs[1:] = [_times(each, MINUS) for each in inputs[1:]]
        together = _union(inputs)
        if _adds_up(node, inputs, together):
            found.add(node.id)
        states[node.id] = _times(together, _own_signs(node, factors.get(node.id, PLUS)))
    return frozenset(found)


def _is_followed(node: Node, learned: bool) -> bool:
    """Whether the output is a sum of the inputs with fixed factors."""
    operator = node.operator
    if isinstance(operator, ParameterArithmetic) and _is_shift(operator.function):
        return True
    if isinstance(operator, ChannelPool | ChannelGroupPool):
        return operator.mode != "max"
    several = isinstance(operator, Add | Subtract | Concatenate) or operator.sized_by_last
    linear = operator.linearity in ("linear", "frozen")
    return linear and not learned and (several or len(node.inputs) == 1)


def _is_shift(function: str) -> bool:
    return function not in ("multiply", "divide")


def _adds_up(node: Node, inputs: Iterable[Signs], together: Signs) -> bool:
    """Whether the node adds what comes with both signs."""
    operator = node.operator
    if isinstance(operator, Add | Subtract):
        seen: Signs = {}
        for each in inputs:
            if any(name in seen and seen[name] | signs == BOTH for name, signs in each.items()):
                return True
            seen = _union((seen, each))
        return False
    alone = isinstance(operator, Convolution) and operator.groups == operator.channels
    mixes = isinstance(operator, MIXES) and not alone
    pools = isinstance(operator, ChannelPool | ChannelGroupPool)
    return (mixes or pools or isinstance(operator, DEALS)) and BOTH in together.values()


def _own_signs(node: Node, factor: int) -> int:
    """The signs of what the node multiplies with."""
    operator = node.operator
    if isinstance(operator, ScalarArithmetic | ParameterArithmetic):
        if operator.function == "subtract_from":
            return MINUS
        if _is_shift(operator.function):
            return PLUS
    if isinstance(operator, ScalarArithmetic):
        return MINUS if operator.value < 0 else PLUS
    return factor


def _times(signs: Signs, factor: int) -> Signs:
    if factor == PLUS:
        return signs
    turned = {PLUS: MINUS, MINUS: PLUS, BOTH: BOTH}
    return {name: BOTH if factor == BOTH else turned[each] for name, each in signs.items()}


def _union(parts: Iterable[Signs]) -> Signs:
    found: Signs = {}
    for each in parts:
        for name, signs in each.items():
            found[name] = found.get(name, 0) | signs
    return found
