"""Computes each node's level: log2 of its downsampling, mean over the axes.

The size alone would mislead: a valid convolution shrinks a map and samples nothing down. So the
level follows the taps: an output that advances two inputs at a time is one level deeper.

Where a picture is drawn, what has no extent stands deeper too: a map that a convolution of its own
size makes one unit of, a vector that maps are flattened to, a shorter vector made of a longer one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from analysis.facts.shapes import output_shape
from analysis.graph import Node
from analysis.graph.graph import data_inputs
from analysis.operators import Opaque
from analysis.operators.contract import Operator, PeriodicTaps, Shape

BETWEEN = 0.4
"""Two levels are told apart when they differ by more than this."""
_OF_NO_PIXELS = frozenset({"reshape", "tensor_product", "axis_softmax"})
"""Operators whose axes are no rows and columns: scores of tokens are no sampled map."""
_WITH_WINDOWS = re.compile("pool|conv|upsample")
"""In the names of the opaque calls that sample a map down or up."""
ANOTHER_ROW = 0.5
"""A vector stands in another row than the one before it when one is longer by so many octaves."""


def level(node: Node, nominal: Mapping[str, Shape], found: Mapping[str, float]) -> float:
    """Level of a node, 0 at the inputs; `nominal` as in `Facts`, `found` of those before it."""
    sources = data_inputs(node)
    if not sources:
        return 0.0
    inputs = tuple([nominal[source] for source in node.inputs])
    port = _main_port(sources, nominal, nominal[node.id][1:], found) if len(sources) > 1 else 0
    return found[sources[port]] + _step(node.operator, inputs, nominal[node.id], port)


def _main_port(
    sources: Sequence[str], nominal: Mapping[str, Shape], size: Shape, found: Mapping[str, float]
) -> int:
    """The first input that is not stretched; if that stands at level 0, the deepest of them.

    Where all are stretched, the largest.

    A tensor of the model itself, such as coordinates, stands at the top whatever it is joined to.
    """
    whole = [port for port, name in enumerate(sources) if nominal[name][1:] == size]
    whole = whole or [max(range(len(sources)), key=lambda port: math.prod(nominal[sources[port]]))]
    if found[sources[whole[0]]] > 0:
        return whole[0]
    return max(whole, key=lambda port: found[sources[port]])


def drawn_level(
    node: Node,
    vectors: bool,
    levels: Mapping[str, float],
    nominal: Mapping[str, Shape],
    found: Mapping[str, float],
) -> float:
    """The row of a node in a picture; `levels` and `nominal` as in `Facts`, `found` before it.

    `vectors` says that it is vectors, and no maps, that the network makes smaller.
    """
    sources = data_inputs(node)
    if not sources:
        return levels[node.id]
    step = levels[node.id] - levels[sources[0]]
    before, after = nominal[sources[0]], nominal[node.id]
    if before[1:] != after[1:]:
        ends = _extent(before), _extent(after)
        if (ends[0] == 0) != (ends[1] == 0):
            step = ends[0] - ends[1]
    if vectors and len(before) == len(after) == 1:
        step = math.log2(before[0] / after[0])
        step = step if abs(step) >= ANOTHER_ROW else 0.0
    return found[sources[0]] + step


def _extent(shape: Shape) -> float:
    """log2 of a map's side, mean over the axes; 0 for one unit and for a vector."""
    return sum(math.log2(max(length, 1)) for length in shape[1:]) / max(len(shape) - 1, 1)


@lru_cache(maxsize=1 << 16)
def _step(operator: Operator, inputs: tuple[Shape, ...], output: Shape, port: int) -> float:
    axes = len(output) - 1
    if axes < 1 or len(inputs[port]) != len(output):
        return 0.0
    if operator.key in _OF_NO_PIXELS or (operator.pointwise and inputs[port][1:] == output[1:]):
        return 0.0
    if isinstance(operator, Opaque) and not _WITH_WINDOWS.search(operator.target):
        return 0.0
    if output_shape(operator, inputs) != output:
        return 0.0
    return sum(_axis_step(operator, axis, inputs, output, port) for axis in range(axes)) / axes


def _axis_step(
    operator: Operator, axis: int, inputs: tuple[Shape, ...], output: Shape, port: int
) -> float:
    taps = operator.taps(axis, port, inputs, output)
    if isinstance(taps, PeriodicTaps):
        return math.log2(taps.advance / taps.period) if taps.advance else 0.0
    return math.log2(inputs[port][axis + 1] / output[axis + 1])
