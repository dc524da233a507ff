"""Finds the nodes each unit of which sees all there is to see, through tensors that are no maps.

Attention written by hand moves pixels to rows of tokens, multiplies and moves them back: taps do
not follow them there. What is followed is along which axes a tensor must be read whole for all
that a node before it sees to be seen. A product and a softmax take axes away; where none is left
but that of the channels, every unit sees everything that these nodes do. A sum of what sees all
of one input and what sees one pixel of another sees not everything of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from analysis.graph import Graph, Node
from analysis.operators.contract import (
    SAME,
    ChannelUse,
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
"""Axes (channels first) along which units stand that together see what a cover is said to hold."""
Origins = frozenset[str]
"""Nodes, for all that the units of each see together."""
Covers = Mapping[Cover, Origins]
"""What all units along some axes see at the least, wherever on the other axes they stand."""


def whole_reach(graph: Graph, shapes: Mapping[str, Shape], strict: bool) -> frozenset[str]:
    """Ids of the nodes of which every unit sees all that is passed on to it, however it is moved.

    Only of graphs with operators that move axes: where none does, `taps` say it all. Nodes behind
    an operator of which nothing is known are left out. The last answers are kept: an edit asks of
    two graphs in turn.
    """
    global _last  # noqa: PLW0603 - a few answers, replaced whole
    for known_graph, known_shapes, mode, answer in _last:
        if known_graph is graph and known_shapes is shapes and mode == strict:
            return answer
    answer = _whole_reach(graph, shapes, strict)
    _last = (*_last[-3:], (graph, shapes, strict, answer))
    return answer


_last: tuple[tuple[Graph, Mapping[str, Shape], bool, frozenset[str]], ...] = ()


def _whole_reach(graph: Graph, shapes: Mapping[str, Shape], strict: bool) -> frozenset[str]:
    if not any(map(_moves_axes, graph.operator_types)):
        return frozenset()
    search = _Search(graph, shapes, strict)
    for node in graph.nodes:
        if node.id in shapes and all(source in shapes for source in node.inputs):
            search.found[node.id] = search.seen_by(node)
    return frozenset(name for name in search.found if search.is_whole(name))


def _moves_axes(kind: type[Operator]) -> bool:
    return kind.carried_axes is not Operator.carried_axes


@dataclass(frozen=True, slots=True)
class _Seen:
    """The covers that each unit of a node sees, and what all of its units see together.

    `is_moved` says that taps do not tell which pixels these are.
    """

    covers: Covers
    all: Origins
    is_moved: bool


_NOTHING = _Seen({}, frozenset(), False)


class _Search:
    """Goes through a graph in topological order; of a node of which nothing is known it has None.

    A node that leaves out some of what comes to it is an origin of its own, made of `parts`.
    """

    def __init__(self, graph: Graph, shapes: Mapping[str, Shape], strict: bool) -> None:
        self.found: dict[str, _Seen | None] = {}
        self._graph, self._shapes, self._strict = graph, shapes, strict
        self._parts: dict[str, Origins] = {}

    def is_whole(self, name: str) -> bool:
        """Whether a pixel with its channels sees all that any unit of the node does."""
        seen = self.found[name]
        if seen is None or not seen.all:
            return False
        return self._hold(_along(seen.covers, frozenset((0,))), seen.all)

    def seen_by(self, node: Node) -> _Seen | None:
        """What a node sees, those before it being known."""
        shape, use = self._shapes[node.id], node.operator.channel_use
        if not node.inputs:
            return self._begun(node)
        given = tuple(self._shapes[source] for source in node.inputs)
        ports: list[Covers] = []
        wanted, is_moved = Origins(), False
        for port, (source, how) in enumerate(
            readings(self._graph, node, self._shapes, self._strict)
        ):
            before = self.found.get(source)
            if how is None or (before is not None and not before.all):
                ports.append({})
                continue
            carried = node.operator.carried_axes(port, given, shape)
            if before is None or (carried is None and not isinstance(how, tuple | WholeTaps)):
                return None
            wanted |= before.all
            is_moved |= before.is_moved or (carried is not None and not isinstance(how, tuple))
            if carried is not None:
                ports.append(_carried(before.covers, carried))
                continue
            read = partial(_read, how=how, operator=node.operator, given=given[port], shape=shape)
            ports.append(_merged((read(cover), held) for cover, held in before.covers.items()))
        return self._ended(node, _joined(ports, use), wanted, is_moved) if wanted else _NOTHING

    def _begun(self, node: Node) -> _Seen:
        if node.operator.key != "input":
            return _NOTHING
        own = frozenset((node.id,))
        self._parts[node.id] = frozenset()
        return _Seen({_all_axes(self._shapes[node.id], 1): own}, own, False)

    def _ended(self, node: Node, covers: Covers, wanted: Origins, is_moved: bool) -> _Seen:
        """With what its units see together, which is an origin where something is left out."""
        alike = node.operator.channel_use == "mixed"
        everywhere = _all_axes(self._shapes[node.id], 1 if alike else 0)
        together = wanted
        if not self._hold(frozenset().union(*covers.values()), wanted):
            together = frozenset((node.id,))
            self._parts[node.id] = wanted
            if is_moved:  # what is left out is then told by no taps
                return _Seen(covers, together, True)
        covers = _merged((*covers.items(), (everywhere, together)))
        return _Seen(_needed(covers), together, is_moved)

    def _hold(self, origins: Origins, wanted: Origins) -> bool:
        """Whether all that is wanted is among the origins, itself or all that it is made of."""
        waiting, met = [*wanted], set(origins)
        while waiting:
            name = waiting.pop()
            if name in met:
                continue
            if not self._parts[name]:
                return False
            met.add(name)
            waiting += self._parts[name]
        return True


def _merged(pairs: Iterable[tuple[Cover | None, Origins]]) -> Covers:
    found: dict[Cover, Origins] = {}
    for cover, origins in pairs:
        if cover is not None:
            found[cover] = found.get(cover, frozenset()) | origins
    return found


def _needed(covers: Covers) -> Covers:
    """Without those that hold no more than one of fewer axes does."""
    return {
        cover: origins
        for cover, origins in covers.items()
        if not any(less < cover and origins <= held for less, held in covers.items())
    }


def _along(covers: Covers, axes: Cover) -> Origins:
    """What all units along the axes see."""
    return frozenset().union(*(origins for cover, origins in covers.items() if cover <= axes))


def _joined(ports: Sequence[Covers], use: ChannelUse) -> Covers:
    """Those of a node by those of its ports; of a stack a channel reads one port alone."""
    pairs = [pair for covers in ports for pair in covers.items()]
    if use != "stacked":
        return _merged(pairs)
    stacked = [(cover | {0}, origins) for cover, origins in pairs]
    for cover, _ in pairs:
        if common := frozenset.intersection(*(_along(covers, cover) for covers in ports)):
            stacked.append((cover, common))
    return _merged(stacked)


def _carried(covers: Covers, axes: Sequence[Cover]) -> Covers:
    return _merged(
        (frozenset().union(*(axes[axis] for axis in cover)), origins)
        for cover, origins in covers.items()
    )


def _all_axes(shape: Shape, first: int) -> Cover:
    return frozenset(at for at in range(first, len(shape)) if shape[at] > 1)


def _read(
    cover: Cover, how: Reading, operator: Operator, given: Shape, shape: Shape
) -> Cover | None:
    """A cover of what is read as `how`, or None where what is left out could be needed."""
    use = operator.channel_use
    if 0 in cover and use in ("selected", "dealt"):
        return None
    channels = cover & {0} if use != "mixed" else frozenset[int]()
    if use == "dealt" and cover:  # one channel has one part of the pixels
        channels = frozenset((0,))
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
