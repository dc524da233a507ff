"""Which operator of ours an ATen call is, with its settings; `Foreign` where it is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from analysis.exchange.recorded import Call, Foreign, Recording, Value, node_of
from analysis.operators import (
    ELU,
    GELU,
    AdaptivePool,
    Add,
    AveragePool,
    BatchNorm,
    Concatenate,
    Convolution,
    Crop,
    Dropout,
    Flatten,
    GlobalPool,
    GroupNorm,
    InstanceNorm,
    LayerNorm,
    LeakyReLU,
    Linear,
    MaxPool,
    Multiply,
    Pad,
    PixelShuffle,
    PixelUnshuffle,
    PReLU,
    ReLU,
    Reshape,
    Sigmoid,
    SiLU,
    Softmax,
    Tanh,
    TransposedConvolution,
    Upsample,
    same_padding,
)
from analysis.operators.contract import Border, Operator


@dataclass(frozen=True)
class Found:
    """An operator, the tensors it reads in port order, and its weights by their own names."""

    operator: Operator
    inputs: tuple[str, ...]
    weights: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """A call among what is known of its arguments."""

    call: Call
    recording: Recording

    def get(self, name: str, default: Any = None) -> Any:
        return self.call.get(name, default)

    def data(self, name: str = "self") -> str:
        """The name of a tensor that is computed, not a weight."""
        found = node_of(self.get(name))
        if found is None or found in self.recording.tensors:
            raise Foreign
        return found

    def value(self, name: str = "self") -> Value:
        found = self.recording.values[node_of(self.get(name)) or ""]
        if found is None:
            raise Foreign
        return found

    @property
    def rank(self) -> int:
        """Spatial axes of the input."""
        return len(self.value("input" if "input" in self.call.arguments else "self").shape) - 2

    def weights(self, **names: str) -> dict[str, str]:
        """Our name → the tensor's, for those arguments that are given."""
        found: dict[str, str] = {}
        for ours, theirs in names.items():
            argument = self.get(theirs)
            if argument is None:
                continue
            tensor = node_of(argument)
            if tensor is None or tensor not in self.recording.tensors:
                raise Foreign
            found[ours] = tensor
        return found

    def axes(self, name: str, default: int, rank: int) -> tuple[int, ...]:
        """A setting an axis, spread where one number stands for all."""
        given = self.get(name, default)
        values = tuple(given) if isinstance(given, list) else (given,)
        values = values or (default,)
        return values * rank if len(values) == 1 else values


Reader = Callable[[Reading], Found]


def read(call: Call, recording: Recording) -> Found:
    """The operator of a call. Raises Foreign where only its recorded overload will do."""
    reader = READERS.get(call.packet)
    if reader is None:
        raise Foreign
    try:
        return reader(Reading(call, recording))
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise Foreign from error


# ---------------------------------------------------------------------------- convolutions


def _convolution(reading: Reading) -> Found:
    shape = reading.value("weight").shape
    rank = len(shape) - 2
    if reading.get("transposed", False):
        return _transposed(reading)
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


def _transposed(reading: Reading) -> Found:
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


def _linear(reading: Reading) -> Found:
    weights = reading.weights(weight="weight", bias="bias")
    operator = Linear(reading.value("weight").shape[0], "bias" in weights)
    return Found(operator, (reading.data("input"),), weights)


# ------------------------------------------------------------------------------- pooling


def _max_pool(reading: Reading) -> Found:
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


def _average_pool(reading: Reading) -> Found:
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


def _adaptive(mode: Literal["average", "max"]) -> Reader:
    def reader(reading: Reading) -> Found:
        size = reading.axes("output_size", 1, reading.rank)
        return Found(AdaptivePool(size, mode), (reading.data(),))

    return reader


def _global(mode: Literal["average", "max"]) -> Reader:
    def reader(reading: Reading) -> Found:
        length = len(reading.value().shape)
        axes = {axis % length for axis in reading.axes("dim", 0, 1)}
        if length < 3 or axes != set(range(2, length)) or reading.get("dtype") is not None:
            raise Foreign
        return Found(GlobalPool(mode, bool(reading.get("keepdim", False))), (reading.data(),))

    return reader


# ---------------------------------------------------------------------------- resampling

_MODES: Mapping[str, Literal["nearest", "nearest_exact", "linear", "cubic"]] = {
    "upsample_nearest": "nearest",
    "_upsample_nearest_exact": "nearest_exact",
    "upsample_linear": "linear",
    "upsample_bilinear": "linear",
    "upsample_trilinear": "linear",
    "upsample_bicubic": "cubic",
}


def _upsample(reading: Reading) -> Found:
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


