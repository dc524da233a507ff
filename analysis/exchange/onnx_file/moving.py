"""Pixels and channels in another order, thinned or pooled in groups, as ONNX nodes."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from math import prod

from analysis import operators as ops
from analysis.exchange.onnx_file.layer import Layer, Writer
from analysis.operators.contract import Shape

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


def unfold(layer: Layer, operator: ops.Unfold) -> str:
    """`Conv` of each channel by itself with kernels that hold one 1: a channel for each pixel."""
    pads = [*operator.padding] * 2
    channels = layer.shapes[0][0]
    kernels = _one_pixel_each(layer, operator.kernel, channels)
    return layer.add("Conv", layer.inputs[0], kernels, kernel_shape=operator.kernel, pads=pads,
                     strides=operator.stride, dilations=operator.dilation,
                     group=channels)  # fmt: skip


def fold(layer: Layer, operator: ops.Fold) -> str:
    """`ConvTranspose` of the channels of each window with kernels that hold one 1."""
    channels = layer.shape[0]
    kernels = _one_pixel_each(layer, operator.kernel, channels)
    return layer.add("ConvTranspose", layer.inputs[0], kernels, kernel_shape=operator.kernel,
                     pads=[*operator.padding] * 2, strides=operator.stride,
                     dilations=operator.dilation, output_padding=operator.output_padding,
                     group=channels)  # fmt: skip


def _one_pixel_each(layer: Layer, kernel: Shape, channels: int) -> str:
    """(channels · pixels, 1, *kernel): one kernel for each pixel of a window, for each channel."""
    import numpy as np

    pixels = np.eye(prod(kernel), dtype=np.float32).reshape(-1, 1, *kernel)
    return layer.constant(np.tile(pixels, (channels, *(1,) * (len(kernel) + 1))))


def size_like(layer: Layer, source: str, channels: int) -> str:
    """The shape, for a `Reshape`, of so many channels on the size that a map has when it runs."""
    sizes = layer.add("Shape", source, start=2)
    return layer.add("Concat", layer.ints(0, channels), sizes, axis=0)


MOVING: Mapping[type, Writer] = {
    ops.Rearrange: rearrange,
    ops.Roll: roll,
    ops.Subsample: subsample,
    ops.ChannelGroupPool: channel_group_pool,
    ops.Unfold: unfold,
    ops.Fold: fold,
}
