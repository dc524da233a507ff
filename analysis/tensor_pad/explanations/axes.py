"""Why torch refuses axes, indices, ranges and what is reduced."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from analysis.faults import Fault
from analysis.tensor_pad.bounds import is_tensor
from analysis.tensor_pad.explanations.arguments import dtype_name
from analysis.tensor_pad.explanations.several import broadcast


def dimension(name: str, arguments: Sequence[Any], keywords: dict[str, Any]) -> Fault | None:
    """Any axis that is given and that the first tensor does not have."""
    if not arguments or not is_tensor(arguments[0]):
        return None
    axes = len(arguments[0].shape) + (1 if name == "unsqueeze" else 0)
    where = ("dim", "dim0", "dim1", "dims", "axis0", "axis1", "source", "destination", "dimension")
    counted = name in _DIM_FIRST
    placed = [*arguments[1 : 1 + _DIM_FIRST.get(name, 1)]] if counted else []
    for given in (*placed, *(keywords[key] for key in where if key in keywords)):
        for dim in given if isinstance(given, list | tuple) else (given,):
            if type(dim) is int and not -max(axes, 1) <= dim < max(axes, 1):
                return Fault("pad-dimension", (dim, axes))
    return None


_DIM_FIRST = {
    "sum": 1, "mean": 1, "prod": 1, "max": 1, "min": 1, "amax": 1, "amin": 1, "argmax": 1,
    "argmin": 1, "std": 1, "var": 1, "median": 1, "sort": 1, "cumsum": 1, "cumprod": 1,
    "softmax": 1, "log_softmax": 1, "squeeze": 1, "unsqueeze": 1, "transpose": 2, "swapaxes": 2,
    "movedim": 2, "flatten": 2, "flip": 9, "select": 1, "narrow": 1, "unfold": 1, "unflatten": 1,
    "size": 1, "stride": 1,
}  # fmt: skip
"""How many of the arguments behind the tensor are axes."""


def mean(arguments: list[Any], keywords: dict[str, Any]) -> Fault | None:
    """mean, std and var take no integers."""
    wrong = dimension("mean", arguments, keywords)
    if wrong is not None or not is_tensor(arguments[0]):
        return wrong
    dtype = dtype_name(arguments[0])
    return None if "float" in dtype else Fault("pad-mean-integers", (dtype,))


def arange(arguments: list[Any], keywords: dict[str, Any]) -> Fault | None:
    """The step must lead from the start to the end."""
    given = [each for each in arguments if isinstance(each, int | float)]
    start = keywords.get("start", given[0] if len(given) > 1 else 0)
    end = keywords.get("end", given[1] if len(given) > 1 else (given or [0])[0])
    step = keywords.get("step", given[2] if len(given) > 2 else 1)
    if step == 0:
        return Fault("pad-step-zero", ())
    return Fault("pad-step-sign", (start, end, step)) if (end - start) * step < 0 else None


def steps(arguments: list[Any], keywords: dict[str, Any]) -> Fault | None:
    """linspace and logspace need a number of steps."""
    count = keywords.get("steps", arguments[2] if len(arguments) > 2 else None)
    return Fault("pad-negative-size", (count,)) if type(count) is int and count < 0 else None


def normal(arguments: list[Any], keywords: dict[str, Any]) -> Fault | None:
    """No deviation is negative, no tensor holds integers, and numbers alone need a size."""
    names = ("mean", "std", "size")
    given = dict(zip(names, arguments, strict=False)) | keywords
    if "std" in given and not is_tensor(given["std"]) and isinstance(given["std"], int | float):
        if given["std"] < 0:
            return Fault("pad-normal-std", ())
    elif is_tensor(given.get("std")) and _lowest(given["std"]) < 0:
        return Fault("pad-normal-std", ())
    pair: list[Any] = [each for each in (given.get("mean"), given.get("std")) if is_tensor(each)]
    if not pair and "size" not in given:
        return Fault("pad-normal-size", ())
    whole = next((each for each in pair if not each.is_floating_point()), None)
    if whole is not None:
        return Fault("pad-normal-integers", (dtype_name(whole),))
    return broadcast(pair, {})


def _lowest(tensor: Any) -> float:
    """The smallest element; 0 of a tensor that holds none."""
    return float(tensor.min()) if tensor.numel() else 0.0


def index(arguments: list[Any], keywords: dict[str, Any]) -> Fault | None:
    """Brackets behind a tensor; the parts are ints, slices, None and …."""
    tensor, parts = arguments
    axes = len(tensor.shape)
    for part in parts:
        if isinstance(part, slice) and part.step is not None and part.step < 1:
            return _slice_step(part.step)
    used = sum(isinstance(part, int | slice) and not isinstance(part, bool) for part in parts)
    if used > axes:
        return Fault("pad-many-indices", (used, axes))
    if parts.count(Ellipsis) > 1:
        return Fault("pad-two-ellipses", ())
    at = 0
    for part in parts:
        if part is Ellipsis:
            at += axes - used
        elif isinstance(part, slice):
            at += 1
        elif part is not None:
            if type(part) is int and not -tensor.shape[at] <= part < tensor.shape[at]:
                return Fault("pad-index", (part, at, tensor.shape[at]))
            at += 1
    return None


def _slice_step(step: int) -> Fault:
    """0 never arrives, and backwards torch has no strides."""
    return Fault("pad-negative-step", (step,)) if step else Fault("pad-step-zero", ())


def select(arguments: list[Any], keywords: dict[str, Any]) -> Fault | None:
    """The axis must be there, and the index on it."""
    wrong = dimension("select", arguments, keywords)
    given = dict(zip(("tensor", "dim", "index"), arguments, strict=False)) | keywords
    dim, index = given.get("dim"), given.get("index")
    if wrong is not None or type(dim) is not int or type(index) is not int:
        return wrong
    return Fault("pad-index", (index, dim, arguments[0].shape[dim]))


def reduced(arguments: list[Any], keywords: dict[str, Any]) -> Fault | None:
    """max, argmax and the like of nothing, or of two tensors that do not fit."""
    if sum(map(is_tensor, arguments)) > 1:
        return broadcast(arguments, keywords)
    wrong = dimension("max", arguments, keywords)
    if wrong is None and is_tensor(arguments[0]) and not prod(arguments[0].shape):
        return Fault("pad-nothing", ())
    return wrong
