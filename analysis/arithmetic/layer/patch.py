"""The part of a layer around one unit, as a case whose every output is the layer's own."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from analysis.arithmetic.case import Case
from analysis.arithmetic.example.example import affordable
from analysis.arithmetic.forms.plan import Cell, Indices
from analysis.arithmetic.forms.shifts import Values
from analysis.arithmetic.layer.layer import Layer
from analysis.arithmetic.layer.spans import span
from analysis.operators.contract import Border

SMALL = 12
"""A map of at most so many cells along an axis is shown whole, with its padding as padding."""
_AIMS = ((SMALL, 5), (0, 5), (0, 3), (0, 1))
"""(largest map shown whole, outputs along an axis), the best first: many channels take less."""


@dataclass(frozen=True, slots=True)
class Patch:
    """A case around one unit, and where it lies in the layer's maps.

    The case makes one output channel from all input channels of its group. `region` is what it
    reads of the input map, half open per axis: what lies outside the map is padding. Its output
    cell (0, …) is the feature map's cell `origin`, its output cell `unit` is the unit. Outputs lie
    in the feature map, except where a transposed convolution leaves no other way.
    """

    case: Case
    region: tuple[tuple[int, int], ...]
    origin: Cell
    unit: Cell


def patch(layer: Layer, unit: Cell) -> Patch:
    """The patch around a unit of the layer's feature map (one index per axis, inside the map).

    It is as large as can be read and computed on the spot; of a layer for which even one output
    is more than that, it is that one.
    """
    for small, aim in _AIMS:
        found = _patch(layer, unit, small, aim)
        if affordable(found.case):
            break
    return found


def _patch(layer: Layer, unit: Cell, small: int, aim: int) -> Patch:
    spans = [span(layer, axis, at, small, aim) for axis, at in enumerate(unit)]
    inputs = len(layer.inputs_of(0))
    case = replace(
        layer.whole,
        in_size=tuple(each.stop - each.first for each in spans),
        kernel=tuple(each.kernel for each in spans),
        padding=tuple(each.padding for each in spans),
        output_padding=tuple(each.output_padding for each in spans),
        groups=1,
        channels=(inputs, 1),
    )
    return Patch(
        case,
        tuple((each.first, each.stop) for each in spans),
        tuple(each.origin for each in spans),
        tuple(at - each.origin for at, each in zip(unit, spans, strict=True)),
    )


def cut(layer: Layer, patch: Patch, x: Values) -> Values:
    """The part of x that the patch reads, (C, *in_size) → (C, *case.in_size), with its padding.

    A maximum pads with −∞; here stands a number below all others of the patch, which no window
    takes, so that the values stay finite.
    """
    outside = np.zeros(patch.case.in_size, bool)
    taken = x
    for axis, (first, stop) in enumerate(patch.region):
        size = x.shape[axis + 1]
        at = np.arange(first, stop, dtype=np.int64)
        taken = np.take(taken, _source(at, size, layer.border), axis=axis + 1)
        if layer.border == "drop":
            line = [-1 if other == axis else 1 for other in range(outside.ndim)]
            outside |= ((at < 0) | (at >= size)).reshape(line)
    if not outside.any():
        return taken
    pooled = layer.whole.kind == "pool" and layer.whole.mode == "max"
    return np.where(outside, _below(taken[:, ~outside]) if pooled else 0, taken)


def feature_cells(patch: Patch, y: Values) -> Values:
    """The feature map's values at the case's outputs, y (*out_size) → (*case.out_size), float64.

    A cell outside the feature map is not a number.
    """
    result = np.full(patch.case.out_size, np.nan)
    sizes = zip(patch.origin, patch.case.out_size, y.shape, strict=True)
    ends = [(o, max(o, 0), min(o + count, size)) for o, count, size in sizes]
    here = tuple(slice(low - o, high - o) for o, low, high in ends)
    result[here] = y[tuple(slice(low, high) for _, low, high in ends)]
    return result


def _source(at: Indices, size: int, border: Border) -> Indices:
    """The cell of the map that stands at each place, inside or outside it."""
    if border == "circular":
        return at % size
    if border == "reflect":
        turn = max(1, 2 * (size - 1))
        return np.minimum(at % turn, turn - at % turn) if size > 1 else at * 0
    return np.clip(at, 0, size - 1)


def _below(values: Values) -> float:
    least = float(values.min())
    return least - max(1.0, abs(least))
