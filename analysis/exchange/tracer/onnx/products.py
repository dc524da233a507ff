"""Matrix products and dense layers of ONNX in torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .call import Call, Function


def general(call: Call) -> Any:
    """`Gemm`: a dense layer where its matrix is a weight."""
    from torch.nn import functional

    first, second, third = call.tensor(0), call.tensor(1), call.optional(2)
    if call.get("transA", 0):
        first = first.t()
    alpha, beta = call.get("alpha", 1.0), call.get("beta", 1.0)
    if call.is_known(1) and alpha == 1 and beta == 1 and (third is None or third.dim() == 1):
        return functional.linear(first, second if call.get("transB", 0) else second.t(), third)
    product = first @ (second.t() if call.get("transB", 0) else second)
    product = product if alpha == 1 else product * alpha
    if third is None:
        return product
    return product + (third if beta == 1 else third * beta)


def matrix(call: Call) -> Any:
    """`MatMul`: a dense layer where its matrix is a weight of two axes."""
    from torch.nn import functional

    first, second = call.tensor(0), call.tensor(1)
    if call.is_known(1) and second.dim() == 2:
        return functional.linear(first, second.t())
    return first @ second


def einsum(call: Call) -> Any:
    """`Einsum`."""
    import torch

    parts = [call.tensor(port) for port in range(len(call.operands))]
    return torch.einsum(str(call.get("equation")), *parts)


def quantised(call: Call) -> Any:
    """`QuantizeLinear`: the whole numbers, kept as floats."""
    scale, zero = _by_axis(call)
    kind = call.value(2).dtype if call.has(2) else None
    low, high = (-128, 127) if str(kind) == "int8" else (0, 255)
    if kind is not None and str(kind) not in ("int8", "uint8"):
        raise call.refuse(str(kind))
    return ((call.tensor(0) / scale).round() + zero).clamp(low, high)


def dequantised(call: Call) -> Any:
    """`DequantizeLinear`."""
    scale, zero = _by_axis(call)
    image = call.tensor(0).float()
    return (image - zero) * scale


def _by_axis(call: Call) -> tuple[Any, Any]:
    """Scale and zero point, laid out along their axis."""
    scale = call.tensor(1)
    zero = call.tensor(2).float() if call.has(2) else 0.0
    if call.get("block_size", 0):
        raise call.refuse("block_size")
    if scale.numel() == 1:
        return scale.reshape(()), zero if isinstance(zero, float) else zero.reshape(())
    rank = call.rank(0)
    shape = [1] * rank
    shape[int(call.get("axis", 1)) % rank] = scale.numel()
    return scale.reshape(shape), zero if isinstance(zero, float) else zero.reshape(shape)


def sampled(call: Call) -> Any:
    """`GridSample`."""
    from torch.nn import functional

    mode = {"linear": "bilinear", "cubic": "bicubic"}.get(
        str(call.get("mode", "bilinear")), str(call.get("mode", "bilinear"))
    )
    return functional.grid_sample(call.tensor(0), call.tensor(1), mode,
                                  str(call.get("padding_mode", "zeros")),
                                  bool(call.get("align_corners", 0)))  # fmt: skip


PRODUCTS: Mapping[str, Function] = {
    "Gemm": general,
    "MatMul": matrix,
    "Einsum": einsum,
    "QuantizeLinear": quantised,
    "DequantizeLinear": dequantised,
    "GridSample": sampled,
}
