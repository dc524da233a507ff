"""Measures the influence of padding: which units see it and how much, and unseen pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.graph import Graph
from analysis.operators.contract import SAME, ListedTaps, Operator, PeriodicTaps, Shape, Taps
from analysis.receptive_field.all_fields import fields
from analysis.receptive_field.borders import rows_read
from analysis.receptive_field.field import Field
from analysis.receptive_field.phases import AxisPhases
from analysis.receptive_field.tables import AxisTable, GrowingTables, LayerTable
from analysis.receptive_field.taps import UNKNOWN, WHOLE, Reading, readings
from analysis.receptive_field.unit import region_field
from analysis.receptive_field.unit_set import Mask

Shares = NDArray[np.float64]

_Line = tuple[Mask, Mask]
"""(touched, reads) of the units along one axis."""
Reached = Mapping[str, Sequence[_Line] | None]
"""Lines of the axes of each layer, None where they are unknown."""


@dataclass(frozen=True, eq=False)
class AxisPadding:
    """One axis of a layer, an entry a unit.

    `touched`: a path from the unit reads past the end of a map, at this layer or any before it.
    `reads`: the unit reads anything at all. `lost`: the share of the stretch it would see of an
    endless image that it does not see of this one; None where no period exists.
    """

    touched: Mask
    reads: Mask
    lost: Shares | None


@dataclass(frozen=True, eq=False)
class PaddingInfluence:
    """How padding reaches one layer.

    Padding is whatever stands past the end of a map, be it zeros, copies or a mirror image;
    interpolation, which repeats the last pixel by definition, pads nothing. `bound` says that a
    join with units that see nothing lies before the layer: too many may then count as touched.
    """

    layer: str
    axes: tuple[AxisPadding, ...]
    bound: bool

    def touched(self) -> Mask:
        """(*spatial) of the layer: the units that see padding along any axis."""
        found = np.zeros([len(axis.touched) for axis in self.axes], dtype=np.bool_)
        for axis, line in enumerate(self.axes):
            found |= _along(line.touched, axis, len(self.axes))
        for axis, line in enumerate(self.axes):
            found &= _along(line.reads, axis, len(self.axes))
        return found

    def lost(self) -> Shares | None:
        """(*spatial) of the layer: the share of each unit's box that the end of the image took.

        Of the box that the unit would see of an endless image; 0 in the middle of a large one.
        """
        kept = np.ones([len(axis.touched) for axis in self.axes])
        for axis, line in enumerate(self.axes):
            if line.lost is None:
                return None
            kept *= _along(1 - line.lost, axis, len(self.axes))
        return 1 - kept


def _along(line: NDArray[Any], axis: int, rank: int) -> NDArray[Any]:
    return line.reshape([-1 if at == axis else 1 for at in range(rank)])


def padding_influence(
    graph: Graph,
    shapes: Mapping[str, Shape],
    layer: str,
    strict: bool = False,
    field: Field | None = None,
    table: LayerTable | None = None,
    reached: Reached | None = None,
) -> PaddingInfluence | None:
    """Which units of `layer` see padding, and how much.

    `field`, `table` and `reached` (of `padding_reach`) spare making the layer's again.

    None where an operator on the way could not be read, or where the layer has no map. Raises
    KeyError when the layer has no shape.
    """
    spatial = shapes[layer][1:]
    touching = (reached or padding_reach(graph, shapes, layer, strict))[layer]
    if table is None:
        position = next(at for at, node in enumerate(graph.nodes) if node.id == layer)
        growing = GrowingTables(graph, shapes, strict)
        growing.up_to(position + 1)
        table = growing.layers[layer]
    if touching is None or table is None or not spatial:
        return None
    if field is None:
        field = fields(graph, shapes, strict)[layer]
    axes: Sequence[AxisPhases | None] = field.axes or (None,) * len(spatial)
    lines = [
        AxisPadding(touched, reads, None if phases is None else _lost(phases, seen))
        for (touched, reads), phases, seen in zip(touching, axes, table.axes, strict=False)
    ]
    return PaddingInfluence(layer, tuple(lines), table.bound)


def padding_shares(shapes: Mapping[str, Shape], reached: Reached) -> Mapping[str, float]:
    """The share of its units that see padding, of each map in `reached`, in its order.

    Units as `PaddingInfluence.touched` has them. Layers that could not be followed are left out.
    """
    return {
        name: _touched_share(axes)
        for name, axes in reached.items()
        if axes is not None and len(shapes[name]) > 1
    }


def _touched_share(axes: Sequence[_Line]) -> float:
    """Those that read anything without those that no axis brings to padding, over all."""
    reading = prod(int(reads.sum()) for _, reads in axes)
    free = prod(int((reads & ~touched).sum()) for touched, reads in axes)
    return (reading - free) / prod(len(touched) for touched, _ in axes)


def dead_pixels(
    graph: Graph,
    shapes: Mapping[str, Shape],
    layer: str,
    strict: bool = False,
    source: str | None = None,
) -> Mask | None:
    """(*spatial) of `source` (the first input): the pixels that no unit of `layer` sees.

    None where an operator on the way could not be read. Raises KeyError when either layer has
    no shape.
    """
    if source is None:
        source = next((node.id for node in graph.inputs), "")
    size, units = shapes[source][1:], shapes[layer][1:]
    found = region_field(graph, shapes, layer, (0,) * len(units) + units, strict)
    if source in found.sets:
        return ~found.sets[source].mask()
    return None if found.exactness == "unknown" else np.ones(size, dtype=np.bool_)


def _lost(phases: AxisPhases, seen: AxisTable) -> Shares:
    """The part of each unit's endless stretch that lies outside what the table says it sees."""
    turn, phase = np.divmod(np.arange(len(seen.lo)), phases.period)
    offsets = np.array([0 if offset is None else offset for offset in phases.offsets])
    extents = np.array(phases.extents)[phase]
    low = turn * phases.advance + offsets[phase]
    kept = np.minimum(seen.hi, low + extents) - np.maximum(seen.lo, low)
    kept = np.where(seen.lo < 0, 0, np.maximum(kept, 0))
    lost: Shares = np.where(extents > 0, 1 - kept / np.maximum(extents, 1), 0.0)
    return lost


