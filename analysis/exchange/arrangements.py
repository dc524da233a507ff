"""Reads calls on tensors that are a feature map laid out another way, as calls on the map."""

from __future__ import annotations

import contextlib
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, cast

from analysis.exchange.aten.call import Reading
from analysis.exchange.aten.read import read
from analysis.exchange.attention_calls import read_attention
from analysis.exchange.layout import Layout
from analysis.exchange.map_views import PADS, PARTS_OF_MAPS, VIEWS, read_roll, read_rolled
from analysis.exchange.on_maps import LayoutOf, MapReader, OnMaps, listed
from analysis.exchange.recorded import Call, Foreign, Value, node_of
from analysis.exchange.sizes.held_cuts import held_cut
from analysis.exchange.unfolded import UNFOLDED
from analysis.operators import (
    ChannelGroupPool,
    ChannelLinear,
    ChannelNorm,
    Concatenate,
    Crop,
    FollowedCall,
    GlobalPool,
    LogSoftmax,
    ParameterArithmetic,
    Softmax,
)
from analysis.operators.contract import Operator

# ------------------------------------------------------------------------- joins and sums


def _concatenated(reading: Reading, layout_of: LayoutOf) -> OnMaps:
    layouts = [layout_of(node_of(each) or "") for each in reading.get("tensors")]
    dim = reading.get("dim", 0) % len(layouts[0].dims)
    if not any(layout.dims[dim] for layout in layouts) and len(layouts[0].dims) > 2:
        return _on_a_new_axis(layouts, dim)
    if (turned := read_roll(reading, layout_of, dim)) is not None:
        return turned
    alike = [layout.resized(dim, 2) for layout in layouts]
    channels = all(layout.is_channels(dim) and not layout.folded for layout in layouts)
    if not all(alike[0].alike(each) for each in alike):
        raise Foreign
    if not channels:
        return _one_after_the_other(layouts, dim)
    total = sum(layout.recorded[dim] for layout in layouts)
    return OnMaps(Concatenate(), tuple(layouts), layouts[0].resized(dim, total))


def _one_after_the_other(layouts: list[Layout], dim: int) -> OnMaps:
    """Joins maps along a spatial axis, such as the token of a class and those of the pixels."""
    longer = layouts[0].resized(dim, 2)
    axis = longer.axis(dim)
    at = next((at for at, own in enumerate(longer.axes) if own and own == longer.dims[dim]), 0)
    if not axis or not at or any(layout.folded for layout in layouts):
        raise Foreign
    total = sum(layout.recorded[dim] for layout in layouts)
    operator = FollowedCall.join(at, len(layouts))
    return OnMaps(operator, tuple(layouts), layouts[0].resized(dim, total))


def _on_a_new_axis(layouts: list[Layout], dim: int) -> OnMaps:
    """Joins maps along an axis that each has once: a stack written as a concatenation."""
    first = layouts[0]
    alone = first.with_dims((*first.dims[:dim], *first.dims[dim + 1 :]))
    if len(layouts) < 2 or first.folded or not all(first.alike(each) for each in layouts):
        raise Foreign
    return OnMaps(Concatenate(), tuple(layouts), alone.stacked(dim, len(layouts)))


def _stacked(reading: Reading, layout_of: LayoutOf) -> OnMaps:
    layouts = [layout_of(node_of(each) or "") for each in reading.get("tensors")]
    first = layouts[0]
    if len(layouts) < 2 or first.folded or not all(first.alike(each) for each in layouts):
        raise Foreign
    dim = reading.get("dim", 0) % (len(first.dims) + 1)
    return OnMaps(Concatenate(), tuple(layouts), first.stacked(dim, len(layouts)))


def _joined(reading: Reading, layout_of: LayoutOf) -> OnMaps:
    """Arithmetic of two maps that lie alike, or of a map and a weight."""
    first, second = node_of(reading.get("self")), node_of(reading.get("other"))
    if first is None or second is None:
        return _pointwise(reading, layout_of)
    tensors = reading.recording.tensors
    if first in tensors or second in tensors:
        return _with_weight(reading, layout_of, first, second)
    layouts = layout_of(first), layout_of(second)
    if not layouts[0].alike(layouts[1]):
        raise Foreign
    operator = read(*_on_map(reading, dict(zip((first, second), layouts, strict=True)))).operator
    return OnMaps(operator, layouts, layouts[0])


