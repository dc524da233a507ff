"""Why torch refuses tensors that meet: sums, joins and products of them."""

from __future__ import annotations

from typing import Any

from analysis.faults import Fault
from analysis.tensor_pad.bounds import is_tensor
from analysis.tensor_pad.explanations.arguments import dtype_name, shape_text


def broadcast(arguments: list[Any], keywords: dict[str, Any]) -> Fault | None:
    """Two or more tensors, axis by axis from the last: equal, or one of them 1."""
    given = (*arguments, *keywords.values())
    shapes = [tuple(each.shape) for each in given if is_tensor(each)]
    for i, first in enumerate(shapes):
        for second in shapes[i + 1 :]:
            for back in range(1, min(len(first), len(second)) + 1):
                a, b = first[-back], second[-back]
                if a != b and 1 not in (a, b):
                    return Fault(
                        "pad-broadcast", (shape_text(first), shape_text(second), -back, a, b)
                    )
    return None


def rows(arguments: list[Any], keywords: dict[str, Any]) -> Fault | None:
    """Lists in a list become rows of a tensor, so all of them are equally long."""
    level: list[Any] = [arguments[0] if arguments else keywords.get("data")]
    while level and all(isinstance(each, list) for each in level):
        lengths = [len(each) for each in level]
        other = next((each for each in lengths if each != lengths[0]), None)
        if other is not None:
            return Fault("pad-rows", (lengths[0], other))
        level = [part for each in level for part in each]
    return None


def _listed(arguments: list[Any], keywords: dict[str, Any]) -> list[Any] | None:
    listed = arguments[0] if arguments else keywords.get("tensors")
    if not isinstance(listed, list) or not listed or not all(map(is_tensor, listed)):
        return None
    return listed


def cat(arguments: list[Any], keywords: dict[str, Any]) -> Fault | None:
    """All axes but the one that is joined along must be equal."""
    listed = _listed(arguments, keywords)
    if listed is None:
        return Fault("pad-cat-list", ())
    shapes = [tuple(each.shape) for each in listed]
    first, dim = shapes[0], arguments[1] if len(arguments) > 1 else keywords.get("dim", 0)
    if any(not shape for shape in shapes):
        return Fault("pad-cat-scalar", ())
    for number, shape in enumerate(shapes[1:], 1):
        if len(shape) != len(first):
            return Fault("pad-cat-axes", (shape_text(first), shape_text(shape), number))
        for axis, (a, b) in enumerate(zip(first, shape, strict=True)):
            if type(dim) is int and axis != dim % len(first) and a != b:
                if not -len(first) <= dim < len(first):
                    return Fault("pad-dimension", (dim, len(first)))
                return Fault("pad-cat-sizes", (axis, a, b, number, dim))
    return None


def stack(arguments: list[Any], keywords: dict[str, Any]) -> Fault | None:
    """All shapes must be equal."""
    listed = _listed(arguments, keywords)
    if listed is None:
        return Fault("pad-cat-list", ())
    for number, each in enumerate(listed[1:], 1):
        if tuple(each.shape) != tuple(listed[0].shape):
            shapes = shape_text(listed[0].shape), shape_text(each.shape)
            return Fault("pad-stack-sizes", (*shapes, number))
    return None


def matmul(arguments: list[Any], keywords: dict[str, Any]) -> Fault | None:
    """The last axis of the first must be as long as the one before the last of the second.

    Of a vector it is the only one.
    """
    given = [*arguments, *keywords.values()]
    if len(given) < 2 or not is_tensor(given[0]) or not is_tensor(given[1]):
        return None
    a, b = tuple(given[0].shape), tuple(given[1].shape)
    if not a or not b:
        return Fault("pad-matmul-scalar", ())
    inner = b[-2] if len(b) > 1 else b[0]
    if a[-1] != inner:
        code = "pad-matmul" if len(b) > 1 else "pad-matmul-vector"
        return Fault(code, (shape_text(a), shape_text(b), a[-1], inner))
    if given[0].dtype != given[1].dtype:
        return Fault("pad-matmul-dtypes", (dtype_name(given[0]), dtype_name(given[1])))
    return None
