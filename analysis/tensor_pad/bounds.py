"""Foretells how many elements an operation makes, so that it can be refused before it does."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

PRODUCTS = ("@", "matmul", "mm", "bmm", "mv", "dot", "outer")
"""What multiplies matrices."""
_SIZED = ("zeros", "ones", "full", "rand", "randn")
_COUNTED = ("arange", "linspace", "logspace")


def is_tensor(value: Any) -> bool:
    """Whether it has a shape and strides."""
    return hasattr(value, "stride") and hasattr(value, "shape")


def tensors_in(values: Sequence[Any]) -> Iterator[Any]:
    """The tensors among arguments and in their lists."""
    for value in values:
        if is_tensor(value):
            yield value
        elif isinstance(value, list):
            yield from tensors_in(value)


def most_elements(name: str, arguments: Sequence[Any], keywords: dict[str, Any]) -> float:
    """At most so many elements come of `name(*arguments, **keywords)`.

    What the arguments do not tell counts 0: torch refuses it, or it makes nothing larger than
    its tensors. Views, as of `expand`, are not foretold: they allocate nothing.
    """
    given = (*arguments, *keywords.values())
    if name in _SIZED:
        return _product(keywords.get("size", arguments[:1] if name == "full" else arguments))
    if name == "randint":
        return _product([each for each in given if isinstance(each, list)])
    if name in ("eye", "randperm"):
        sizes = [each for each in given if _is_number(each)]
        return _product(sizes * 2 if len(sizes) == 1 and name == "eye" else sizes)
    if name in _COUNTED:
        return _counted(name, arguments, keywords)
    tensors = list(tensors_in(given))
    if name == "normal" and not tensors:
        return _product([each for each in given if isinstance(each, list)])
    if name in ("repeat", "tile"):
        return _product([each for each in given if not is_tensor(each)]) * _largest(tensors)
    if name in ("cat", "concat", "stack"):
        return float(sum(math.prod(each.shape) for each in tensors))
    if name == "diag":
        return (_largest(tensors) + _shift(given)) ** 2
    if name in PRODUCTS:
        return _multiplied(tensors)[0]
    return _broadcast([tuple(each.shape) for each in tensors])


def most_products(arguments: Sequence[Any], keywords: dict[str, Any]) -> float:
    """At most so many numbers are multiplied in a matrix product."""
    outputs, inner = _multiplied(list(tensors_in((*arguments, *keywords.values()))))
    return outputs * inner


def _multiplied(tensors: list[Any]) -> tuple[float, int]:
    """(elements of a matrix product, products in each); 0 where torch refuses it."""
    if len(tensors) != 2:
        return 0.0, 0
    first, second = (tuple(each.shape) or (1,) for each in tensors)
    if len(first) == len(second) == 1:
        return max(1.0, first[0] * second[0]), 1  # outer takes all pairs, dot makes one number
    inner = second[-2] if len(second) > 1 else second[0]
    if inner != first[-1]:
        return 0.0, 0
    rows = first[-2] if len(first) > 1 else 1
    columns = second[-1] if len(second) > 1 else 1
    return _broadcast([first[:-2], second[:-2]]) * rows * columns, inner


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)


def _product(sizes: Any) -> float:
    """Of all numbers in nested lists; what is negative or 0 makes nothing."""
    found = 1.0
    for each in sizes if isinstance(sizes, list | tuple) else (sizes,):
        found *= (
            _product(each) if isinstance(each, list) else max(0, each if _is_number(each) else 1)
        )
    return found


def _counted(name: str, arguments: Sequence[Any], keywords: dict[str, Any]) -> float:
    if name != "arange":
        steps = keywords.get("steps", arguments[2] if len(arguments) > 2 else 0)
        return float(steps) if _is_number(steps) else 0.0
    numbers = [each for each in arguments if _is_number(each)]
    start = keywords.get("start", numbers[0] if len(numbers) > 1 else 0)
    end = keywords.get("end", numbers[1] if len(numbers) > 1 else (numbers or [0])[0])
    step = keywords.get("step", numbers[2] if len(numbers) > 2 else 1)
    if not all(map(_is_number, (start, end, step))) or not step:
        return 0.0
    count = (end - start) / step
    return float(math.ceil(count)) if math.isfinite(count) else max(0.0, count)


def _largest(tensors: Sequence[Any]) -> float:
    return float(max((math.prod(each.shape) for each in tensors), default=0))


def _shift(given: Sequence[Any]) -> float:
    return float(max((abs(each) for each in given if _is_number(each)), default=0))


def _broadcast(shapes: Sequence[tuple[int, ...]]) -> float:
    """The product of the largest size of every axis, the last axes over each other."""
    axes = max(map(len, shapes), default=0)
    padded = [(1,) * (axes - len(shape)) + shape for shape in shapes]
    return float(math.prod(max(sizes) for sizes in zip(*padded, strict=True)))