_TURNED: Mapping[str, tuple[Any, Any]] = {
    "add": ("add", "add"),
    "sub": ("subtract", "subtract_from"),
    "mul": ("multiply", "multiply"),
    "div": ("divide", None),
}


def _with_weight(reading: Reading, layout_of: LayoutOf, first: str, second: str) -> OnMaps:
    tensors = reading.recording.tensors
    source, weight = (first, second) if second in tensors else (second, first)
    function = _TURNED[reading.call.packet][0 if second in tensors else 1]
    layout, value = layout_of(source), tensors[weight][1]
    odd = value.dtype != "float32" or layout.folded or reading.get("alpha", 1) != 1
    if function is None or odd or len(value.shape) > len(layout.dims):
        raise Foreign
    dims = layout.dims[len(layout.dims) - len(value.shape) :]
    recorded = layout.recorded[len(layout.dims) - len(value.shape) :]
    there: list[int] = []
    for atoms, length, own in zip(dims, recorded, value.shape, strict=True):
        if own not in (1, length):
            raise Foreign
        there += atoms if own != 1 else ()
    for axis in layout.axes:
        if set(axis) & set(there) not in (set(), set(axis)):
            raise Foreign  # it differs along a part of an axis alone
    factors = tuple(layout.sizes[atom] for atom in there)
    order = tuple(sorted(range(len(there)), key=there.__getitem__))
    axes = zip(layout.axes, layout.shape, strict=True)
    to = tuple(size if set(axis) <= set(there) else 1 for axis, size in axes)
    trained = weight not in reading.recording.held
    operator = ParameterArithmetic(function, value.shape, trained, factors, order, to)
    return OnMaps(operator, (layout,), layout, {"weight": weight})


def _pooled(mode: Literal["sum", "average", "max"]) -> MapReader:
    def reader(reading: Reading, layout_of: LayoutOf) -> OnMaps:
        layout, result = layout_of(reading.data()), reading.call.values[0]
        if layout.folded or result is None or reading.get("dtype") is not None:
            raise Foreign
        if reading.index not in (None, 0):  # the places of the largest
            raise Foreign
        rank = len(layout.dims)
        over = {each % rank for each in listed(reading.get("dim", list(range(rank))))}
        keeps = bool(reading.get("keepdim", False))
        left = [at for at in range(len(layout.dims)) if keeps or at not in over]
        kept = tuple(() if at in over else layout.dims[at] for at in left)
        atoms = {atom for at in over for atom in layout.dims[at]}
        whole = atoms == {atom for axis in layout.axes[1:] for atom in axis} and atoms
        if whole and mode != "sum" and len(result.shape) == 2 and not keeps:
            pooled = Layout.plain("", layout.shape[:1])
            if pooled.dims != layout.with_dims(kept).dims and len(layout.axes[0]) != 1:
                raise Foreign
            return OnMaps(GlobalPool(mode, False), (layout,), pooled)
        place = layout.place_of_atoms(tuple(atom for atom in layout.axes[0] if atom in atoms))
        if place is None or not atoms <= {*layout.axes[0]}:
            raise Foreign
        pooled = layout
        for at in over:
            pooled = pooled.resized(at, 1)
        dims = tuple(a for at, a in enumerate(pooled.dims) if keeps or at not in over)
        operator = ChannelGroupPool(mode, place[0], place[1])
        return OnMaps(operator, (layout,), pooled.with_dims(dims))

    return reader


# ------------------------------------------------------------------------- of each pixel


def _linear(reading: Reading, layout_of: LayoutOf) -> OnMaps:
    layout = layout_of(reading.data("input"))
    if layout.folded or len(layout.axes) < 2 or not layout.is_channels(-1):
        raise Foreign
    weights = reading.weights(weight="weight", bias="bias")
    features = reading.value("weight").shape[0]
    operator = ChannelLinear(features, "bias" in weights)
    return OnMaps(operator, (layout,), _of_channels(layout, -1, features), weights)


def _of_channels(layout: Layout, dim: int, channels: int) -> Layout:
    """With another number of channels, which are one axis of the tensor."""
    if layout.axes[0] or channels == 1:
        return layout.resized(dim, channels)
    new = len(layout.sizes)
    dims = list(layout.dims)
    dims[dim] = (new,)
    grown = replace(layout, axes=((new,), *layout.axes[1:]), sizes=(*layout.sizes, channels))
    return grown.with_dims(tuple(dims))


