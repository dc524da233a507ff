"""Reductions of ONNX over given axes, in torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .call import Call, Function

Reduce = Callable[[Any, list[int], bool], Any]


def _reduction(reduce: Reduce) -> Function:
    def function(call: Call) -> Any:
        image, keeps = call.tensor(), bool(call.get("keepdims", 1))
        axes = call.setting("axes", 1)
        if not axes:
            if call.get("noop_with_empty_axes", 0):
                return image
            axes = list(range(image.dim()))
        return reduce(image, [axis % image.dim() for axis in axes], keeps)

    return function


def _product(image: Any, axes: list[int], keeps: bool) -> Any:
    for axis in sorted(axes, reverse=True):
        image = image.prod(axis, keepdim=keeps)
    return image


def _extreme_at(name: str) -> Function:
    def function(call: Call) -> Any:
        if call.get("select_last_index", 0):
            raise call.refuse("select_last_index")
        axis, keeps = int(call.get("axis", 0)), bool(call.get("keepdims", 1))
        return getattr(call.tensor(), name)(axis, keepdim=keeps)

    return function


def top(call: Call) -> Any:
    """`TopK`."""
    count = int(call.value(1).reshape(-1)[0])
    axis, largest = int(call.get("axis", -1)), bool(call.get("largest", 1))
    return tuple(call.tensor().topk(count, axis, largest, bool(call.get("sorted", 1))))


def cumulative_sum(call: Call) -> Any:
    """`CumSum` that includes its own entry and runs forwards."""
    if call.get("exclusive", 0) or call.get("reverse", 0):
        raise call.refuse("exclusive, reverse")
    return call.tensor().cumsum(int(call.value(1)))


REDUCTIONS: Mapping[str, Function] = {
    "ReduceMean": _reduction(lambda image, axes, keeps: image.mean(axes, keepdim=keeps)),
    "ReduceSum": _reduction(lambda image, axes, keeps: image.sum(axes, keepdim=keeps)),
    "ReduceMax": _reduction(lambda image, axes, keeps: image.amax(axes, keepdim=keeps)),
    "ReduceMin": _reduction(lambda image, axes, keeps: image.amin(axes, keepdim=keeps)),
    "ReduceProd": _reduction(_product),
    "ReduceL1": _reduction(lambda image, axes, keeps: image.abs().sum(axes, keepdim=keeps)),
    "ReduceL2": _reduction(lambda image, axes, keeps: image.norm(2, axes, keepdim=keeps)),
    "ReduceLogSumExp": _reduction(lambda image, axes, keeps: image.logsumexp(axes, keepdim=keeps)),
    "ReduceLogSum": _reduction(lambda image, axes, keeps: image.sum(axes, keepdim=keeps).log()),
    "ReduceSumSquare": _reduction(
        lambda image, axes, keeps: image.square().sum(axes, keepdim=keeps)
    ),
    "ArgMax": _extreme_at("argmax"),
    "ArgMin": _extreme_at("argmin"),
    "TopK": top,
    "CumSum": cumulative_sum,
}
