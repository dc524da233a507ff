"""One unit's exact receptive field at every earlier layer, walked from the unit to the input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.graph import Graph
from analysis.operators.contract import Shape
from analysis.receptive_field.axis_set import AxisReader, AxisSet, PortReaders
from analysis.receptive_field.channels import behind_cuts
from analysis.receptive_field.field import Exactness, Statistics
from analysis.receptive_field.growing_set import GrowingSet
from analysis.receptive_field.tables import place
from analysis.receptive_field.unit_set import Box, Mask, Product, UnitSet
from analysis.receptive_field.walk_plan import Step, plan
from analysis.receptive_field.whole_reach import whole_reach


@dataclass(frozen=True)
class UnitField:
    """The units that one unit sees at every layer on the way, its own and the inputs included.

    Layers behind an operator that could not be read are left out, and `exactness` is then
    "unknown"; it is "whole input" where an operator on the way reads all it is given.
    """

    layer: str
    unit: tuple[int, ...]
    sets: Mapping[str, UnitSet]
    exactness: Exactness
    statistics: Statistics


def unit_field(
    graph: Graph,
    shapes: Mapping[str, Shape],
    layer: str,
    unit: Sequence[int],
    strict: bool = False,
) -> UnitField:
    """The exact set of units that `unit` of `layer` sees, at every layer on the way.

    `unit` has one index a spatial axis of the layer; for a vector it is (feature,) or ().
    Statistics and gates are ignored unless `strict`. Raises KeyError when the layer has no
    shape, IndexError (unit, spatial size) when there is no such unit.
    """
    at = place(tuple(unit), shapes[layer])
    walk = _Walk(graph, shapes, strict, layer)
    walk.begin(layer, tuple([AxisSet(index, index + 1) for index in at]))
    return _found(walk, layer, tuple(unit), strict)


def region_field(
    graph: Graph,
    shapes: Mapping[str, Shape],
    layer: str,
    box: Box,
    strict: bool = False,
) -> UnitField:
    """What the units of `layer` inside `box` see together; their `unit` is the box.

    `box` holds all lower bounds, then all upper bounds, half open; () for a vector. Raises
    KeyError when the layer has no shape, IndexError (box, spatial size) where the box is empty
    or leaves the map.
    """
    size = shapes[layer][1:]
    spans = tuple(zip(box[: len(size)], box[len(size) :], strict=False))
    if len(box) != 2 * len(size) or any(
        not 0 <= low < high <= length for (low, high), length in zip(spans, size, strict=True)
    ):
        raise IndexError(box, size)
    walk = _Walk(graph, shapes, strict, layer)
    walk.begin(layer, tuple([AxisSet(low, high) for low, high in spans]))
    return _found(walk, layer, box, strict)


def _found(walk: _Walk, layer: str, unit: tuple[int, ...], strict: bool) -> UnitField:
    sets = walk.finish(layer)
    return UnitField(layer, unit, sets, walk.exactness, "included" if strict else "ignored")


class _Walk:
    """The reverse topological walk; every layer is left when all that reads it is done."""

    def __init__(self, graph: Graph, shapes: Mapping[str, Shape], strict: bool, layer: str) -> None:
        self.exactness: Exactness = "exact"
        self._plan = plan(graph, shapes, strict)
        self._waiting: dict[str, GrowingSet] = {}
        self._hidden: set[str] = set()
        self._sees_all = layer in whole_reach(graph, shapes, strict)
        """What taps do not follow is then read whole; nothing on the way is not known."""
        self._of_whole: Exactness = "upper bound" if layer in behind_cuts(graph) else "whole input"

    def begin(self, layer: str, units: Product) -> None:
        cells = GrowingSet()
        cells.products.append(units)
        self._waiting[layer] = cells

    def finish(self, layer: str) -> dict[str, UnitSet]:
        """Walk to the inputs; sets in topological order."""
        found: list[tuple[str, UnitSet]] = []
        for step in self._plan:
            cells = self._waiting.pop(step.layer, None)
            if cells is None:
                continue
            hidden = step.layer in self._hidden
            if not hidden:
                found.append((step.layer, cells.frozen(step.size)))
            self._take(step, cells, hidden)
        return dict(reversed(found))

    def _take(self, step: Step, cells: GrowingSet, hidden: bool) -> None:
        waiting = self._waiting
        if step.bounded and self.exactness == "exact" and not cells.empty:
            self.exactness = "upper bound"
        if hidden or step.ports is None:
            for source in step.inputs:
                waiting.setdefault(source, GrowingSet())
                self._hide(source)
            return
        if step.passes_on and step.inputs[0] not in waiting:
            waiting[step.inputs[0]] = cells.copy()
            return
        for port in step.ports:
            target = waiting.get(port.source)
            if target is None:
                target = waiting[port.source] = GrowingSet()
            if isinstance(port.how, tuple):
                _pull(cells, target, port.how, port.size)
            elif port.how == "unknown" and not (self._sees_all or cells.empty):
                self._hide(port.source)
            elif port.how in ("unknown", "whole"):
                self._put_whole(target, port.size, cells)

    def _hide(self, source: str) -> None:
        self.exactness = "unknown"
        self._hidden.add(source)

    def _put_whole(self, target: GrowingSet, size: Shape, cells: GrowingSet) -> None:
        if cells.empty:
            return
        target.put(tuple(AxisSet(0, length) for length in size), size)
        if self.exactness in ("exact", "upper bound") and size:
            self.exactness = self._of_whole


def _pull(cells: GrowingSet, target: GrowingSet, readers: PortReaders, size: Shape) -> None:
    if cells.mask is not None:
        target.put_mask(_pulled_mask(cells.mask, readers, size))
        return
    for product in cells.products:
        read: list[AxisSet] = []
        for reader, units, length in zip(readers, product, size, strict=True):
            axis = AxisSet(0, length) if reader is None else reader.read(units)
            if axis is None:
                break
            read.append(axis)
        else:
            target.put(tuple(read), size)


def _pulled_mask(mask: Mask, readers: Sequence[AxisReader | None], size: Shape) -> Mask:
    """A mask of outputs becomes the mask of the inputs they read, one axis after the other."""
    for axis, (reader, length) in enumerate(zip(readers, size, strict=True)):
        moved = np.moveaxis(mask, axis, 0)
        pulled = np.zeros((length, *moved.shape[1:]), dtype=np.bool_)
        for index in range(moved.shape[0]):
            unit = AxisSet(index, index + 1)
            read = AxisSet(0, length) if reader is None else reader.read(unit)
            if read is not None and moved[index].any():
                pulled[list(read.indices)] |= moved[index]
        mask = np.moveaxis(pulled, 0, axis)
    return mask
