"""Pixels and channels in another order, thinned or pooled in groups, as ONNX nodes."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from math import prod

from analysis import operators as ops
from analysis.exchange.onnx_file.layer import Layer, Writer

END = 2**62
"""Behind the last index of every axis."""


def rearrange(layer: Layer, operator: ops.Rearrange) -> str:
    """`Reshape` into the factors, `Transpose`, and `Reshape` to what they make together."""
    sizes = tuple(chain.from_iterable(operator.factors))
    parted = layer.add("Reshape", layer.inputs[0], layer.ints(-1, *sizes))
    order = [0, *(number + 1 for axis in operator.order for number in axis)]
    moved = layer.add("Transpose", parted, perm=order)
    lengths = [prod(sizes[number] for number in axis) for axis in operator.order[1:]]
    return layer.add("Reshape", moved, layer.ints(-1, *lengths))


def roll(layer: Layer, operator: ops.Roll) -> str:
    """`Slice` at a place that is computed when it runs, and `Concat` of both parts the other way.

    A shift may be longer than the axis.
    """
    moved = layer.inputs[0]
    for axis, shift in enumerate(operator.shifts, 2):
        length = layer.add("Shape", moved, start=axis, end=axis + 1)
        cut, along = layer.add("Mod", layer.ints(-shift), length), layer.ints(axis)
        front = layer.add("Slice", moved, layer.ints(0), cut, along)
        back = layer.add("Slice", moved, cut, layer.ints(END), along)
        moved = layer.add("Concat", back, front, axis=axis)
    return moved if operator.shifts else layer.add("Identity", moved)


def subsample(layer: Layer, operator: ops.Subsample) -> str:
    """`Slice` with steps."""
    count = len(operator.start)
    if not count:
        return layer.add("Identity", layer.inputs[0])
    parts = (operator.start, (END,) * count, range(2, 2 + count), operator.step)
    return layer.add("Slice", layer.inputs[0], *(layer.ints(*part) for part in parts))


def channel_group_pool(layer: Layer, operator: ops.ChannelGroupPool) -> str:
    """A view in which the factor is an axis, its mean, maximum or sum, and the view back."""
    name = {"average": "ReduceMean", "max": "ReduceMax", "sum": "ReduceSum"}[operator.mode]
    apart = layer.ints(0, operator.before, operator.over, -1)
    parted = layer.add("Reshape", layer.inputs[0], apart)
    pooled = layer.add(name, parted, layer.ints(2), keepdims=0)
    return layer.add("Reshape", pooled, size_like(layer, layer.inputs[0], layer.shape[0]))


def size_like(layer: Layer, source: str, channels: int) -> str:
    """The shape, for a `Reshape`, of so many channels on the size that a map has when it runs."""
    sizes = layer.add("Shape", source, start=2)
    return layer.add("Concat", layer.ints(0, channels), sizes, axis=0)


MOVING: Mapping[type, Writer] = {
    ops.Rearrange: rearrange,
    ops.Roll: roll,
    ops.Subsample: subsample,
    ops.ChannelGroupPool: channel_group_pool,
}
