"""Tables of the receptive field of every unit of every layer, for one input size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from analysis.graph import Graph, Node
from analysis.operators.contract import ListedTaps, PeriodicTaps, Shape, Taps, WholeTaps
from analysis.receptive_field.borders import rows_read
from analysis.receptive_field.taps import WHOLE, Reading, readings
from analysis.receptive_field.whole_reach import whole_reach

Indices = NDArray[np.int64]
_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class AxisTable:
    """Units see [lo, hi) of one axis of the input; both are -1 for a unit that sees nothing."""

    lo: Indices
    hi: Indices

    def hull(self) -> AxisTable:
        """One entry: the hull of all units."""
        seen = self.lo >= 0
        if not seen.any():
            return _EMPTY
        return AxisTable(self.lo[seen].min(keepdims=True), self.hi.max(keepdims=True))

    def spread(self, length: int) -> AxisTable:
        """One entry, repeated."""
        return AxisTable(np.repeat(self.lo, length), np.repeat(self.hi, length))


_EMPTY = AxisTable(np.array([-1]), np.array([-1]))


@dataclass(frozen=True, eq=False)
class LayerTable:
    """One layer's table for each axis of the input.

    A layer whose own axes are not those of the input (a vector, a reshaped map) has one entry
    an axis that holds for all its units. `bound` marks hulls that can be larger than the truth:
    behind a join of which one branch has units that see nothing. `shape` is the layer's own,
    `size` the spatial size of the input it sees, of the first where it sees several.
    """

    axes: tuple[AxisTable, ...]
    bound: bool = False
    shape: Shape = ()
    size: Shape = ()


class Tables:
    """Tables of all layers that have one; those behind an unknown operator have none."""

    def __init__(self, layers: Mapping[str, LayerTable]) -> None:
        self.layers = layers

    def __contains__(self, layer: object) -> bool:
        return layer in self.layers

    def axis(self, layer: str, axis: int) -> AxisTable:
        """lo and hi of every unit along `axis`. Raises KeyError for a layer without a table."""
        return self.layers[layer].axes[axis]

    def box(self, layer: str, unit: Sequence[int]) -> tuple[int, ...] | None:
        """All lower bounds, then all upper bounds (half open) of what `unit` sees, or None.

        Raises KeyError for a layer without a table and IndexError for a unit outside its map.
        """
        table = self.layers[layer]
        at = place(tuple(unit), table.shape)
        if len(at) != len(table.axes):
            at = (0,) * len(table.axes)
        lows = tuple(int(axis.lo[i]) for i, axis in zip(at, table.axes, strict=True))
        highs = tuple(int(axis.hi[i]) for i, axis in zip(at, table.axes, strict=True))
        return None if -1 in lows else lows + highs


def place(unit: tuple[int, ...], shape: Shape) -> tuple[int, ...]:
    """`unit` as an index into the spatial axes of a layer of this shape.

    For a vector that is (), and `unit` is (feature,) or (). Raises IndexError (unit, size).
    """
    size = shape[1:] or shape[: len(unit)]
    if len(unit) != len(size) or any(not 0 <= i < n for i, n in zip(unit, size, strict=True)):
        raise IndexError(unit, size)
    return unit if len(shape) > 1 else ()


def tables(graph: Graph, shapes: Mapping[str, Shape], strict: bool = False) -> Tables:
    """Hulls of all units of all layers that have a shape, for the sizes in `shapes`."""
    growing = GrowingTables(graph, shapes, strict)
    growing.up_to(len(graph))
    return Tables({name: table for name, table in growing.layers.items() if table is not None})


class GrowingTables:
    """Tables made in topological order, only as far as they are asked for."""

    def __init__(self, graph: Graph, shapes: Mapping[str, Shape], strict: bool) -> None:
        self.layers: dict[str, LayerTable | None] = {}
        self._graph = graph
        self._shapes = shapes
        self._strict = strict
        self._done = 0
        self._whole: frozenset[str] | None = None

    def up_to(self, position: int) -> None:
        """Make the tables of the first `position` nodes."""
        if self._whole is None:
            self._whole = whole_reach(self._graph, self._shapes, self._strict)
        for node in self._graph.nodes[self._done : position]:
            if node.id in self._shapes:
                self.layers[node.id] = self._made(node)
        self._done = max(self._done, position)

    def _made(self, node: Node) -> LayerTable | None:
        found = self._by_taps(node)
        if found is None and self._whole and node.id in self._whole:
            return self._of_everything(node)
        return found

    def _of_everything(self, node: Node) -> LayerTable:
        """All that the nearest layers with a table see, for every unit."""
        spatial, parts, seen = self._shapes[node.id][1:], list[LayerTable](), set[str]()
        waiting = [*node.inputs]
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            table = self.layers.get(name)
            if table is None:
                waiting += self._graph[name].inputs
            else:
                parts.append(_read(table, WHOLE, self._shapes[name][1:], spatial, {}))
        joined = _joined(parts, spatial)
        return LayerTable(joined.axes, joined.bound, self._shapes[node.id], joined.size)

    def _by_taps(self, node: Node) -> LayerTable | None:
        spatial = self._shapes[node.id][1:]
        if not node.inputs:
            start = tuple(_start(node, length) for length in spatial)
            return LayerTable(start, shape=self._shapes[node.id], size=spatial)
        if any(source not in self._shapes for source in node.inputs):
            return None
        parts: list[LayerTable] = []
        made: dict[tuple[Taps, int, int], AxisTable] = {}
        for source, how in readings(self._graph, node, self._shapes, self._strict):
            seen = self.layers[source]
            if how is None:
                continue
            if seen is None or not isinstance(how, tuple | WholeTaps):
                return None
            parts.append(_read(seen, how, self._shapes[source][1:], spatial, made))
        joined = _joined(parts, spatial)
        return LayerTable(joined.axes, joined.bound, self._shapes[node.id], joined.size)


def _start(node: Node, length: int) -> AxisTable:
    if node.operator.key != "input":
        return _EMPTY.spread(length)
    return _pixels(length)


@lru_cache(maxsize=64)
def _pixels(length: int) -> AxisTable:
    return AxisTable(np.arange(length), np.arange(1, length + 1))


def _read(
    seen: LayerTable,
    how: Reading,
    given: Shape,
    spatial: Shape,
    made: dict[tuple[Taps, int, int], AxisTable],
) -> LayerTable:
    rank = len(seen.axes)
    aligned = len(given) == len(spatial) == rank and how is not WHOLE
    if not aligned or not isinstance(how, tuple):
        whole = tuple(axis.hull() for axis in seen.axes)
        if len(spatial) == rank:
            whole = tuple(axis.spread(n) for axis, n in zip(whole, spatial, strict=True))
        return LayerTable(whole, seen.bound, size=seen.size)
    axes = []
    for taps, axis, length in zip(how, seen.axes, spatial, strict=True):
        key = (taps, id(axis), length)
        if key not in made:
            made[key] = _gathered(taps, axis, length)
        axes.append(made[key])
    return LayerTable(tuple(axes), seen.bound, size=seen.size)


def _gathered(taps: Taps, seen: AxisTable, length: int) -> AxisTable:
    if not isinstance(taps, PeriodicTaps | ListedTaps):
        return seen.hull().spread(length)
    if isinstance(taps, PeriodicTaps) and _passes_on(taps) and length == len(seen.lo):
        return seen
    rows = rows_read(taps, len(seen.lo), length)
    lows = np.append(np.where(seen.lo < 0, _NEVER, seen.lo), _NEVER)[rows].min(axis=1)
    highs = np.append(seen.hi, -1)[rows].max(axis=1)
    return AxisTable(np.where(lows == _NEVER, -1, lows), highs)


def _passes_on(taps: PeriodicTaps) -> bool:
    """Whether every unit reads the unit in its own place: a stride may read that of another."""
    return taps.offsets == ((0,),) and taps.advance == 1


def _joined(parts: Sequence[LayerTable], spatial: Shape) -> LayerTable:
    """The hull of the parts, of those that see most axes: a vector input has none to offer."""
    parts = [part for part in parts if not _blind(part)]
    rank = max((len(part.axes) for part in parts), default=len(spatial))
    parts = [part for part in parts if len(part.axes) == rank]
    if not parts:
        blind = tuple(_EMPTY.spread(length) for length in spatial)
        return LayerTable(blind, size=spatial)
    joined = parts[0]
    for part in parts[1:]:
        bound = joined.bound or part.bound or _overstated(joined, part) or _overstated(part, joined)
        pairs = zip(joined.axes, part.axes, strict=True)
        joined = LayerTable(tuple(_hull_of(a, b) for a, b in pairs), bound, size=joined.size)
    return joined


def _blind(part: LayerTable) -> bool:
    return any(bool((axis.lo < 0).all()) for axis in part.axes)


def _hull_of(one: AxisTable, other: AxisTable) -> AxisTable:
    if one is other:
        return one
    low = np.minimum(one.lo, other.lo)
    low = np.where((one.lo < 0) | (other.lo < 0), np.maximum(one.lo, other.lo), low)
    return AxisTable(low, np.maximum(one.hi, other.hi))


def _overstated(part: LayerTable, other: LayerTable) -> bool:
    """Whether a hull axis by axis counts `part` in units where it sees nothing."""
    for axis, (mine, theirs) in enumerate(zip(part.axes, other.axes, strict=True)):
        if not ((mine.lo < 0) & (theirs.lo >= 0)).any():
            continue
        for at, (reach, rest) in enumerate(zip(part.axes, other.axes, strict=True)):
            past = (reach.lo >= 0) & ((reach.lo < rest.lo) | (reach.hi > rest.hi))
            if at != axis and past.any():
                return True
    return False
