"""Computes each node's level: log2 of its downsampling, mean over the axes.

The size alone would mislead: a valid convolution shrinks a map and samples nothing down. So the
level follows the taps: an output that advances two inputs at a time is one level deeper.

Where a picture is drawn, what has no extent stands deeper too: a map that a convolution of its own
size makes one unit of, a vector that maps are flattened to, a shorter vector made of a longer one.
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


def drawn_levels(
    graph: Graph, levels: Mapping[str, float], nominal: Mapping[str, Shape]
) -> dict[str, float]:
    """The row of every node in a picture; `levels` as from above."""
    vectors = all(len(nominal[node.id]) == 1 for node in graph.inputs)
    found: dict[str, float] = {}
    for node in graph.nodes:
        sources = data_inputs(node)
        if not sources:
            found[node.id] = levels[node.id]
            continue
        step = levels[node.id] - levels[sources[0]]
        before, after = nominal[sources[0]], nominal[node.id]
        ends = _extent(before), _extent(after)
        if (ends[0] == 0) != (ends[1] == 0):
            step = ends[0] - ends[1]
        elif vectors and len(before) == len(after) == 1:
            step = math.log2(before[0] / after[0])
        found[node.id] = found[sources[0]] + step
    return found


def _extent(shape: Shape) -> float:
    """log2 of a map's side, mean over the axes; 0 for one unit and for a vector."""
    return sum(math.log2(max(length, 1)) for length in shape[1:]) / max(len(shape) - 1, 1)


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
