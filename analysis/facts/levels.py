"""Computes each node's level: log2 of its downsampling, mean over the axes.

The size alone would mislead: a valid convolution shrinks a map and samples nothing down. So the
level follows the taps: an output that advances two inputs at a time is one level deeper.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

from analysis.facts.shapes import output_shape
from analysis.graph import Graph
from analysis.graph.graph import data_inputs
from analysis.operators.contract import Operator, PeriodicTaps, Shape

BETWEEN = 0.4
"""Two levels are told apart when they differ by more than this."""


def levels(graph: Graph, nominal: Mapping[str, Shape]) -> dict[str, float]:
    """Level of every node, 0 at the inputs; `nominal` as from `shapes.nominal_shapes`."""
    found: dict[str, float] = {}
    for node in graph.nodes:
        sources = data_inputs(node)
        if not sources:
            found[node.id] = 0.0
            continue
        inputs = tuple(nominal[source] for source in node.inputs)
        step = _step(node.operator, inputs, nominal[node.id])
        found[node.id] = found[sources[0]] + step
    return found


@lru_cache(maxsize=1 << 16)
def _step(operator: Operator, inputs: tuple[Shape, ...], output: Shape) -> float:
    axes = len(output) - 1
    if axes < 1 or len(inputs[0]) != len(output):
        return 0.0
    if operator.pointwise and inputs[0][1:] == output[1:]:
        return 0.0
    if output_shape(operator, inputs) != output:
        return 0.0
    return sum(_axis_step(operator, axis, inputs, output) for axis in range(axes)) / axes


def _axis_step(operator: Operator, axis: int, inputs: tuple[Shape, ...], output: Shape) -> float:
    taps = operator.taps(axis, 0, inputs, output)
    if isinstance(taps, PeriodicTaps):
        return math.log2(taps.advance / taps.period) if taps.advance else 0.0
    return math.log2(inputs[0][axis + 1] / output[axis + 1])
