"""Finds the nodes each unit of which sees all there is to see, through tensors that are no maps.

Attention written by hand moves pixels to rows of tokens, multiplies and moves them back: taps do
not follow them there. What is followed is along which axes a tensor must be read whole for all of
the pixels to be seen. A product and a softmax take axes away; where none is left but that of the
channels, every unit sees everything.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from functools import lru_cache

from analysis.graph import Graph, Node
from analysis.operators.contract import (
    SAME,
    ListedTaps,
    Operator,
    PeriodicTaps,
    Shape,
    Taps,
    WholeTaps,
)
from analysis.receptive_field.borders import rows_read
from analysis.receptive_field.taps import Reading, readings

Cover = frozenset[int]
"""Axes (channels first) along which all units together see all that any unit of the node does."""
Covers = Set[Cover]


def whole_reach(graph: Graph, shapes: Mapping[str, Shape], strict: bool) -> frozenset[str]:
    """Ids of the nodes of which every unit sees all that is passed on to it, however it is moved.

    Only of graphs with operators that move axes: where none does, `taps` say it all. Nodes behind
    an operator of which nothing is known are left out. The last answer of each mode is kept.
    """
    known = _last.get(strict)
    if known is None or known[0] is not graph or known[1] is not shapes:
        known = _last[strict] = (graph, shapes, _whole_reach(graph, shapes, strict))
    return known[2]


_last: dict[bool, tuple[Graph, Mapping[str, Shape], frozenset[str]]] = {}


def _whole_reach(graph: Graph, shapes: Mapping[str, Shape], strict: bool) -> frozenset[str]:
    if not any(_moves_axes(node.operator) for node in graph.nodes):
        return frozenset()
    found: dict[str, Covers | None] = {}
    for node in graph.nodes:
        if node.id in shapes and all(source in shapes for source in node.inputs):
            found[node.id] = _covers(graph, node, shapes, strict, found)
    return frozenset(
        name for name, covers in found.items() if covers and any(each <= {0} for each in covers)
    )


def _moves_axes(operator: Operator) -> bool:
    return type(operator).carried_axes is not Operator.carried_axes


def _covers(
    graph: Graph,
    node: Node,
    shapes: Mapping[str, Shape],
    strict: bool,
    known: Mapping[str, Covers | None],
) -> Covers | None:
    """The covers of a node; none where it sees no picture, None where nothing is known of it."""
    shape = shapes[node.id]
    if not node.inputs:
        return _all_axes(shape, 1) if node.operator.key == "input" else frozenset()
    given = tuple(shapes[source] for source in node.inputs)
    found: set[Cover] = set()
    sees = False
    for port, (source, how) in enumerate(readings(graph, node, shapes, strict)):
        before = known.get(source)
        if how is None or before == frozenset():
            continue
        carried = node.operator.carried_axes(port, given, shape)
        if before is None or (carried is None and not isinstance(how, tuple | WholeTaps)):
            return None
        sees = True
        for cover in before:
            if carried is not None:
                found.add(frozenset().union(*(carried[axis] for axis in cover)))
            elif (read := _read(cover, how, node.operator, given[port], shape)) is not None:
                found.add(read)
    if not sees:
        return frozenset()
    alike = node.operator.channel_use == "mixed"
    found |= _all_axes(shape, 1 if alike else 0)
    return frozenset(each for each in found if not any(other < each for other in found))


def _all_axes(shape: Shape, first: int) -> Covers:
    return frozenset((frozenset(at for at in range(first, len(shape)) if shape[at] > 1),))


def _read(
    cover: Cover, how: Reading, operator: Operator, given: Shape, shape: Shape
) -> Cover | None:
    """A cover of what is read as `how`, or None where what is left out could be needed."""
    use = operator.channel_use
    if 0 in cover and use in ("selected", "dealt"):
        return None
    channels = cover & {0} if use != "mixed" else frozenset[int]()
    if not isinstance(how, tuple):
        return channels
    kept = set(channels)
    if any(axis > len(how) for axis in cover):
        return None
    for axis, taps in enumerate(how, start=1):
        reads = _reads(taps, given[axis], shape[axis])
        if axis in cover and not isinstance(taps, WholeTaps):
            if reads != "all":
                return None
            kept.add(axis)
        elif reads == "not all units":
            return None
    return frozenset(kept)


@lru_cache(maxsize=1024)
def _reads(taps: Taps, size: int, length: int) -> str:
    """Whether the units of an axis read all of it together, and whether each reads something."""
    if taps == SAME or isinstance(taps, WholeTaps):
        return "all" if length >= size or isinstance(taps, WholeTaps) else "some"
    assert isinstance(taps, PeriodicTaps | ListedTaps)
    rows = rows_read(taps, size, length)
    if not (rows >= 0).any(axis=1).all():
        return "not all units"
    return "all" if len({*rows[rows >= 0].tolist()}) == size else "some"
