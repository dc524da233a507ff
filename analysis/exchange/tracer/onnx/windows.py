"""Convolution, transposed convolution and pooling of ONNX in torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain
from typing import Any

from .call import Call, Function

Pairs = list[tuple[int, int]]


def _pads(call: Call, sizes: tuple[int, ...], kernel: list[int], strides: list[int],
          dilations: list[int]) -> Pairs:  # fmt: skip
    """(before, after) an axis; `SAME` keeps size / stride, rounded up."""
    axes = len(kernel)
    mode = str(call.get("auto_pad", "NOTSET"))
    if mode == "VALID":
        return [(0, 0)] * axes
    if mode == "NOTSET":
        flat = list(call.get("pads", [0] * 2 * axes))
        return list(zip(flat[:axes], flat[axes:], strict=True))
    pairs: Pairs = []
    for size, width, stride, dilation in zip(sizes, kernel, strides, dilations, strict=True):
        total = max((-(-size // stride) - 1) * stride + dilation * (width - 1) + 1 - size, 0)
        less, more = total // 2, total - total // 2
        pairs.append((less, more) if mode == "SAME_UPPER" else (more, less))
    return pairs


def _padded(image: Any, pairs: Pairs, value: float = 0.0) -> Any:
    from torch.nn import functional

    flat = list(chain.from_iterable(reversed(pairs)))
    return functional.pad(image, flat, value=value) if any(flat) else image


def _are_even(pairs: Pairs) -> bool:
    return all(before == after for before, after in pairs)


def convolution(call: Call) -> Any:
    """`Conv`; padding that differs by side stands before it."""
    from torch.nn import functional

    image, weight = call.tensor(0), call.tensor(1)
    axes = weight.dim() - 2
    strides = call.get("strides", [1] * axes)
    dilations = call.get("dilations", [1] * axes)
    pairs = _pads(call, tuple(image.shape[2:]), list(weight.shape[2:]), strides, dilations)
    if not _are_even(pairs):
        image, pairs = _padded(image, pairs), [(0, 0)] * axes
    convolve = (functional.conv1d, functional.conv2d, functional.conv3d)[axes - 1]
    padding = [before for before, _ in pairs]
    return convolve(image, weight, call.optional(2), strides, padding, dilations,
                    call.get("group", 1))  # fmt: skip


def transposed(call: Call) -> Any:
    """`ConvTranspose`; what the padding takes off more on one side is cut off behind it."""
    from torch.nn import functional

    image, weight = call.tensor(0), call.tensor(1)
    axes = weight.dim() - 2
    strides = call.get("strides", [1] * axes)
    dilations = call.get("dilations", [1] * axes)
    extra = list(call.get("output_padding", [0] * axes))
    settings = zip(image.shape[2:], strides, dilations, weight.shape[2:], extra, strict=True)
    full = [(n - 1) * s + d * (k - 1) + 1 + e for n, s, d, k, e in settings]
    pairs = _transposed_pads(call, full, tuple(image.shape[2:]), strides)
    convolve = (
        functional.conv_transpose1d,
        functional.conv_transpose2d,
        functional.conv_transpose3d,
    )[axes - 1]
    padding = [max(min(pair), 0) for pair in pairs]
    result = convolve(image, weight, call.optional(2), strides, padding, extra,
                      call.get("group", 1), dilations)  # fmt: skip
    rest = [(p - before, p - after) for (before, after), p in zip(pairs, padding, strict=True)]
    return _padded(result, rest)


def _transposed_pads(
    call: Call, full: list[int], sizes: tuple[int, ...], strides: list[int]
) -> Pairs:
    axes = len(full)
    mode = str(call.get("auto_pad", "NOTSET"))
    wanted = call.get("output_shape")
    if wanted is None and mode in ("NOTSET", "VALID"):
        flat = list(call.get("pads", [0] * 2 * axes))
        return list(zip(flat[:axes], flat[axes:], strict=True))
    if wanted is None:
        wanted = [size * stride for size, stride in zip(sizes, strides, strict=True)]
    pairs: Pairs = []
    for length, size in zip(full, wanted[-axes:], strict=True):
        total = length - size
        less, more = total // 2, total - total // 2
        pairs.append((less, more) if mode == "SAME_UPPER" else (more, less))
    return pairs


def max_pool(call: Call) -> Any:
    """`MaxPool`; padding that torch's does not take stands before it, below every value."""
    from torch.nn import functional

    image = call.tensor(0)
    kernel = list(call.get("kernel_shape"))
    axes = len(kernel)
    strides = call.get("strides", [1] * axes)
    dilations = call.get("dilations", [1] * axes)
    if call.results > 1 and call.get("storage_order", 0):
        raise call.refuse("storage_order")
    pairs = _pads(call, tuple(image.shape[2:]), kernel, strides, dilations)
    if not _fits(pairs, kernel):
        if call.results > 1:
            raise call.refuse("pads")
        image, pairs = _padded(image, pairs, -3.4e38), [(0, 0)] * axes
    pools: tuple[Callable[..., Any], ...] = (
        functional.max_pool1d, functional.max_pool2d, functional.max_pool3d,
    )  # fmt: skip
    return pools[axes - 1](image, kernel, strides, [before for before, _ in pairs], dilations,
                           bool(call.get("ceil_mode", 0)), call.results > 1)  # fmt: skip


