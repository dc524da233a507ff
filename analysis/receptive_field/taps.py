"""Which indices of its inputs a node reads: the relation that all algorithms here follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from analysis.graph import Graph, Node
from analysis.operators.contract import (
    SAME,
    ListedTaps,
    Operator,
    PeriodicTaps,
    Shape,
    Taps,
    UnknownTaps,
    WholeTaps,
)

Reading = tuple[Taps, ...] | WholeTaps | UnknownTaps | None
"""How one port is read: taps for each spatial axis, everything, nobody knows, or not at all."""

WHOLE = WholeTaps()
UNKNOWN = UnknownTaps()


def readings(
    graph: Graph, node: Node, shapes: Mapping[str, Shape], strict: bool
) -> Iterator[tuple[str, Reading]]:
    """For every input of `node` in port order: its id, and how it is read.

    What no picture reaches is not read: it has nothing of one to pass on. Nodes need a shape, as
    do their inputs (KeyError); `strict` counts statistics and gates.
    """
    inputs = tuple(shapes[source] for source in node.inputs)
    output = shapes[node.id]
    for port, source in enumerate(node.inputs):
        apart = source in graph.apart
        yield source, None if apart else reading(node.operator, port, inputs, output, strict)


@lru_cache(maxsize=16384)
def reading(
    operator: Operator, port: int, inputs: tuple[Shape, ...], output: Shape, strict: bool
) -> Reading:
    """How `port` is read when the inputs and the output have these shapes.

    A change in the number of spatial axes (flatten, reshape) is read as everything: which
    feature holds which pixel is a matter of channels, and channels are not followed here.
    """
    if operator.global_statistics and strict:
        return WHOLE
    if not strict and port in operator.gates(inputs):
        return None
    rank = len(output) - 1
    if operator.pointwise and inputs[port][1:] == output[1:]:
        return (SAME,) * rank
    if rank == 0 or len(inputs[port]) - 1 != rank:
        return _without_axes(operator, port, inputs, output)
    taps = [operator.taps(axis, port, inputs, output) for axis in range(rank)]
    return _simplified(taps, inputs[port][1:])


def _without_axes(
    operator: Operator, port: int, inputs: tuple[Shape, ...], output: Shape
) -> Reading:
    taps = operator.taps(0, port, inputs, output)
    if isinstance(taps, UnknownTaps):
        return UNKNOWN
    if _reads_nothing(taps):
        return None
    return () if len(inputs[port]) == len(output) else WHOLE


def _simplified(taps: Sequence[Taps], sizes: Shape) -> Reading:
    if any(isinstance(axis, UnknownTaps) for axis in taps):
        return UNKNOWN
    if any(_reads_nothing(axis) for axis in taps):
        return None
    if all(_reads_all(axis, size) for axis, size in zip(taps, sizes, strict=True)):
        return WHOLE
    # Axes that are read alike share one object, so that an identity tells it.
    return tuple([taps[0] if each == taps[0] else each for each in taps])


def _reads_all(taps: Taps, size: int) -> bool:
    if isinstance(taps, ListedTaps):
        return size > 1 and all(len(set(row)) == size for row in taps.rows)
    return isinstance(taps, WholeTaps)


def _reads_nothing(taps: Taps) -> bool:
    if isinstance(taps, PeriodicTaps):
        return not any(taps.offsets)
    return isinstance(taps, ListedTaps) and not any(taps.rows)
