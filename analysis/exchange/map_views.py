"""Reads views of feature maps, which are no operators, and cuts, pads and rolls of their axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from analysis.exchange.aten.call import Reading
from analysis.exchange.aten.channels import PARTS
from analysis.exchange.aten.layers import pad_or_crop
from analysis.exchange.layout import Layout
from analysis.exchange.on_maps import LayoutOf, MapReader, OnMaps, listed, same
from analysis.exchange.recorded import Foreign, node_of
from analysis.operators import ChannelSlice, Crop, Roll, Subsample
from analysis.operators.contract import Operator


def _viewed(reading: Reading, layout_of: LayoutOf) -> OnMaps:
    result = reading.call.values[0]
    found = layout_of(reading.data()).parted(result.shape) if result is not None else None
    if found is None:
        raise Foreign
    return same(found)


def _permuted(reading: Reading, layout_of: LayoutOf) -> OnMaps:
    layout = layout_of(reading.data())
    rank = len(layout.dims)
    return same(layout.permuted([each % rank for each in reading.get("dims")]))


def _transposed(reading: Reading, layout_of: LayoutOf) -> OnMaps:
    layout = layout_of(reading.data())
    rank = len(layout.dims)
    first = reading.get("dim0", reading.get("axis0", 0)) % rank
    second = reading.get("dim1", reading.get("axis1", 1)) % rank
    order = list(range(rank))
    order[first], order[second] = second, first
    return same(layout.permuted(order))


def _moved(reading: Reading, layout_of: LayoutOf) -> OnMaps:
    layout = layout_of(reading.data())
    rank = len(layout.dims)
    sources = [each % rank for each in listed(reading.get("source"))]
    places = [each % rank for each in listed(reading.get("destination"))]
    order = [each for each in range(rank) if each not in sources]
    for place, source in sorted(zip(places, sources, strict=True)):
        order.insert(place, source)
    return same(layout.permuted(order))


def _copied(reading: Reading, layout_of: LayoutOf) -> OnMaps:
    layout, result = layout_of(reading.data()), reading.call.values[0]
    if result is None or result.shape != layout.recorded or result != reading.value():
        raise Foreign
    return same(layout)


# ------------------------------------------------------------------------------------ parts


def _slice(reading: Reading, layout_of: LayoutOf) -> OnMaps:
    layout = layout_of(reading.data())
    dim = reading.get("dim", 0) % len(layout.dims)
    length = layout.recorded[dim]
    span = slice(reading.get("start"), reading.get("end"), reading.get("step", 1))
    return _cut(layout, dim, *span.indices(length))


def _narrow(reading: Reading, layout_of: LayoutOf) -> OnMaps:
    layout = layout_of(reading.data())
    dim = reading.get("dim") % len(layout.dims)
    start = reading.get("start") % layout.recorded[dim]
    return _cut(layout, dim, start, start + reading.get("length"))


def _select(reading: Reading, layout_of: LayoutOf) -> OnMaps:
    layout = layout_of(reading.data())
    dim = reading.get("dim") % len(layout.dims)
    return _one(layout, dim, reading.get("index") % layout.recorded[dim])


def _unbound(reading: Reading, layout_of: LayoutOf) -> OnMaps:
    layout = layout_of(reading.data())
    if reading.index is None:
        raise Foreign
    return _one(layout, reading.get("dim", 0) % len(layout.dims), reading.index)


def _part(reading: Reading, layout_of: LayoutOf) -> OnMaps:
    layout = layout_of(reading.data())
    if reading.index is None:
        raise Foreign
    dim = reading.get("dim", 0) % len(layout.dims)
    lengths = [0 if value is None else value.shape[dim] for value in reading.call.values]
    start = sum(lengths[: reading.index])
    return _cut(layout, dim, start, start + lengths[reading.index])


def _one(layout: Layout, dim: int, index: int) -> OnMaps:
    """Entry `index` of an axis, which goes."""
    found = _cut(layout, dim, index, index + 1)
    dims = (*found.layout.dims[:dim], *found.layout.dims[dim + 1 :])
    return replace(found, layout=found.layout.with_dims(dims))


def _cut(layout: Layout, dim: int, start: int, stop: int, step: int = 1) -> OnMaps:
    length, count = layout.recorded[dim], len(range(start, stop, step))
    if count == length:
        return same(layout)
    if layout.folded or not count:
        raise Foreign
    operator = _channels(layout, dim, start, stop, step) or _pixels(layout, dim, start, stop, step)
    return OnMaps(operator, (layout,), layout.resized(dim, count))


def _channels(layout: Layout, dim: int, start: int, stop: int, step: int) -> Operator | None:
    place = layout.place_in_channels(dim)
    if place is None:
        return None
    before, length, after = place
    if before == 1 and step == 1:
        return ChannelSlice(start * after, stop * after)
    if after == 1 and (before == 1 or stop - start == 1):
        every = step if before == 1 else length
        return ChannelSlice(start, stop if before == 1 else before * length, every)
    raise Foreign


def _pixels(layout: Layout, dim: int, start: int, stop: int, step: int) -> Operator:
    axis, size = layout.axis(dim), layout.recorded[dim]
    if not axis:
        raise Foreign
    axes = range(1, len(layout.axes))
    if step == 1:
        befores = tuple(start if each == axis else 0 for each in axes)
        return Crop(befores, tuple(size - stop if each == axis else 0 for each in axes))
    if len(range(start, size, step)) != len(range(start, stop, step)):
        raise Foreign
    starts = tuple(start if each == axis else 0 for each in axes)
    return Subsample(starts, tuple(step if each == axis else 1 for each in axes))


def _padded(reading: Reading, layout_of: LayoutOf) -> OnMaps:
    """A frame round the pixels, as to a multiple of a window; of nothing it is the same view."""
    layout, pad = layout_of(reading.data()), list(reading.get("pad", ()))
    if not any(pad):
        return same(layout)
    rank = len(layout.dims)
    ends = {rank - 1 - at // 2: (pad[at], pad[at + 1]) for at in range(0, len(pad), 2)}
    if layout.folded or reading.get("mode", "constant") != "constant":
        raise Foreign
    pairs = [(0, 0)] * (len(layout.axes) - 1)
    found = layout
    for dim, pair in ends.items():
        axis = layout.axis(dim)
        if any(pair):
            if not axis:
                raise Foreign
            pairs[axis - 1] = pair
            found = found.resized(dim, layout.recorded[dim] + sum(pair))
    operator = pad_or_crop(pairs, "drop", float(reading.get("value", 0.0)))
    return OnMaps(operator, (layout,), found)


# ------------------------------------------------------------------------------------ rolls


def read_rolled(reading: Reading, layout_of: LayoutOf) -> OnMaps:
    """A call of torch's `roll`."""
    layout = layout_of(reading.data())
    shifts = [0] * (len(layout.axes) - 1)
    pairs = zip(listed(reading.get("shifts")), listed(reading.get("dims")), strict=True)
    for shift, dim in pairs:
        axis = layout.axis(dim)
        if layout.folded or not axis:
            raise Foreign
        shifts[axis - 1] += shift
    return OnMaps(Roll(tuple(shifts)), (layout,), layout)


