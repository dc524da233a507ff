"""Normalisation, dense layers, crops, pads, reshapes and channels as ONNX nodes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis import operators as ops
from analysis.exchange.onnx_file.layer import Layer, Writer
from analysis.exchange.onnx_file.windows import BORDERS, padded


def batch_norm(layer: Layer, operator: ops.BatchNorm) -> str:
    """`BatchNormalization`."""
    scale, bias = affine(layer, layer.shapes[0][0])
    return layer.add("BatchNormalization", layer.inputs[0], scale, bias,
                     layer.tensors["running_mean"], layer.tensors["running_var"],
                     epsilon=operator.eps)  # fmt: skip


def affine(layer: Layer, channels: int) -> tuple[str, str]:
    """Scale and bias of a norm; ones and zeros where the operator has none."""
    scale = layer.tensors.get("weight") or layer.filled(1.0, channels)
    return scale, layer.tensors.get("bias") or layer.filled(0.0, channels)


def instance_norm(layer: Layer, operator: ops.InstanceNorm) -> str:
    """`InstanceNormalization`."""
    pair = affine(layer, layer.shapes[0][0])
    return layer.add("InstanceNormalization", layer.inputs[0], *pair, epsilon=operator.eps)


def group_norm(layer: Layer, operator: ops.GroupNorm) -> str:
    """`GroupNormalization`, whose scale is one a channel since opset 21."""
    pair = affine(layer, layer.shapes[0][0])
    return layer.add("GroupNormalization", layer.inputs[0], *pair, epsilon=operator.eps,
                     num_groups=operator.groups)  # fmt: skip


def layer_norm(layer: Layer, operator: ops.LayerNorm) -> str:
    """`LayerNormalization` over all axes but the batch's."""
    import numpy as np

    scale = layer.tensors.get("weight") or layer.constant(np.ones(layer.shapes[0], np.float32))
    rest = [layer.tensors["bias"]] if "bias" in layer.tensors else []
    return layer.add("LayerNormalization", layer.inputs[0], scale, *rest, axis=1,
                     epsilon=operator.eps)  # fmt: skip


def linear(layer: Layer, operator: ops.Linear) -> str:
    """`Gemm` of vectors; of longer arrays `MatMul` with the turned matrix and `Add`."""
    weight, bias = layer.tensors["weight"], layer.tensors.get("bias")
    if len(layer.shapes[0]) == 1:
        rest = [bias] if bias else []
        return layer.add("Gemm", layer.inputs[0], weight, *rest, transB=1)
    turned = layer.add("Transpose", weight, perm=[1, 0])
    product = layer.add("MatMul", layer.inputs[0], turned)
    return layer.add("Add", product, bias) if bias else product


def crop(layer: Layer, operator: ops.Crop) -> str:
    """`Slice` counted from both ends."""
    axes = range(2, layer.axes + 2)
    ends = [-after if after else 2**62 for after in operator.after]
    return layer.add("Slice", layer.inputs[0], layer.ints(*operator.before), layer.ints(*ends),
                     layer.ints(*axes))  # fmt: skip


def crop_like(layer: Layer, operator: ops.CropLike) -> str:
    """`Slice` about the centre, by lengths that are computed when it runs."""
    axes = layer.ints(*range(2, layer.axes + 2))
    whole = layer.add("Shape", layer.inputs[0], start=2)
    wanted = layer.add("Shape", layer.inputs[1], start=2)
    start = layer.add("Div", layer.add("Sub", whole, wanted), layer.ints(2))
    return layer.add("Slice", layer.inputs[0], start, layer.add("Add", start, wanted), axes)


def fit(layer: Layer, operator: ops.Fit) -> str:
    """`Pad` by numbers that are computed when it runs."""
    size, wanted = (layer.add("Shape", each, start=2) for each in layer.inputs)
    return _padded_by(layer, layer.add("Sub", wanted, size), operator)


def pad_to_multiple(layer: Layer, operator: ops.PadToMultiple) -> str:
    """`Pad` by what is missing to the multiple, or to the last window, when it runs."""
    size = layer.add("Shape", layer.inputs[0], start=2)
    more = layer.add("Mod", layer.add("Neg", size), layer.ints(operator.multiple))
    if operator.window:
        more = layer.add("Add", more, layer.ints(operator.window - operator.multiple))
        more = layer.add("Max", more, layer.ints(0))
    return _padded_by(layer, more, operator)