def _fits(pairs: Pairs, kernel: list[int]) -> bool:
    """Whether torch pads so itself: evenly, and by half the kernel at most."""
    return _are_even(pairs) and all(b <= k // 2 for (b, _), k in zip(pairs, kernel, strict=True))


def average_pool(call: Call) -> Any:
    """`AveragePool`; where padding differs by side, the share that it has is divided out."""
    import torch
    from torch.nn import functional

    image = call.tensor(0)
    kernel = list(call.get("kernel_shape"))
    axes = len(kernel)
    strides = call.get("strides", [1] * axes)
    if any(each != 1 for each in call.get("dilations", [1])):
        raise call.refuse("dilations")
    pairs = _pads(call, tuple(image.shape[2:]), kernel, strides, [1] * axes)
    counts = bool(call.get("count_include_pad", 0))
    ceil = bool(call.get("ceil_mode", 0))
    pool: Callable[..., Any] = (
        functional.avg_pool1d, functional.avg_pool2d, functional.avg_pool3d,
    )[axes - 1]  # fmt: skip
    if _fits(pairs, kernel):
        padding = [before for before, _ in pairs]
        return pool(image, kernel, strides, padding, ceil, counts)
    pooled = pool(_padded(image, pairs), kernel, strides, 0, ceil)
    if counts:
        return pooled
    ones = torch.ones(1, 1, *image.shape[2:])
    return pooled / pool(_padded(ones, pairs), kernel, strides, 0, ceil)


def lp_pool(call: Call) -> Any:
    """`LpPool` without padding."""
    from torch.nn import functional

    image, kernel = call.tensor(0), list(call.get("kernel_shape"))
    if any(call.get("pads", [0])) or call.get("auto_pad", "NOTSET") != "NOTSET":
        raise call.refuse("pads")
    pools: tuple[Callable[..., Any], ...] = (
        functional.lp_pool1d, functional.lp_pool2d, functional.lp_pool3d,
    )  # fmt: skip
    strides = call.get("strides", [1] * len(kernel))
    return pools[len(kernel) - 1](image, float(call.get("p", 2)), kernel, strides)


def global_average(call: Call) -> Any:
    """`GlobalAveragePool`."""
    image = call.tensor()
    return image.mean(list(range(2, image.dim())), keepdim=True)


def global_max(call: Call) -> Any:
    """`GlobalMaxPool`."""
    image = call.tensor()
    return image.amax(list(range(2, image.dim())), keepdim=True)


WINDOWS: Mapping[str, Function] = {
    "Conv": convolution,
    "ConvTranspose": transposed,
    "MaxPool": max_pool,
    "AveragePool": average_pool,
    "LpPool": lp_pool,
    "GlobalAveragePool": global_average,
    "GlobalMaxPool": global_max,
}
