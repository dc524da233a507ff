"""Reads sizes, axes and dtypes out of the arguments of an operation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def shape_text(shape: Sequence[int]) -> str:
    """As torch writes it: [2, 3]."""
    return f"[{', '.join(map(str, shape))}]"


def ints(values: Sequence[Any]) -> list[int] | None:
    """Sizes or axes, given one by one or as one list."""
    flat = list(values[0]) if len(values) == 1 and isinstance(values[0], list | tuple) else values
    return list(flat) if all(type(each) is int for each in flat) else None


def dtype_name(tensor: Any) -> str:
    """The name of a tensor's dtype: float32."""
    return str(tensor.dtype).removeprefix("torch.")