def _shuffle(kind: type[PixelShuffle | PixelUnshuffle], name: str) -> Reader:
    def reader(reading: Reading) -> Found:
        return Found(kind(int(reading.get(name))), (reading.data(),))

    return reader


# --------------------------------------------------------------------------------- joins


def _concatenate(reading: Reading) -> Found:
    names = [node_of(each) for each in reading.get("tensors")]
    axis = reading.get("dim", 0)
    inputs = tuple(name for name in names if name is not None)
    rank = len(reading.call.values[0].shape) if reading.call.values[0] else 0
    weights = any(name in reading.recording.tensors for name in inputs)
    if len(inputs) != len(names) or weights or axis % rank != 1:
        raise Foreign
    return Found(Concatenate(), inputs)


def _join(kind: type[Add | Multiply]) -> Reader:
    def reader(reading: Reading) -> Found:
        if reading.get("alpha", 1) != 1:
            raise Foreign
        return Found(kind(), (reading.data("self"), reading.data("other")))

    return reader


# ------------------------------------------------------------------------- normalisation


def _batch_norm(reading: Reading) -> Found:
    if reading.get("training", False):
        raise Foreign
    return _stored_norm(reading)


def _stored_norm(reading: Reading) -> Found:
    weights = reading.weights(
        weight="weight", bias="bias", running_mean="running_mean", running_var="running_var"
    )
    affine = "weight" in weights
    if affine != ("bias" in weights) or not {"running_mean", "running_var"} <= weights.keys():
        raise Foreign
    operator = BatchNorm(float(reading.get("eps", 1e-5)), affine)
    return Found(operator, (reading.data("input"),), weights)


def _instance_norm(reading: Reading) -> Found:
    if not reading.get("use_input_stats", True):
        return _stored_norm(reading)
    weights = reading.weights(weight="weight", bias="bias")
    operator = InstanceNorm(_affine(weights), float(reading.get("eps", 1e-5)))
    return Found(operator, (reading.data("input"),), weights)


def _group_norm(reading: Reading) -> Found:
    weights = reading.weights(weight="weight", bias="bias")
    groups, eps = int(reading.get("num_groups")), float(reading.get("eps", 1e-5))
    operator = GroupNorm(groups, eps, _affine(weights))
    return Found(operator, (reading.data("input"),), weights)


def _layer_norm(reading: Reading) -> Found:
    if tuple(reading.get("normalized_shape")) != reading.value("input").shape[1:]:
        raise Foreign
    weights = reading.weights(weight="weight", bias="bias")
    operator = LayerNorm(float(reading.get("eps", 1e-5)), _affine(weights))
    return Found(operator, (reading.data("input"),), weights)


def _affine(weights: Mapping[str, str]) -> bool:
    """Our norms have both a weight and a bias, or neither."""
    if len(weights) == 1:
        raise Foreign
    return bool(weights)


# --------------------------------------------------------------------------- activations


def _plain(operator: Operator) -> Reader:
    def reader(reading: Reading) -> Found:
        return Found(operator, (reading.data(),))

    return reader


def _leaky_relu(reading: Reading) -> Found:
    return Found(LeakyReLU(float(reading.get("negative_slope", 0.01))), (reading.data(),))


def _elu(reading: Reading) -> Found:
    if reading.get("scale", 1) != 1 or reading.get("input_scale", 1) != 1:
        raise Foreign
    return Found(ELU(float(reading.get("alpha", 1))), (reading.data(),))


def _gelu(reading: Reading) -> Found:
    return Found(GELU(reading.get("approximate", "none")), (reading.data(),))


def _prelu(reading: Reading) -> Found:
    per_channel = reading.value("weight").shape != (1,)
    return Found(PReLU(per_channel), (reading.data(),), reading.weights(weight="weight"))


def _softmax(reading: Reading) -> Found:
    if reading.get("dtype") is not None or reading.get("dim") % len(reading.value().shape) != 1:
        raise Foreign
    return Found(Softmax(), (reading.data(),))


def _dropout(reading: Reading) -> Found:
    if reading.get("train", False):
        raise Foreign
    return Found(Dropout(float(reading.get("p", 0.5))), (reading.data("input"),))


# ------------------------------------------------------------------------------ reshaping


def _slice(reading: Reading) -> Found:
    """`x[:, :, a:b]`: what it leaves off each end of a spatial axis."""
    shape = reading.value().shape
    axis = reading.get("dim", 0) % len(shape)
    length = shape[axis]
    start, stop, _ = slice(reading.get("start"), reading.get("end")).indices(length)
    return _crop(reading, axis, start, length - stop, int(reading.get("step", 1)))


