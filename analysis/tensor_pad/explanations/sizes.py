"""Why torch refuses sizes: of views, of new tensors, of what is expanded or permuted."""

from __future__ import annotations

from math import prod
from typing import Any

from analysis.faults import Fault
from analysis.tensor_pad.bounds import is_tensor
from analysis.tensor_pad.explanations.arguments import ints, shape_text


def view(arguments: list[Any], keywords: dict[str, Any]) -> Fault | None:
    """view and reshape: the sizes must multiply to the number of elements."""
    tensor = arguments[0]
    wanted = ints(arguments[1:] or [keywords.get("shape", keywords.get("size", []))])
    if wanted is None or not is_tensor(tensor):
        return None
    elements, unknown = prod(tensor.shape), wanted.count(-1)
    if any(size < -1 for size in wanted):
        return Fault("pad-negative-size", (min(wanted),))
    if unknown > 1:
        return Fault("pad-two-unknown", ())
    known = prod(size for size in wanted if size != -1)
    if unknown and (not known or elements % known):
        return Fault("pad-view-unknown", (elements, known))
    if not unknown and known != elements:
        return Fault("pad-view-size", (elements, shape_text(wanted), known))
    return Fault(
        "pad-view-strides",
        (shape_text(tensor.shape), shape_text(tensor.stride()), shape_text(wanted)),
    )


def reshape(arguments: list[Any], keywords: dict[str, Any]) -> Fault | None:
    """The sizes must multiply to the number of elements; strides are no hindrance."""
    found = view(arguments, keywords)
    return None if found is not None and found.code == "pad-view-strides" else found


def unflatten(arguments: list[Any], keywords: dict[str, Any]) -> Fault | None:
    """The sizes must multiply to that of the axis."""
    tensor, dim, sizes = [*arguments, None, None][:3]
    dim, sizes = keywords.get("dim", dim), keywords.get("sizes", sizes)
    if not is_tensor(tensor) or type(dim) is not int or not isinstance(sizes, list):
        return None
    if not -len(tensor.shape) <= dim < len(tensor.shape):
        return None
    wanted = ints(sizes)
    if wanted is None:
        return None
    elements, known = tensor.shape[dim], prod(size for size in wanted if size != -1)
    if wanted.count(-1) > 1:
        return Fault("pad-two-unknown", ())
    if -1 in wanted:
        return Fault("pad-view-unknown", (elements, known))
    return Fault("pad-view-size", (elements, shape_text(wanted), known))


def made(arguments: list[Any], keywords: dict[str, Any]) -> Fault | None:
    """zeros, rand and the like: no size may be negative."""
    sizes = ints(arguments or [keywords.get("size", [])])
    negative = [size for size in sizes or () if size < 0]
    return Fault("pad-negative-size", (negative[0],)) if negative else None


def expand(arguments: list[Any], keywords: dict[str, Any]) -> Fault | None:
    """Only axes of size 1 grow, and none goes away."""
    tensor = arguments[0]
    given = arguments[1:] or [keywords.get("sizes", keywords.get("size", []))]
    wanted = ints(given)
    if wanted is None or not is_tensor(tensor):
        return None
    if len(wanted) < len(tensor.shape):
        return Fault("pad-expand-axes", (len(tensor.shape), len(wanted)))
    ahead = len(wanted) - len(tensor.shape)
    impossible = [size for size in wanted[:ahead] if size < 0] + [w for w in wanted if w < -1]
    if impossible:
        return Fault("pad-negative-size", (impossible[0],))
    pairs = list(enumerate(zip(tensor.shape, wanted[ahead:], strict=True)))
    for axis, (has, want) in reversed(pairs):
        if want not in (-1, has) and has != 1:
            return Fault("pad-expand", (axis + ahead, has, want))
    return None


def repeat(arguments: list[Any], keywords: dict[str, Any]) -> Fault | None:
    """A number of times for every axis."""
    times = ints(arguments[1:])
    if times is None or not is_tensor(arguments[0]):
        return None
    if len(times) < len(arguments[0].shape):
        return Fault("pad-expand-axes", (len(arguments[0].shape), len(times)))
    return Fault("pad-negative-size", (min(times),)) if min(times, default=0) < 0 else None


def permute(arguments: list[Any], keywords: dict[str, Any]) -> Fault | None:
    """Every axis once."""
    dims = ints(arguments[1:] or [keywords.get("dims", [])])
    if dims is None or not is_tensor(arguments[0]):
        return None
    axes = len(arguments[0].shape)
    if len(dims) != axes:
        return Fault("pad-permute-count", (axes, len(dims)))
    outside = [dim for dim in dims if not -axes <= dim < axes]
    if outside:
        return Fault("pad-dimension", (outside[0], axes))
    twice = [dim for dim in dims if [d % axes for d in dims].count(dim % axes) > 1]
    return Fault("pad-permute-twice", (twice[0],)) if twice else None
