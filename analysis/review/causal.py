"""Tells which convolutions look back in time only, so that a unit's place is its last tap."""

from __future__ import annotations

from analysis.graph import Graph, Node
from analysis.operators import Convolution, Crop, Pad


def looked_back(graph: Graph, node: Node) -> tuple[float, ...]:
    """By how many of its inputs the last tap lies behind the middle one; () where it is not meant.

    Meant is a convolution that sees along one axis the unit itself and those before it: padded
    before by all that its kernel covers and behind by nothing, or padded so on both sides with
    what is too much cut off behind. Along two axes at once it is taken for an oversight.
    """
    operator = node.operator
    if not isinstance(operator, Convolution):
        return ()
    reach = [d * (k - 1) for d, k in zip(operator.dilation, operator.kernel, strict=True)]
    padding = padding_with_operator(graph, node, operator)
    cut = _cut_behind(graph, node, len(reach))
    rows = zip(padding, reach, cut, strict=True)
    back = [
        length > 0 and before == length and after == end for (before, after), length, end in rows
    ]
    if sum(back) != 1:
        return ()
    return tuple(length / 2 if each else 0.0 for each, length in zip(back, reach, strict=True))


def padding_with_operator(
    graph: Graph, node: Node, operator: Convolution
) -> tuple[tuple[int, int], ...]:
    """A convolution's own padding and that of a padding operator before it, axis by axis."""
    before = graph[node.inputs[0]].operator
    if not isinstance(before, Pad) or len(before.before) != len(operator.padding):
        return operator.padding
    own = zip(operator.padding, before.before, before.after, strict=True)
    return tuple((a + first, b + last) for (a, b), first, last in own)


def _cut_behind(graph: Graph, node: Node, axes: int) -> tuple[int, ...]:
    """What the crop that alone reads this map, behind others that keep places, cuts off its end."""
    readers = graph.consumers[node.id]
    while len(readers) == 1:
        reader = graph[readers[0]]
        if isinstance(reader.operator, Crop):
            crop = reader.operator
            return crop.after if len(crop.after) == axes and not any(crop.before) else (0,) * axes
        if not reader.operator.pointwise:
            break
        readers = graph.consumers[reader.id]
    return (0,) * axes