# ------------------------------------------------------------------- who reads past an end


def padding_reach(
    graph: Graph, shapes: Mapping[str, Shape], layer: str, strict: bool = False
) -> Reached:
    """Lines of `layer` and all before it, in topological order; None where that is unknown."""
    wanted = graph.ancestors(layer)
    made: dict[str, list[_Line] | None] = {}
    for node in graph.nodes:
        if node.id not in wanted:
            continue
        lengths = shapes[node.id][1:] or (1,)
        lines: list[_Line] | None = None
        for source, how in readings(graph, node, shapes, strict):
            if how is None:
                continue
            seen = made[source]
            if seen is None or how is UNKNOWN:
                break
            more = _read(node.operator, how, seen, lengths)
            lines = more if lines is None else _either(lines, more)
        else:
            lines = lines or [_untouched(length, not node.inputs) for length in lengths]
            made[node.id] = lines
            continue
        made[node.id] = None
    return made


def _untouched(length: int, reads: bool) -> _Line:
    return np.zeros(length, np.bool_), np.full(length, reads, np.bool_)


def _either(lines: Sequence[_Line], more: Sequence[_Line]) -> list[_Line]:
    return [(a | c, b | d) for (a, b), (c, d) in zip(lines, more, strict=True)]


def _read(
    operator: Operator, how: Reading, seen: Sequence[_Line], lengths: Sequence[int]
) -> list[_Line]:
    if how == ():
        return list(seen)
    if how is WHOLE or not isinstance(how, tuple):
        touched = any(bool(line.any()) for line, _ in seen)
        reads = all(bool(line.any()) for _, line in seen)
        return [(np.full(n, touched), np.full(n, reads)) for n in lengths]
    pads = operator.family != "resample" and operator.key != "roll"  # that moves its pixels round
    return [
        _gathered(taps, source, length, pads)
        for taps, source, length in zip(how, seen, lengths, strict=True)
    ]


def _gathered(taps: Taps, seen: _Line, length: int, pads: bool) -> _Line:
    touched, reads = seen
    if taps == SAME and length == len(touched):
        return seen
    if not isinstance(taps, PeriodicTaps | ListedTaps):
        return np.full(length, touched.any()), np.full(length, reads.any())
    size = len(touched)
    rows = rows_read(taps, size, length)
    past = np.zeros(length, dtype=np.bool_)
    if isinstance(taps, PeriodicTaps) and pads:
        past = _past(taps, size, length)
    # An index of -1, no tap, finds the entry added at the end.
    found = np.logical_or.reduce(np.append(touched, False)[rows], axis=1)
    some = np.logical_or.reduce(np.append(reads, False)[rows], axis=1)
    return found | past, some | past


def _past(taps: PeriodicTaps, size: int, length: int) -> Mask:
    """Whether each output has a tap before 0 or from `size` on."""
    turn, phase = np.divmod(np.arange(length), taps.period)
    firsts = np.array([min(row, default=0) for row in taps.offsets])
    lasts = np.array([max(row, default=0) for row in taps.offsets])
    some = np.array([bool(row) for row in taps.offsets])
    start = turn * taps.advance
    past: Mask = ((start + firsts[phase] < 0) | (start + lasts[phase] >= size)) & some[phase]
    return past