def _layer_norm(reading: Reading, layout_of: LayoutOf) -> OnMaps:
    layout = layout_of(reading.data("input"))
    shape = tuple(reading.get("normalized_shape"))
    if layout.folded or not layout.is_channels(-1) or shape != layout.shape[:1]:
        raise Foreign
    weights = reading.weights(weight="weight", bias="bias")
    if ("weight" not in weights and weights) or len(layout.axes) < 2:
        raise Foreign
    bias = not weights or "bias" in weights
    operator = ChannelNorm(float(reading.get("eps", 1e-5)), bool(weights), bias)
    return OnMaps(operator, (layout,), layout, weights)


def _softmax(operator: Operator) -> MapReader:
    def reader(reading: Reading, layout_of: LayoutOf) -> OnMaps:
        layout = layout_of(reading.data())
        if layout.folded or not layout.is_channels(reading.get("dim")):
            raise Foreign
        return OnMaps(operator, (layout,), layout)

    return reader


def _of_statistics(reading: Reading, layout_of: LayoutOf) -> OnMaps:
    """A norm of channels and pixels, wherever the pixels lie."""
    source = reading.data("input")
    layout = layout_of(source)
    if layout.folded or not layout.keeps_places:
        raise Foreign
    found = read(*_on_map(reading, {source: layout}))
    return OnMaps(found.operator, (layout,), layout, found.weights)


def _pointwise(reading: Reading, layout_of: LayoutOf) -> OnMaps:
    """A function of each unit alone."""
    sources = reading.call.sources()
    if len(sources) != 1 or AXES & reading.call.arguments.keys():
        raise Foreign
    layout = layout_of(sources[0])
    found = read(*_on_map(reading, {sources[0]: layout}))
    if not found.operator.pointwise or found.weights or found.inputs != (sources[0],):
        raise Foreign
    return OnMaps(found.operator, (layout,), layout)


AXES = frozenset(("dim", "dims", "axis", "pad", "num_groups", "normalized_shape", "kernel_size"))
"""Arguments that say of a call that it is not of each unit alone."""


def _on_map(reading: Reading, layouts: Mapping[str, Layout]) -> tuple[Call, Any]:
    """The call and its recording as if the maps themselves had been given."""
    maps: dict[str, Value | None] = {
        name: Value((1, *layout.shape), "float32") for name, layout in layouts.items()
    }
    values = cast(dict[str, Value | None], ChainMap(maps, reading.recording.values))
    call = replace(reading.call, values=(next(iter(maps.values())),))
    return call, replace(reading.recording, values=values)


ON_MAPS: Mapping[str, MapReader] = {
    **VIEWS,
    **PARTS_OF_MAPS,
    **dict.fromkeys(("cat", "concat"), _concatenated),
    "stack": _stacked,
    **dict.fromkeys(("add", "sub", "mul", "div"), _joined),
    "sum": _pooled("sum"),
    "mean": _pooled("average"),
    **dict.fromkeys(("amax", "max"), _pooled("max")),
    "linear": _linear,
    "layer_norm": _layer_norm,
    "softmax": _softmax(Softmax()),
    "log_softmax": _softmax(LogSoftmax()),
    "roll": read_rolled,
    **UNFOLDED,
    **PADS,
    **dict.fromkeys(("batch_norm", "instance_norm", "group_norm"), _of_statistics),
}


def read_on_maps(reading: Reading, layout_of: LayoutOf) -> OnMaps:
    """The call as one on maps, or as the end of an attention. Raises Foreign where it is none."""
    with contextlib.suppress(Foreign):
        return read_attention(reading, layout_of)
    reader = ON_MAPS.get(reading.call.packet, _pointwise)
    try:
        return _held(reader(reading, layout_of), reading)
    except (KeyError, TypeError, ValueError, IndexError, StopIteration) as error:
        raise Foreign from error


def _held(found: OnMaps, reading: Reading) -> OnMaps:
    """With a cut that is held to its size, where its numbers are those of one size."""
    if not isinstance(found.operator, Crop):
        return found
    size = found.sources[0].shape[1:]
    operator = held_cut(found.operator, reading.call, reading.recording, size)
    return replace(found, operator=operator)
