"""The projective field: which units of every later layer one input pixel reaches.

The tap relation read the other way round: unit u of a layer is in the projective field of
pixel p exactly where p is in the receptive field of u.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from analysis.graph import Graph, Node
from analysis.operators.contract import (
    ListedTaps,
    Operator,
    PeriodicTaps,
    Shape,
    UnknownTaps,
)
from analysis.receptive_field.axis_listener import AxisListener, listener
from analysis.receptive_field.axis_set import AxisSet
from analysis.receptive_field.channels import behind_cuts, only_bounded
from analysis.receptive_field.field import Exactness, Statistics
from analysis.receptive_field.growing_set import GrowingSet
from analysis.receptive_field.tables import place
from analysis.receptive_field.taps import reading
from analysis.receptive_field.unit_set import UnitSet
from analysis.receptive_field.whole_reach import whole_reach


@dataclass(frozen=True)
class ProjectiveField:
    """The units that see one pixel: of its own layer and of every layer behind it.

    `sets` stand in topological order; a layer that the pixel does not reach has an empty set.
    `exactness` is of each layer behind the pixel: "whole input" behind an operator that reads
    all it is given, "unknown" (then without a set) behind one that could not be read.
    """

    source: str
    pixel: tuple[int, ...]
    sets: Mapping[str, UnitSet]
    exactness: Mapping[str, Exactness]
    statistics: Statistics


def projective_field(
    graph: Graph,
    shapes: Mapping[str, Shape],
    pixel: Sequence[int],
    strict: bool = False,
    source: str | None = None,
) -> ProjectiveField:
    """The exact set of units that see `pixel` of `source` (the first input), layer by layer.

    Statistics and gates are ignored unless `strict`. Layers that do not stand behind the source
    or have no shape are left out. Raises KeyError when there is no such source, IndexError
    (pixel, spatial size) when there is no such pixel.
    """
    if source is None:
        source = next((node.id for node in graph.inputs), "")
    at = place(tuple(pixel), shapes[source])
    walk = _Walk(graph, shapes, strict)
    start = GrowingSet()
    start.products.append(tuple([AxisSet(index, index + 1) for index in at]))
    walk.reached[source] = start
    walk.exactness[source] = "exact"
    begun = False
    for node in graph.nodes:
        if begun:
            walk.step(node)
        begun = begun or node.id == source
    sets = {name: found.frozen(shapes[name][1:]) for name, found in walk.reached.items()}
    statistics: Statistics = "included" if strict else "ignored"
    return ProjectiveField(source, tuple(pixel), sets, walk.exactness, statistics)


class _Walk:
    """The walk in topological order: a layer is made of the layers that it reads."""

    def __init__(self, graph: Graph, shapes: Mapping[str, Shape], strict: bool) -> None:
        self.reached: dict[str, GrowingSet] = {}
        self.exactness: dict[str, Exactness] = {}
        self._bounded = only_bounded(graph, shapes)
        self._whole = whole_reach(graph, shapes, strict)
        self._cut = behind_cuts(graph)
        self._shapes = shapes
        self._strict = strict

    def step(self, node: Node) -> None:
        exactness, shapes = self.exactness, self._shapes
        if not any(source in exactness for source in node.inputs) or node.id not in shapes:
            return
        found = GrowingSet()
        how: list[Exactness] = []
        given = tuple([shapes[source] for source in node.inputs])
        size = shapes[node.id]
        for port, source in enumerate(node.inputs):
            if source not in exactness:
                continue
            heard = _listeners(node.operator, port, given, size, self._strict)
            if heard == "nothing":
                continue
            how.append(exactness[source])
            cells = self.reached.get(source)
            if cells is None or cells.empty:
                continue
            if heard == "unknown":
                how.append("unknown")
            elif heard == "whole":
                found.put(tuple([AxisSet(0, length) for length in size[1:]]), size[1:])
                if given[port][1:]:
                    how.append("whole input")
            elif isinstance(heard, tuple):
                _push(cells, found, heard, size[1:])
        if node.id in self._bounded:
            how.append("upper bound")
        self._end(node.id, found, how)

    def _end(self, name: str, found: GrowingSet, how: list[Exactness]) -> None:
        if "unknown" in how and name not in self._whole:
            self.exactness[name] = "unknown"
            return
        if "unknown" in how:  # every unit sees all that is passed on, wherever it was moved
            size = self._shapes[name][1:]
            found.put(tuple([AxisSet(0, length) for length in size]), size)
            how.append("whole input")
        if name in self._cut and "whole input" in how:
            how = ["upper bound"]
        rank: tuple[Exactness, ...] = ("whole input", "upper bound", "exact")
        self.exactness[name] = next(each for each in rank if each in how or each == "exact")
        self.reached[name] = found


def _push(
    cells: GrowingSet, found: GrowingSet, listeners: tuple[AxisListener, ...], size: Shape
) -> None:
    if cells.mask is not None:
        mask = cells.mask
        for axis, heard in enumerate(listeners):
            mask = np.moveaxis(heard.reach_mask(np.moveaxis(mask, axis, 0)), 0, axis)
        found.put_mask(mask)
        return
    for product in cells.products:
        read: list[AxisSet] = []
        for heard, pixels in zip(listeners, product, strict=True):
            axis_set = heard.reach(pixels)
            if axis_set is None:
                break
            read.append(axis_set)
        else:
            found.put(tuple(read), size)


@lru_cache(maxsize=16384)
def _listeners(
    operator: Operator, port: int, inputs: tuple[Shape, ...], output: Shape, strict: bool
) -> tuple[AxisListener, ...] | str:
    """What hears a port along each axis, or "nothing", "whole" or "unknown"."""
    how = reading(operator, port, inputs, output, strict)
    if how is None:
        return "nothing"
    if not isinstance(how, tuple):
        return "unknown" if isinstance(how, UnknownTaps) else "whole"
    return tuple(
        listener(taps if isinstance(taps, PeriodicTaps | ListedTaps) else None, size, length)
        for taps, size, length in zip(how, inputs[port][1:], output[1:], strict=True)
    )