def _padded_by(layer: Layer, more: str, operator: ops.Fit | ops.PadToMultiple) -> str:
    """`Pad` of so many rows, some of them before; `Div` of whole numbers rounds towards 0."""
    two = layer.ints(2)
    odd = layer.add("Mod", more, two)
    half = layer.add("Div", layer.add("Sub", more, odd), two)
    before = {
        "end": lambda: layer.add("Sub", more, more),
        "middle": lambda: half,
        "middle_up": lambda: layer.add("Add", half, odd),
    }[operator.where]()
    none = layer.ints(0, 0)
    pads = layer.add("Concat", none, before, none, layer.add("Sub", more, before), axis=0)
    rest = (layer.number(operator.value),) if operator.border == "drop" else ()
    return layer.add("Pad", layer.inputs[0], pads, *rest, mode=BORDERS[operator.border])


def pad(layer: Layer, operator: ops.Pad) -> str:
    """`Pad`."""
    pairs = list(zip(operator.before, operator.after, strict=True))
    made = padded(layer, layer.inputs[0], pairs, operator.border, operator.value)
    return made if made != layer.inputs[0] else layer.add("Identity", made)


def flatten(layer: Layer, operator: ops.Flatten) -> str:
    """`Flatten`."""
    return layer.add("Flatten", layer.inputs[0], axis=1)


def reshape(layer: Layer, operator: ops.Reshape) -> str:
    """`Reshape` that leaves the batch axis open."""
    return layer.add("Reshape", layer.inputs[0], layer.ints(-1, *operator.to))


def channel_slice(layer: Layer, operator: ops.ChannelSlice) -> str:
    """`Slice` of channels."""
    numbers = (operator.start, operator.stop, 1, operator.step)
    return layer.add("Slice", layer.inputs[0], *(layer.ints(n) for n in numbers))


def channel_shuffle(layer: Layer, operator: ops.ChannelShuffle) -> str:
    """A view, two axes exchanged, and the view back."""
    channels, *sizes = layer.shapes[0]
    count = len(sizes)
    apart = layer.ints(0, operator.groups, channels // operator.groups, *sizes)
    turned = layer.add("Transpose", layer.add("Reshape", layer.inputs[0], apart),
                       perm=[0, 2, 1, *range(3, 3 + count)])  # fmt: skip
    return layer.add("Reshape", turned, layer.ints(0, channels, *sizes))


def channel_pool(layer: Layer, operator: ops.ChannelPool) -> str:
    """Mean, maximum or sum over the channels."""
    name = {"average": "ReduceMean", "max": "ReduceMax", "sum": "ReduceSum"}[operator.mode]
    return layer.add(name, layer.inputs[0], layer.ints(1), keepdims=1)


REARRANGING: Mapping[type, Writer] = {
    ops.BatchNorm: batch_norm,
    ops.InstanceNorm: instance_norm,
    ops.GroupNorm: group_norm,
    ops.LayerNorm: layer_norm,
    ops.Linear: linear,
    ops.Crop: crop,
    ops.CropLike: crop_like,
    ops.Pad: pad,
    ops.Fit: fit,
    ops.PadToMultiple: pad_to_multiple,
    ops.Flatten: flatten,
    ops.Reshape: reshape,
    ops.ChannelSlice: channel_slice,
    ops.ChannelShuffle: channel_shuffle,
    ops.ChannelPool: channel_pool,
}


def is_fixed(operator: Any) -> bool:
    """Whether an operator's nodes hold for the input size at hand only."""
    if isinstance(operator, ops.MaxPool | ops.AveragePool):
        return operator.ceil_mode
    if isinstance(operator, ops.AdaptivePool):
        return not set(operator.size) <= {0, 1}
    if isinstance(operator, ops.Upsample):
        return operator.size is not None
    if isinstance(operator, ops.Attention):
        return bool(operator.window or operator.biases or operator.causal)
    kinds = (
        ops.Rearrange,
        ops.Flatten,
        ops.Reshape,
        ops.LayerNorm,
        ops.ChannelShuffle,
        ops.ParameterArithmetic,
    )
    return isinstance(operator, kinds)
