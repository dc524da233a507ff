"""Readers of the calls that have windows: convolution, pooling, padding, resampling, dense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from analysis.exchange.aten.call import Found, Reader, Reading
from analysis.exchange.recorded import Foreign, node_of
from analysis.operators import (
    AdaptivePool,
    AveragePool,
    Convolution,
    Crop,
    GlobalPool,
    Linear,
    MaxPool,
    MaxUnpool,
    Pad,
    TransposedConvolution,
    Upsample,
    same_padding,
)
from analysis.operators.contract import Border

# ---------------------------------------------------------------------------- convolutions


def read_convolution(reading: Reading) -> Found:
    """A convolution whose kernel is a weight; its general form may be a transposed one."""
    shape = reading.value("weight").shape
    rank = len(shape) - 2
    if reading.get("transposed", False):
        return read_transposed(reading)
    kernel, dilation = shape[2:], reading.axes("dilation", 1, rank)
    padding = reading.get("padding", 0)
    if padding == "same":
        pairs = same_padding(kernel, dilation)
    elif padding == "valid":
        pairs = ((0, 0),) * rank
    else:
        pairs = tuple((each, each) for each in reading.axes("padding", 0, rank))
    weights = reading.weights(weight="weight", bias="bias")
    operator = Convolution(
        channels=shape[0],
        kernel=kernel,
        stride=reading.axes("stride", 1, rank),
        padding=pairs,
        dilation=dilation,
        groups=int(reading.get("groups", 1)),
        bias="bias" in weights,
    )
    return Found(operator, (reading.data("input"),), weights)


def read_transposed(reading: Reading) -> Found:
    """A transposed convolution whose kernel is a weight."""
    shape = reading.value("weight").shape
    rank = len(shape) - 2
    groups = int(reading.get("groups", 1))
    weights = reading.weights(weight="weight", bias="bias")
    operator = TransposedConvolution(
        channels=shape[1] * groups,
        kernel=shape[2:],
        stride=reading.axes("stride", 1, rank),
        padding=reading.axes("padding", 0, rank),
        output_padding=reading.axes("output_padding", 0, rank),
        dilation=reading.axes("dilation", 1, rank),
        groups=groups,
        bias="bias" in weights,
    )
    return Found(operator, (reading.data("input"),), weights)


def read_linear(reading: Reading) -> Found:
    """A dense layer on a vector; on a feature map it stays opaque."""
    weights = reading.weights(weight="weight", bias="bias")
    operator = Linear(reading.value("weight").shape[0], "bias" in weights)
    return Found(operator, (reading.data("input"),), weights)


# ------------------------------------------------------------------------------- pooling


def read_max_pool(reading: Reading) -> Found:
    """Max pooling, with or without the indices of the maxima."""
    rank = reading.rank
    kernel = reading.axes("kernel_size", 1, rank)
    operator = MaxPool(
        kernel,
        reading.axes("stride", 0, rank) if reading.get("stride") else kernel,
        reading.axes("padding", 0, rank),
        reading.axes("dilation", 1, rank),
        bool(reading.get("ceil_mode", False)),
    )
    return Found(operator, (reading.data(),))


def read_max_unpool(reading: Reading) -> Found:
    """Max unpooling by the places of a max pooling, to the size of the map that was pooled."""
    of, index = reading.recording.items.get(node_of(reading.get("indices")) or "", ("", 0))
    pool, result = reading.made_by(of), reading.call.values[0]
    if pool is None or index != 1 or not pool.packet.startswith("max_pool"):
        raise Foreign
    found = read_max_pool(Reading(pool, reading.recording, 0))
    pooled = found.operator
    assert isinstance(pooled, MaxPool)
    before = reading.recording.values[found.inputs[0]]
    if before is None or result is None or before.shape != result.shape:
        raise Foreign
    operator = MaxUnpool(
        pooled.kernel, pooled.stride, pooled.padding, pooled.dilation, pooled.ceil_mode
    )
    return Found(operator, (reading.data(), found.inputs[0]))


def read_average_pool(reading: Reading) -> Found:
    """Average pooling that divides by the size of its window."""
    if reading.get("divisor_override") is not None:
        raise Foreign
    rank = reading.rank
    kernel = reading.axes("kernel_size", 1, rank)
    operator = AveragePool(
        kernel,
        reading.axes("stride", 0, rank) if reading.get("stride") else kernel,
        reading.axes("padding", 0, rank),
        bool(reading.get("ceil_mode", False)),
        bool(reading.get("count_include_pad", True)),
    )
    return Found(operator, (reading.data(),))


def adaptive_reader(mode: Literal["average", "max"]) -> Reader:
    """The reader of a pooling to a fixed size; to one value a channel it is a global one."""

    def reader(reading: Reading) -> Found:
        size = reading.axes("output_size", 1, reading.rank)
        if set(size) == {1}:
            return Found(GlobalPool(mode, keep=True), (reading.data(),))
        return Found(AdaptivePool(size, mode), (reading.data(),))

    return reader


def global_reader(mode: Literal["average", "max"]) -> Reader:
    """The reader of a mean or maximum over all spatial axes."""

    def reader(reading: Reading) -> Found:
        length = len(reading.value().shape)
        axes = {axis % length for axis in reading.axes("dim", 0, 1)}
        if length < 3 or axes != set(range(2, length)) or reading.get("dtype") is not None:
            raise Foreign
        return Found(GlobalPool(mode, bool(reading.get("keepdim", False))), (reading.data(),))

    return reader


# --------------------------------------------------------------------------- a frame


def pad_or_crop(pairs: Sequence[tuple[int, int]], border: Border, value: float = 0.0) -> Pad | Crop:
    """The operator that puts (before, after) pixels round each axis; less than none cuts off."""
    befores, afters = tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs)
    flat = (*befores, *afters)
    if all(each <= 0 for each in flat) and any(flat) and border == "drop":
        return Crop(tuple(-each for each in befores), tuple(-each for each in afters))
    return Pad(befores, afters, border, value)


# ---------------------------------------------------------------------------- resampling

_MODES: Mapping[str, Literal["nearest", "nearest_exact", "linear", "cubic"]] = {
    "upsample_nearest": "nearest",
    "_upsample_nearest_exact": "nearest_exact",
    "upsample_linear": "linear",
    "upsample_bilinear": "linear",
    "upsample_trilinear": "linear",
    "upsample_bicubic": "cubic",
}


def read_upsample(reading: Reading) -> Found:
    """A size that is a whole multiple of the input's is a factor: it then holds for any input."""
    mode = _MODES[reading.call.packet[:-2]]
    source = reading.data("input")
    size = reading.get("output_size")
    factors = reading.get("scale_factors")
    corners = bool(reading.get("align_corners", False))
    before = reading.value("input").shape[2:]
    if size is not None:
        size = tuple(int(each) for each in size)
        if all(after % length == 0 for after, length in zip(size, before, strict=True)):
            ratio = tuple(after / length for after, length in zip(size, before, strict=True))
            return Found(Upsample(ratio, mode, corners), (source,))
        return Found(Upsample(None, mode, corners, size), (source,))
    return Found(Upsample(tuple(float(each) for each in factors), mode, corners), (source,))
