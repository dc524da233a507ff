"""Tells which convolutions look back in time only, so that a unit's place is its last tap."""

from __future__ import annotations

from analysis.graph import Graph, Node
from analysis.operators import Convolution, Crop, Pad


def looked_back(graph: Graph, node: Node) -> tuple[float, ...]:
    """By how many of its inputs the place lies behind the middle tap; () where it is not meant.

    Meant is a convolution that sees along one axis the unit itself and those before it: all of its
    padding is before. Along two axes at once it is taken for an oversight. Its place is its last
    tap, of a strided one the middle of the inputs that one output stands for.
    """
    operator = node.operator
    if not isinstance(operator, Convolution):
        return ()
    reach = [d * (k - 1) for d, k in zip(operator.dilation, operator.kernel, strict=True)]
    padding = padding_with_operator(graph, node, operator)
    cut = _cut_behind(graph, node, len(reach))
    rows = list(zip(padding, reach, operator.stride, cut, strict=True))
    back = [_is_causal(pair, length, stride, end) for pair, length, stride, end in rows]
    if sum(back) != 1:
        return ()
    moves = zip(back, rows, strict=True)
    return tuple(
        before - length / 2 + (stride - 1) / 2 if causal else 0.0
        for causal, ((before, _), length, stride, _) in moves
    )


def _is_causal(padding: tuple[int, int], reach: int, stride: int, cut: int) -> bool:
    """Padded before by all that the kernel covers, or by that less a stride's other inputs.

    At stride 1 also so on both sides, with what is too much cut off behind. A single row of
    padding at a stride is none: nothing tells on which side it was meant.
    """
    before, after = padding
    if stride == 1:
        return reach > 0 and before == reach and after == cut
    whole = reach - (stride - 1)
    return after == cut == 0 and before > 0 and (before == reach or 2 <= before == whole)


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
