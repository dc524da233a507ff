"""Convolution, pooling and resampling as ONNX nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.exchange.onnx_file.layer import Layer, NoForm, Writer
from analysis.operators import (
    AdaptivePool,
    AveragePool,
    Convolution,
    GlobalPool,
    MaxPool,
    MaxUnpool,
    PixelShuffle,
    PixelUnshuffle,
    ResizeLike,
    TransposedConvolution,
    Upsample,
)
from analysis.operators.contract import Border, Shape

BORDERS: Mapping[Border, str] = {
    "drop": "constant",
    "clamp": "edge",
    "reflect": "reflect",
    "circular": "wrap",
}


LOWEST = -3.4e38
"""Below every value of a feature map: padding of a maximum."""


def padded(layer: Layer, source: str, pairs: Sequence[tuple[int, int]], border: Border = "drop",
           value: float = 0.0) -> str:  # fmt: skip
    """A `Pad` of the spatial axes, where there is any."""
    if not any(map(any, pairs)):
        return source
    pads = layer.ints(0, 0, *(b for b, _ in pairs), 0, 0, *(a for _, a in pairs))
    rest = (layer.number(value),) if border == "drop" else ()
    return layer.add("Pad", source, pads, *rest, mode=BORDERS[border])


def _weights(layer: Layer) -> list[str]:
    return [layer.tensors[name] for name in ("weight", "bias") if name in layer.tensors]


def convolution(layer: Layer, operator: Convolution) -> str:
    """`Conv`, behind a `Pad` where the border is not of zeros."""
    source, pairs = layer.inputs[0], operator.padding
    if operator.border != "drop":
        source, pairs = padded(layer, source, pairs, operator.border), ((0, 0),) * layer.axes
    pads = [*(before for before, _ in pairs), *(after for _, after in pairs)]
    return layer.add("Conv", source, *_weights(layer), kernel_shape=operator.kernel, pads=pads,
                     strides=operator.stride, dilations=operator.dilation,
                     group=operator.groups)  # fmt: skip


def transposed(layer: Layer, operator: TransposedConvolution) -> str:
    """`ConvTranspose`."""
    return layer.add("ConvTranspose", layer.inputs[0], *_weights(layer),
                     kernel_shape=operator.kernel, pads=[*operator.padding] * 2,
                     strides=operator.stride, dilations=operator.dilation,
                     output_padding=operator.output_padding,
                     group=operator.groups)  # fmt: skip


def _reach(before: Shape, pooled: Shape, operator: MaxPool | AveragePool | MaxUnpool) -> list[int]:
    """Pixels behind the padding that the last window of each axis reaches into (`ceil_mode`)."""
    dilation = getattr(operator, "dilation", (1,) * len(operator.kernel))
    windows = zip(operator.kernel, operator.stride, operator.padding, dilation, strict=True)
    return [
        max((out - 1) * s + d * (k - 1) + 1 - (n + 2 * p), 0)
        for n, out, (k, s, p, d) in zip(before[1:], pooled[1:], windows, strict=True)
    ]


def max_pool(layer: Layer, operator: MaxPool) -> str:
    """`MaxPool`; windows that `ceil_mode` adds reach into padding at the end."""
    more = _reach(layer.shapes[0], layer.shape, operator)
    source, before = layer.inputs[0], list(operator.padding)
    after = [p + m for p, m in zip(operator.padding, more, strict=True)]
    if any(a >= k for a, k in zip(after, operator.kernel, strict=True)):  # refused at running
        source = padded(layer, source, list(zip(before, after, strict=True)), value=LOWEST)
        before, after = [0] * len(before), [0] * len(before)
    return layer.add("MaxPool", source, kernel_shape=operator.kernel, strides=operator.stride,
                     dilations=operator.dilation, pads=[*before, *after])  # fmt: skip


def max_unpool(layer: Layer, operator: MaxUnpool) -> str:
    """`MaxPool` of the second input, for where its maxima are, and `MaxUnpool` of the first."""
    values, source = layer.inputs
    more = _reach(layer.shapes[1], layer.shapes[0], operator)
    before, after = operator.padding, [p + m for p, m in zip(operator.padding, more, strict=True)]
    if any(a >= k for a, k in zip(after, operator.kernel, strict=True)):  # refused at running
        raise NoForm
    places = layer.add("MaxPool", source, outputs=2, kernel_shape=operator.kernel,
                       strides=operator.stride, dilations=operator.dilation,
                       pads=[*before, *after])  # fmt: skip
    return layer.add("MaxUnpool", values, places, layer.add("Shape", source),
                     kernel_shape=operator.kernel, strides=operator.stride)  # fmt: skip


def average_pool(layer: Layer, operator: AveragePool) -> str:
    """`AveragePool`; padding that counts stands before it where `ceil_mode` adds some that not."""
    kernel, stride, padding = operator.kernel, operator.stride, operator.padding
    more = _reach(layer.shapes[0], layer.shape, operator)
    source, before, counts = layer.inputs[0], list(padding), int(operator.count_include_pad)
    if any(more) and counts:
        source = padded(layer, source, [(p, p) for p in padding])
        before, counts = [0] * len(kernel), 0
    after = [p + m for p, m in zip(before, more, strict=True)]
    return layer.add("AveragePool", source, kernel_shape=kernel, strides=stride,
                     pads=[*before, *after], count_include_pad=counts)  # fmt: skip


def global_pool(layer: Layer, operator: GlobalPool) -> str:
    """`GlobalAveragePool` or `GlobalMaxPool`, flattened where no axes are kept."""
    name = "GlobalAveragePool" if operator.mode == "average" else "GlobalMaxPool"
    pooled = layer.add(name, layer.inputs[0])
    return pooled if operator.keep else layer.add("Flatten", pooled, axis=1)


def adaptive_pool(layer: Layer, operator: AdaptivePool) -> str:
    """A global pooling, or axis by axis the mean or maximum of each window."""
    if set(operator.size) == {1}:
        name = "GlobalAveragePool" if operator.mode == "average" else "GlobalMaxPool"
        return layer.add(name, layer.inputs[0])
    reduce = "ReduceMean" if operator.mode == "average" else "ReduceMax"
    source = layer.inputs[0]
    for axis, (length, wanted) in enumerate(
        zip(layer.shapes[0][1:], layer.shape[1:], strict=True), 2
    ):
        if length == wanted:
            continue
        if wanted == 1:
            source = layer.add(reduce, source, layer.ints(axis))
            continue
        parts = []
        for i in range(wanted):
            start, stop = i * length // wanted, -(-(i + 1) * length // wanted)
            ends = (layer.ints(start), layer.ints(stop), layer.ints(axis))
            parts.append(layer.add(reduce, layer.add("Slice", source, *ends), layer.ints(axis)))
        source = layer.add("Concat", *parts, axis=axis)
    return source if source != layer.inputs[0] else layer.add("Identity", source)


def upsample(layer: Layer, operator: Upsample) -> str:
    """`Resize` with the places that torch reads."""
    import numpy as np

    settings = _places(operator)
    whole = operator.scale is not None and all(
        out == n * factor for n, out, factor in
        zip(layer.shapes[0][1:], layer.shape[1:], operator.scale, strict=True))  # fmt: skip
    if operator.size is None and operator.scale is not None and whole:
        scales = layer.constant(np.array([1, 1, *operator.scale], dtype=np.float32))
        return layer.add("Resize", layer.inputs[0], "", scales, **settings)
    if operator.size is None:
        raise NoForm  # a factor that gives no whole size: runtimes round differently
    spatial = range(2, layer.axes + 2)
    return layer.add("Resize", layer.inputs[0], "", "", layer.ints(*layer.shape[1:]), axes=spatial,
                     **settings)  # fmt: skip


def resize_like(layer: Layer, operator: ResizeLike) -> str:
    """`Resize` to a size that is read when it runs."""
    size = layer.add("Shape", layer.inputs[1], start=2)
    settings = _places(operator.at(layer.shapes))
    spatial = range(2, layer.axes + 2)
    return layer.add("Resize", layer.inputs[0], "", "", size, axes=spatial, **settings)


def _places(operator: Upsample) -> dict[str, Any]:
    """The settings of `Resize` for the places that torch reads."""
    places = "align_corners" if operator.align_corners else "half_pixel"
    settings: dict[str, Any] = {"mode": operator.mode, "coordinate_transformation_mode": places}
    if operator.mode.startswith("nearest"):
        exact = operator.mode == "nearest_exact"
        settings = {
            "mode": "nearest",
            "nearest_mode": "round_prefer_ceil" if exact else "floor",
            "coordinate_transformation_mode": "half_pixel" if exact else "asymmetric",
        }
    elif operator.mode == "cubic":
        settings["cubic_coeff_a"] = -0.75
    return settings


def pixel_shuffle(layer: Layer, operator: PixelShuffle) -> str:
    """`DepthToSpace` with torch's order of channels."""
    return layer.add("DepthToSpace", layer.inputs[0], blocksize=operator.factor, mode="CRD")


def pixel_unshuffle(layer: Layer, operator: PixelUnshuffle) -> str:
    """`SpaceToDepth` has the channels in another order: they are put back."""
    channels, square = layer.shapes[0][0], operator.factor**2
    dealt = layer.add("SpaceToDepth", layer.inputs[0], blocksize=operator.factor)
    order = [i * channels + channel for channel in range(channels) for i in range(square)]
    return dealt if channels == 1 else layer.add("Gather", dealt, layer.ints(*order), axis=1)


WINDOWS: Mapping[type, Writer] = {
    Convolution: convolution,
    TransposedConvolution: transposed,
    MaxPool: max_pool,
    MaxUnpool: max_unpool,
    AveragePool: average_pool,
    GlobalPool: global_pool,
    AdaptivePool: adaptive_pool,
    Upsample: upsample,
    ResizeLike: resize_like,
    PixelShuffle: pixel_shuffle,
    PixelUnshuffle: pixel_unshuffle,
}
