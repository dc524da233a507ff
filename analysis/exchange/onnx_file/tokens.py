"""Attention, its products, and layers that treat the channels of each pixel, as ONNX nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from math import prod

from analysis import operators as ops
from analysis.exchange.onnx_file.layer import Layer, Writer
from analysis.exchange.onnx_file.moving import size_like
from analysis.exchange.onnx_file.rearranging import affine


def channel_linear(layer: Layer, operator: ops.ChannelLinear) -> str:
    """`MatMul` and `Add` with the channels last."""
    turned = layer.add("Transpose", layer.tensors["weight"], perm=[1, 0])
    found = layer.add("MatMul", _channels_last(layer), turned)
    if operator.bias:
        found = layer.add("Add", found, layer.tensors["bias"])
    return _channels_second(layer, found)


def channel_norm(layer: Layer, operator: ops.ChannelNorm) -> str:
    """`LayerNormalization` with the channels last."""
    pair = affine(layer, layer.shapes[0][0])
    last = _channels_last(layer)
    found = layer.add("LayerNormalization", last, *pair, axis=-1, epsilon=operator.eps)
    return _channels_second(layer, found)


def _channels_last(layer: Layer) -> str:
    order = [0, *range(2, layer.axes + 2), 1]
    return layer.add("Transpose", layer.inputs[0], perm=order)


def _channels_second(layer: Layer, name: str) -> str:
    return layer.add("Transpose", name, perm=[0, layer.axes + 1, *range(1, layer.axes + 1)])


def attention(layer: Layer, operator: ops.Attention) -> str:
    """softmax(scale · q · kᵀ + biases) · v, written out: the biases have views of their own."""
    query, key, value = (_tokens(layer, operator, port) for port in range(3))
    turned = layer.add("Transpose", key, perm=[0, 1, 2, 4, 3])
    scores = layer.add("Mul", layer.add("MatMul", query, turned), layer.number(operator.scale))
    if operator.biases:
        seen = layer.add("Shape", scores)
        for number, each in enumerate(operator.biases):
            viewed = layer.add("Reshape", scores, layer.ints(0, *each[1]))
            added = layer.add("Add", viewed, _bias(layer, number, looked_up=len(each) > 3))
            scores = layer.add("Reshape", added, seen)
    if operator.causal:
        scores = layer.add("Add", scores, _later(layer, operator))
    found = layer.add("MatMul", layer.add("Softmax", scores, axis=-1), value)
    return _map(layer, operator, found)


def _later(layer: Layer, operator: ops.Attention) -> str:
    """−∞ for the pixels that come after each, and 0 for those before."""
    import numpy as np

    pixels = prod(operator.window or layer.shape[1:])
    later = np.triu(np.ones((pixels, pixels), dtype=bool), 1)
    return layer.constant(np.where(later, -np.inf, 0).astype(np.float32))


def _bias(layer: Layer, number: int, looked_up: bool) -> str:
    """A bias; one that is looked up is gathered from its table."""
    bias = layer.tensors[f"bias{number}"]
    if not looked_up:
        return bias
    flat = layer.add("Reshape", bias, layer.ints(-1))
    return layer.add("Gather", flat, layer.tensors[f"places{number}"])


def _tokens(layer: Layer, operator: ops.Attention, port: int) -> str:
    """(N, C, *spatial) as (N, windows, heads, pixels, channels)."""
    channels, *sizes = layer.shapes[port]
    heads, own, window = operator.heads, channels // operator.heads, operator.window
    if not window:
        whole = layer.add("Reshape", layer.inputs[port], layer.ints(0, 1, heads, own, -1))
        return layer.add("Transpose", whole, perm=[0, 1, 2, 4, 3])
    parts = _interleaved([n // side for n, side in zip(sizes, window, strict=True)], window)
    parted = layer.add("Reshape", layer.inputs[port], layer.ints(0, heads, own, *parts))
    last = 3 + len(parts)
    moved = layer.add("Transpose", parted, perm=[0, *range(3, last, 2), 1, *range(4, last, 2), 2])
    return layer.add("Reshape", moved, layer.ints(0, -1, heads, prod(window), own))


def _map(layer: Layer, operator: ops.Attention, found: str) -> str:
    """The way back; without windows for every size of the map."""
    channels, *sizes = layer.shape
    window = operator.window
    if not window:
        turned = layer.add("Transpose", found, perm=[0, 1, 2, 4, 3])
        return layer.add("Reshape", turned, size_like(layer, layer.inputs[0], channels))
    outer = [n // side for n, side in zip(sizes, window, strict=True)]
    count, heads = len(window), operator.heads
    parted = layer.add("Reshape", found, layer.ints(0, *outer, heads, *window, channels // heads))
    inner = range(2 + count, 2 + 2 * count)
    order = [0, 1 + count, 2 + 2 * count, *_interleaved(range(1, 1 + count), inner)]
    moved = layer.add("Transpose", parted, perm=order)
    return layer.add("Reshape", moved, layer.ints(0, channels, *sizes))


def _interleaved(first: Sequence[int], second: Sequence[int]) -> list[int]:
    return list(chain.from_iterable(zip(first, second, strict=True)))


def tensor_product(layer: Layer, operator: ops.TensorProduct) -> str:
    """`MatMul` where it is rows by columns, else `Einsum`."""
    first, second, result = operator.letters or ("", "", "")
    outer, rows, columns = first[:-1], first[-1:], second[-1:]
    if second == outer[:-1] + rows + columns and result == outer + columns:
        return layer.add("MatMul", *layer.inputs)
    return layer.add("Einsum", *layer.inputs, equation=operator.with_batch)


def axis_softmax(layer: Layer, operator: ops.AxisSoftmax) -> str:
    """`Softmax`."""
    return layer.add("Softmax", layer.inputs[0], axis=-operator.axis)


TOKENS: Mapping[type, Writer] = {
    ops.TensorProduct: tensor_product,
    ops.AxisSoftmax: axis_softmax,
    ops.ChannelLinear: channel_linear,
    ops.ChannelNorm: channel_norm,
    ops.Attention: attention,
}