def _narrow(reading: Reading) -> Found:
    shape = reading.value().shape
    axis = reading.get("dim") % len(shape)
    start = reading.get("start") % shape[axis]
    return _crop(reading, axis, start, shape[axis] - start - reading.get("length"), 1)


def _crop(reading: Reading, axis: int, before: int, after: int, step: int) -> Found:
    rank = len(reading.value().shape) - 2
    if axis < 2 or step != 1:
        raise Foreign
    befores = tuple(before if each + 2 == axis else 0 for each in range(rank))
    afters = tuple(after if each + 2 == axis else 0 for each in range(rank))
    return Found(Crop(befores, afters), (reading.data(),))


_BORDERS: Mapping[str, Border] = {
    "constant": "drop",
    "reflect": "reflect",
    "replicate": "clamp",
    "circular": "circular",
}


def _pad(mode: str | None = None) -> Reader:
    def reader(reading: Reading) -> Found:
        flat = [int(each) for each in reading.get("pad", reading.get("padding"))]
        rank = reading.rank
        pairs = [(flat[i], flat[i + 1]) for i in range(0, len(flat), 2)][::-1]
        if len(pairs) > rank:
            raise Foreign
        pairs = [(0, 0)] * (rank - len(pairs)) + pairs
        befores, afters = tuple(b for b, _ in pairs), tuple(a for _, a in pairs)
        border = _BORDERS[mode or reading.get("mode", "constant")]
        if all(each <= 0 for each in flat) and any(flat) and border == "drop":
            crop = Crop(tuple(-b for b in befores), tuple(-a for a in afters))
            return Found(crop, (reading.data(),))
        value = float(reading.get("value", 0.0)) if border == "drop" else 0.0
        return Found(Pad(befores, afters, border, value), (reading.data(),))

    return reader


def _reshape(reading: Reading) -> Found:
    """Any change of shape that keeps the order of values and the batch axis."""
    result = reading.call.values[0]
    if result is None or len(result.shape) < 2:
        raise Foreign
    if len(result.shape) == 2:
        return Found(Flatten(), (reading.data(),))
    return Found(Reshape(result.shape[1:]), (reading.data(),))


def _by_axes(stem: str, reader: Reader, tail: str = "") -> dict[str, Reader]:
    return {f"{stem}{axes}d{tail}": reader for axes in (1, 2, 3)}


READERS: Mapping[str, Reader] = {
    **_by_axes("conv", _convolution),
    **_by_axes("conv_transpose", _transposed),
    "convolution": _convolution,
    "linear": _linear,
    **_by_axes("max_pool", _max_pool),
    **_by_axes("max_pool", _max_pool, "_with_indices"),
    **_by_axes("avg_pool", _average_pool),
    **_by_axes("adaptive_avg_pool", _adaptive("average")),
    **_by_axes("adaptive_max_pool", _adaptive("max")),
    "mean": _global("average"),
    "amax": _global("max"),
    **_by_axes("upsample_nearest", _upsample),
    **_by_axes("_upsample_nearest_exact", _upsample),
    "upsample_linear1d": _upsample,
    "upsample_bilinear2d": _upsample,
    "upsample_trilinear3d": _upsample,
    "upsample_bicubic2d": _upsample,
    "pixel_shuffle": _shuffle(PixelShuffle, "upscale_factor"),
    "pixel_unshuffle": _shuffle(PixelUnshuffle, "downscale_factor"),
    "cat": _concatenate,
    "concat": _concatenate,
    "add": _join(Add),
    "mul": _join(Multiply),
    "batch_norm": _batch_norm,
    "instance_norm": _instance_norm,
    "group_norm": _group_norm,
    "layer_norm": _layer_norm,
    "relu": _plain(ReLU()),
    "leaky_relu": _leaky_relu,
    "prelu": _prelu,
    "elu": _elu,
    "silu": _plain(SiLU()),
    "gelu": _gelu,
    "sigmoid": _plain(Sigmoid()),
    "tanh": _plain(Tanh()),
    "softmax": _softmax,
    "dropout": _dropout,
    "feature_dropout": _dropout,
    "alpha_dropout": _dropout,
    "slice": _slice,
    "narrow": _narrow,
    "pad": _pad(),
    "constant_pad_nd": _pad("constant"),
    **_by_axes("reflection_pad", _pad("reflect")),
    **_by_axes("replication_pad", _pad("replicate")),
    "flatten": _reshape,
    "view": _reshape,
    "reshape": _reshape,
    "_unsafe_view": _reshape,
    "unflatten": _reshape,
    "squeeze": _reshape,
    "unsqueeze": _reshape,
}
