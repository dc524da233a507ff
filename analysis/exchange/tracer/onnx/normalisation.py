"""Normalisation of ONNX in torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .call import Call, Function
from .fusing import GROUP_NORM


def batch(call: Call) -> Any:
    """`BatchNormalization` with its stored statistics."""
    from torch.nn import functional

    if call.get("training_mode", 0):
        raise call.refuse("training_mode")
    mean, variance = call.tensor(3), call.tensor(4)
    return functional.batch_norm(call.tensor(0), mean, variance, call.tensor(1), call.tensor(2),
                                 False, 0.0, call.get("epsilon", 1e-5))  # fmt: skip


def instance(call: Call) -> Any:
    """`InstanceNormalization`; a scale of ones and a bias of zeros are none."""
    from torch.nn import functional

    weight, bias = (None, None) if _is_plain(call) else (call.tensor(1), call.tensor(2))
    return functional.instance_norm(call.tensor(0), None, None, weight, bias, True, 0.0,
                                    call.get("epsilon", 1e-5))  # fmt: skip


def _is_plain(call: Call) -> bool:
    if not (call.is_known(1) and call.is_known(2)):
        return False
    return bool((call.value(1) == 1).all() and (call.value(2) == 0).all())


def group(call: Call) -> Any:
    """`GroupNormalization`; until opset 20 scale and bias are one a group."""
    from torch.nn import functional

    image, groups = call.tensor(0), int(call.get("num_groups"))
    weight, bias = call.tensor(1), call.tensor(2)
    if call.operator == GROUP_NORM:
        weight, bias = weight.reshape(-1), bias.reshape(-1)
    elif call.version < 21:
        within = image.shape[1] // groups
        weight, bias = weight.repeat_interleave(within), bias.repeat_interleave(within)
    return functional.group_norm(image, groups, weight, bias, call.get("epsilon", 1e-5))


def layer(call: Call) -> Any:
    """`LayerNormalization` over the axes from `axis` on; a scale of ones alone is none."""
    from torch.nn import functional

    image = call.tensor(0)
    axis = int(call.get("axis", -1)) % image.dim()
    plain = not call.has(2) and call.is_known(1) and bool((call.value(1) == 1).all())
    return functional.layer_norm(image, list(image.shape[axis:]),
                                 None if plain else call.optional(1),
                                 call.optional(2), call.get("epsilon", 1e-5))  # fmt: skip


def root_mean_square(call: Call) -> Any:
    """`RMSNormalization`."""
    from torch.nn import functional

    image = call.tensor(0)
    axis = int(call.get("axis", -1)) % image.dim()
    return functional.rms_norm(image, list(image.shape[axis:]), call.optional(1),
                               call.get("epsilon", 1e-5))  # fmt: skip


def local_response(call: Call) -> Any:
    """`LRN`."""
    from torch.nn import functional

    return functional.local_response_norm(
        call.tensor(), int(call.get("size")), call.get("alpha", 1e-4), call.get("beta", 0.75),
        call.get("bias", 1.0))  # fmt: skip


NORMALISATION: Mapping[str, Function] = {
    "BatchNormalization": batch,
    "InstanceNormalization": instance,
    "GroupNormalization": group,
    GROUP_NORM: group,
    "LayerNormalization": layer,
    "RMSNormalization": root_mean_square,
    "LRN": local_response,
}
