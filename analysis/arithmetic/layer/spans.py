"""One axis of a patch: which input cells it reads, so that each of its outputs is the layer's.

An axis of a layer is either taken whole, with the layer's own padding, or a stretch of it is: then
what the stretch reads beyond the map is part of it, and the case itself pads nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.arithmetic.layer.layer import Layer

LONGEST = 24
"""A patch of several outputs reads no more cells along an axis, so that they can be read."""
STAMPS = 3
"""Input cells that a stretch of a transposed convolution aims at, and the outputs it has at least:
where stamps overlap these take more cells."""


@dataclass(frozen=True, slots=True)
class Span:
    """Input cells [first, stop) of an axis, which may lie outside [0, size), and the case's axis.

    `origin` is the place in the feature map of the case's first output.
    """

    first: int
    stop: int
    kernel: int
    padding: int = 0
    output_padding: int = 0
    origin: int = 0


def span(layer: Layer, axis: int, unit: int, small: int, aim: int) -> Span:
    """The cells around a unit: the whole axis of a map of at most `small`, else a stretch.

    A stretch aims at `aim` outputs, of a transposed convolution at no more than STAMPS input
    cells. One that would reach over the whole map is the whole axis too, unless `small` is 0.
    """
    size = layer.whole.in_size[axis]
    plain = _is_plain(layer, axis)
    if plain and size <= small:
        return _whole(layer, axis)
    stretch = _stamped if layer.whole.kind == "transposed" else _windows
    found = stretch(layer, axis, unit, aim)
    if plain and small and found.first <= 0 and found.stop >= size:
        return _whole(layer, axis)
    return found


def _is_plain(layer: Layer, axis: int) -> bool:
    """Whether a case can pad this axis as the layer does: with nothing, alike on both sides."""
    before = layer.whole.padding[axis]
    return before == layer.after[axis] and (layer.border == "drop" or before == 0)


def _whole(layer: Layer, axis: int) -> Span:
    case = layer.whole
    return Span(
        0, case.in_size[axis], case.kernel[axis], case.padding[axis], case.output_padding[axis]
    )


# ------------------------------------------------------------- convolution and pooling


def _windows(layer: Layer, axis: int, unit: int, aim: int) -> Span:
    case = layer.whole
    stride, before, extent = case.stride[axis], case.padding[axis], case.extent[axis]
    low, high = 0, layer.out_size[axis]
    if case.kind == "pool":
        inner = _full_windows(layer, axis)
        if unit in inner:
            low, high = inner.start, inner.stop
        elif case.mode == "average":
            return _cut_window(layer, axis, unit)
    count = min(aim, high - low, 1 + max(0, LONGEST - extent) // stride)
    origin = min(max(low, unit - count // 2), high - count)
    first = stride * origin - before
    return Span(first, first + stride * (count - 1) + extent, case.kernel[axis], origin=origin)


def _counted(layer: Layer, axis: int) -> tuple[int, int]:
    """The cells that a pooling counts: the map, and for an average its padding if that counts."""
    case = layer.whole
    counts = case.mode == "average" and case.count_include_pad
    beyond = case.padding[axis] if counts else 0
    return -beyond, case.in_size[axis] + beyond


def _full_windows(layer: Layer, axis: int) -> range:
    """The outputs of a pooling whose windows hold nothing but cells that count."""
    case = layer.whole
    stride, before = case.stride[axis], case.padding[axis]
    low, high = _counted(layer, axis)
    first = -(-(low + before) // stride)
    last = (high + before - case.extent[axis]) // stride
    return range(first, min(last + 1, layer.out_size[axis]))


def _cut_window(layer: Layer, axis: int, unit: int) -> Span:
    """One window of an average cut to the cells it is divided by: no fill would give that sum."""
    case = layer.whole
    start = case.stride[axis] * unit - case.padding[axis]
    low, high = _counted(layer, axis)
    first, stop = max(start, low), min(start + case.kernel[axis], high)
    return Span(first, stop, stop - first, origin=unit)


# --------------------------------------------------------------- transposed convolution


def _stamped(layer: Layer, axis: int, unit: int, aim: int) -> Span:
    """Input cells whose stamps make the unit, cropped to what no other input cell writes into.

    The stamps of n cells from a on cover stride·(n − 1) + extent places; of those at each end
    extent − stride are shared with a neighbour outside. Cropping further moves the outputs against
    the map, so that at its ends they need not reach outside it.
    """
    case = layer.whole
    stride, extent = case.stride[axis], case.extent[axis]
    shared = max(0, extent - stride)
    least = min(STAMPS, layer.out_size[axis])
    cells = max(1, min(aim, STAMPS, 1 + (LONGEST - extent) // stride))
    cells = max(cells, 1 - (extent - 2 * shared - least) // stride)
    found = [
        (score, made)
        for n in range(cells, cells + 4)
        for crop in range(shared, shared + stride)
        for score, made in _places(layer, axis, unit, n, crop)
    ]
    return min(found, key=lambda each: each[0])[1]


def _places(
    layer: Layer, axis: int, unit: int, cells: int, crop: int
) -> list[tuple[tuple[int, ...], Span]]:
    """Where so many input cells can lie so that the unit is among their outputs; low is good."""
    case = layer.whole
    stride, padding, out = case.stride[axis], case.padding[axis], layer.out_size[axis]
    count = stride * (cells - 1) + case.extent[axis] - 2 * crop
    if count < min(STAMPS, out):
        return []
    # The first output lies at stride·first + crop − padding.
    lowest = -(-(unit - count + 1 + padding - crop) // stride)
    made: list[tuple[tuple[int, ...], Span]] = []
    for first in range(lowest, (unit + padding - crop) // stride + 1):
        origin = stride * first + crop - padding
        outside = max(0, -origin) + max(0, origin + count - out)
        aside = abs(2 * (unit - origin) - (count - 1))
        here = Span(first, first + cells, case.kernel[axis], crop, origin=origin)
        made.append(((outside, cells, crop, aside), here))
    return made
