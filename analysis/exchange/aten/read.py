"""Translates an ATen call to our operator with its settings; `Foreign` where there is none."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.exchange.aten.arguments import reader_by_arguments
from analysis.exchange.aten.call import Found, Reader, Reading
from analysis.exchange.aten.channels import (
    PARTS,
    channel_pool_reader,
    read_half_turn,
    read_narrow,
    read_part,
    read_repeat,
    read_repeat_interleave,
    read_shuffle,
    read_slice,
)
from analysis.exchange.aten.elementwise import ELEMENTWISE
from analysis.exchange.aten.layers import (
    adaptive_reader,
    global_reader,
    pad_or_crop,
    read_average_pool,
    read_convolution,
    read_linear,
    read_max_pool,
    read_max_unpool,
    read_transposed,
    read_upsample,
)
from analysis.exchange.aten.random import RANDOM
from analysis.exchange.recorded import Call, Foreign, Recording, node_of
from analysis.operators import (
    ELU,
    GLU,
    BatchNorm,
    Concatenate,
    Dropout,
    Flatten,
    GroupNorm,
    InstanceNorm,
    LayerNorm,
    LogSoftmax,
    PReLU,
    Reshape,
    Softmax,
)
from analysis.operators.contract import Border, Operator


def read(call: Call, recording: Recording, index: int | None = None) -> Found:
    """The operator of a call, or of result `index` of several.

    Raises Foreign where only its recorded overload will do.
    """
    reader = READERS.get(call.packet) or reader_by_arguments(call)
    if reader is None or (index not in (None, 0) and call.packet not in PARTS):
        raise Foreign
    try:
        return reader(Reading(call, recording, index))
    except (KeyError, TypeError, ValueError, IndexError, ZeroDivisionError) as error:
        raise Foreign from error  # the last of an axis of a tensor that has none


# --------------------------------------------------------------------------------- joins


def _concatenate(reading: Reading) -> Found:
    given = [node_of(each) for each in reading.get("tensors")]
    values = reading.recording.values
    names = [n for n in given if not ((value := values.get(n or "")) and 0 in value.shape)]
    axis = reading.get("dim", 0)
    inputs = tuple(name for name in names if name is not None)
    rank = len(reading.call.values[0].shape) if reading.call.values[0] else 0
    if len(inputs) != len(names) or axis % rank != 1:
        raise Foreign
    return Found(Concatenate(), inputs)


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


def _elu(reading: Reading) -> Found:
    if reading.get("scale", 1) != 1 or reading.get("input_scale", 1) != 1:
        raise Foreign
    return Found(ELU(float(reading.get("alpha", 1))), (reading.data(),))


def _prelu(reading: Reading) -> Found:
    per_channel = reading.value("weight").shape != (1,)
    return Found(PReLU(per_channel), (reading.data(),), reading.weights(weight="weight"))


def _softmax(operator: Operator) -> Reader:
    def reader(reading: Reading) -> Found:
        over = reading.get("dim") % len(reading.value().shape)
        if reading.get("dtype") is not None or over != 1:
            raise Foreign
        return Found(operator, (reading.data(),))

    return reader


def _glu(reading: Reading) -> Found:
    if reading.get("dim", -1) % len(reading.value().shape) != 1:
        raise Foreign
    return Found(GLU(), (reading.data(),))


def _dropout(reading: Reading) -> Found:
    if reading.get("train", False):
        raise Foreign
    name = "input" if "input" in reading.call.arguments else "self"  # where it writes in place
    return Found(Dropout(float(reading.get("p", 0.5))), (reading.data(name),))


# ------------------------------------------------------------------------------ reshaping


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
        border = _BORDERS[mode or reading.get("mode", "constant")]
        value = float(reading.get("value", 0.0)) if border == "drop" else 0.0
        return Found(pad_or_crop(pairs, border, value), (reading.data(),))

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
    **_by_axes("conv", read_convolution),
    **_by_axes("conv_transpose", read_transposed),
    "convolution": read_convolution,
    "linear": read_linear,
    **_by_axes("max_pool", read_max_pool),
    **_by_axes("max_pool", read_max_pool, "_with_indices"),
    **_by_axes("max_unpool", read_max_unpool),
    **_by_axes("avg_pool", read_average_pool),
    **_by_axes("adaptive_avg_pool", adaptive_reader("average")),
    **_by_axes("adaptive_max_pool", adaptive_reader("max")),
    "mean": channel_pool_reader("average", global_reader("average")),
    "amax": channel_pool_reader("max", global_reader("max")),
    **_by_axes("upsample_nearest", read_upsample),
    **_by_axes("_upsample_nearest_exact", read_upsample),
    "upsample_linear1d": read_upsample,
    "upsample_bilinear2d": read_upsample,
    "upsample_trilinear3d": read_upsample,
    "upsample_bicubic2d": read_upsample,
    "cat": _concatenate,
    "concat": _concatenate,
    **ELEMENTWISE,
    **RANDOM,
    **dict.fromkeys(("batch_norm", "_native_batch_norm_legit_no_training"), _batch_norm),
    "instance_norm": _instance_norm,
    "group_norm": _group_norm,
    "layer_norm": _layer_norm,
    "prelu": _prelu,
    "elu": _elu,
    "softmax": _softmax(Softmax()),
    "log_softmax": _softmax(LogSoftmax()),
    "glu": _glu,
    "dropout": _dropout,
    "feature_dropout": _dropout,
    "alpha_dropout": _dropout,
    "slice": read_slice,
    "narrow": read_narrow,
    **dict.fromkeys(PARTS, read_part),
    **dict.fromkeys(("repeat", "tile"), read_repeat),
    "repeat_interleave": read_repeat_interleave,
    "rot90": read_half_turn,
    "channel_shuffle": read_shuffle,
    "native_channel_shuffle": read_shuffle,
    "sum": channel_pool_reader("sum"),
    "max": channel_pool_reader("max"),
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
