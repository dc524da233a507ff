"""Runs torch code as the linear network of its geometry, whose gradient is the receptive field.

Maxima become means, activations and norms the identity, weights positive and equal, and a product
of two maps their sum: then nothing cuts a path and nothing cancels, in float64. Gates of one pixel
a channel, and the statistics of norms, are held, as fields that are not strict hold them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode

AS_THEY_ARE = frozenset((
    *("relu", "relu_", "relu6", "leaky_relu", "leaky_relu_", "elu", "elu_", "gelu", "silu"),
    *("silu_", "sigmoid", "sigmoid_", "tanh", "softmax", "log_softmax", "prelu", "hardswish"),
    *("hardswish_", "hardsigmoid", "hardtanh", "dropout", "dropout1d", "dropout2d", "dropout3d"),
    *("alpha_dropout", "feature_dropout", "batch_norm", "instance_norm", "group_norm"),
    "layer_norm",
))  # fmt: skip
CONVOLUTIONS = frozenset(f"conv{kind}{axes}d" for kind in ("", "_transpose") for axes in (1, 2, 3))
ROUNDED_ZERO = 1e-9
"""A weight of an interpolation below this is one that is 0 but for rounding."""


class Linearised(TorchFunctionMode):
    """While it is entered, functions of torch compute the linear network of their geometry."""

    def __torch_function__(
        self,
        function: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        given = dict(kwargs or {})
        name = getattr(function, "__name__", "")
        if name in AS_THEY_ARE:
            return given["input"] if "input" in given else args[0]
        if name.startswith("max_pool"):
            return _averaged(name, *args, **given)
        if name in CONVOLUTIONS or name == "linear":
            return _evenly(function, name == "linear", *args, **given)
        if name in ("mul", "mul_", "__mul__", "__imul__", "div", "__truediv__"):
            return _product(function, *args)
        if name in ("sub", "__sub__"):
            return args[0] + args[1]
        if name == "interpolate":
            return _interpolated(*args, **given)
        return function(*args, **given)


def _averaged(name: str, image: Tensor, kernel: Any, stride: Any = None, padding: Any = 0,
              dilation: Any = 1, ceil_mode: bool = False, **_: Any) -> Tensor:  # fmt: skip
    pool = getattr(functional, f"avg_{name.removeprefix('max_')[:6]}")
    assert dilation in (1, (1, 1), (1, 1, 1))
    pooled = pool(image, kernel, stride or kernel, padding, ceil_mode)
    assert isinstance(pooled, Tensor)
    return pooled


def _evenly(function: Callable[..., Any], dense: bool, image: Tensor, weight: Tensor,
            bias: Any = None, *args: Any, **given: Any) -> Any:  # fmt: skip
    even = torch.full_like(weight, 1 / prod(weight.shape[1:]))
    if dense:
        return function(image, even, None)
    return function(image, even, None, *args, **given)


def _product(function: Callable[..., Any], first: Any, second: Any) -> Any:
    """The sum of two maps; the map itself where the other is a number, a weight or a gate."""
    maps = [each for each in (first, second) if isinstance(each, Tensor) and each.requires_grad]
    if len(maps) < 2:
        return function(first, second) if not maps else _stretched(maps[0], first, second)
    gates = [each.ndim > 2 and each.shape[2:].numel() == 1 for each in maps]
    if gates[0] != gates[1]:
        return _stretched(maps[gates.index(False)], *maps)
    return first + second


def _stretched(one: Tensor, *all_of_them: Any) -> Tensor:
    shapes = [each.shape for each in all_of_them if isinstance(each, Tensor)]
    return one.expand(torch.broadcast_shapes(*shapes))


def _interpolated(image: Tensor, size: Any = None, scale_factor: Any = None, mode: str = "nearest",
                  align_corners: bool | None = None, **more: Any) -> Tensor:  # fmt: skip
    """Axis by axis where it is linear, without weights that are 0 but for rounding."""
    if mode not in ("linear", "bilinear", "trilinear"):
        return functional.interpolate(image, size, scale_factor, mode, align_corners, **more)
    axes = image.ndim - 2
    sizes = size if isinstance(size, list | tuple) else [size] * axes
    factors = scale_factor if isinstance(scale_factor, list | tuple) else [scale_factor] * axes
    for axis, (length, factor) in enumerate(zip(sizes, factors, strict=True), start=2):
        basis = torch.eye(image.shape[axis], dtype=image.dtype)[None]
        weights = functional.interpolate(basis, length, factor, "linear", align_corners, **more)[0]
        weights = torch.where(weights > ROUNDED_ZERO, weights, 0.0)
        image = torch.tensordot(image, weights, dims=([axis], [0])).movedim(-1, axis)
    return image


def reached(value: Tensor, unit: Sequence[int], image: Tensor) -> Any:
    """The pixels of an image that a unit of a linear value depends on, as a boolean array."""
    (gradient,) = torch.autograd.grad(
        value[(0, slice(None), *unit)].sum(), image, retain_graph=True, allow_unused=True
    )
    if gradient is None:
        return torch.zeros(image.shape[2:], dtype=torch.bool).numpy()
    return (gradient[0] != 0).any(0).numpy()