def read_roll(reading: Reading, layout_of: LayoutOf, dim: int) -> OnMaps | None:
    """The roll that a concatenation along an axis is: of `x[k:]` and `x[:k]`. None elsewhere."""
    names = [node_of(each) or "" for each in reading.get("tensors")]
    spans = [span for name in names if (span := _span(reading, name, dim)) is not None]
    if len(spans) != 2 or len(names) != 2:
        return None
    (source, start, stop), (other, first, last) = spans
    value = reading.recording.values.get(source)
    length = value.shape[dim] if value is not None else 0
    if source != other or (first, last, stop) != (0, start, length):
        return None
    layout = layout_of(source)
    axis = layout.axis(dim)
    if layout.folded or not axis:
        return None
    shifts = tuple(-start if each == axis else 0 for each in range(1, len(layout.axes)))
    return OnMaps(Roll(shifts), (layout,), layout)


def _span(reading: Reading, name: str, dim: int) -> tuple[str, int, int] | None:
    """(tensor, start, stop) of the part of an axis that a tensor is."""
    call = reading.made_by(name)
    if call is None or call.packet != "slice" or call.get("step", 1) != 1:
        return None
    source = node_of(call.get("self")) or ""
    value = reading.recording.values.get(source)
    if value is None or call.get("dim", 0) % len(value.shape) != dim:
        return None
    start, stop, _ = slice(call.get("start"), call.get("end")).indices(value.shape[dim])
    return source, start, stop


VIEWS: Mapping[str, MapReader] = {
    **dict.fromkeys(("view", "reshape", "_unsafe_view", "flatten", "unflatten"), _viewed),
    **dict.fromkeys(("squeeze", "unsqueeze", "view_as", "reshape_as"), _viewed),
    "permute": _permuted,
    **dict.fromkeys(("transpose", "swapaxes", "swapdims", "t"), _transposed),
    **dict.fromkeys(("movedim", "moveaxis"), _moved),
    **dict.fromkeys(("contiguous", "clone", "alias", "detach", "to", "_to_copy"), _copied),
    **dict.fromkeys(("expand", "expand_as", "lift_fresh_copy", "positive"), _copied),
}
"""Calls that lay the same values out anew."""

PARTS_OF_MAPS: Mapping[str, MapReader] = {
    "slice": _slice,
    "narrow": _narrow,
    "select": _select,
    "unbind": _unbound,
    **dict.fromkeys(PARTS, _part),
}
"""Calls that cut something out of a map."""

PADS: Mapping[str, MapReader] = dict.fromkeys(("pad", "constant_pad_nd"), _padded)
