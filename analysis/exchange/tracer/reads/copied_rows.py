"""Finds of a call that only copies values which rows and columns of its input each unit reads.

The call is made of numbers that say where they lie. Which rows an index reads is then seen, and
whether each unit reads all of its rows by all of its columns.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

COPYING = frozenset((
    *("index", "index_select", "gather", "take_along_dim", "rot90", "fliplr", "flipud", "flip"),
    *("repeat", "tile", "repeat_interleave", "roll", "fft_fftshift", "fft_ifftshift", "triu"),
    *("tril", "slice"),
))  # fmt: skip
"""ATen calls that put values of their input elsewhere, or 0, and compute no others."""
MOST_VALUES = 1 << 25
LONGEST = 4096
"""Rows of an axis; a longer one is not listed."""


def rows_read(node: Any, constant: Callable[[Any], Any]) -> dict[str, Any] | None:
    """What a call of a program copies, as plain values; None where that is not to be found.

    `axes` are the rows that each index of the output reads, one list for each spatial axis, or
    None where an axis stays as it is; `exact` says that a unit reads all of its rows by all of its
    columns, `channels` that it reads all channels there. `constant` gives the value of a node that
    no input reaches, None for others.
    """
    import torch
    from torch.fx.node import map_arg

    packet = str(node.target).partition(".")[2].partition(".")[0]
    inputs = node.all_input_nodes
    computed = [each for each in inputs if constant(each) is None]
    if packet not in COPYING or len(computed) != 1:
        return None
    source, result = computed[0].meta.get("val"), node.meta.get("val")
    if not is_map(source) or not is_map(result) or source.ndim != result.ndim:
        return None
    shape = [int(n) for n in source.shape]
    places = torch.arange(1, prod(shape) + 1).reshape(shape)

    def value(each: Any) -> Any:
        return places if each is computed[0] else constant(each)

    args, kwargs = map_arg((node.args, node.kwargs), value)
    try:
        with torch.no_grad():
            found = node.target(*args, **kwargs)
    except Exception:  # noqa: BLE001 - torch does it for floats alone, or not so
        return None
    return _told(found[0], shape[1:]) if list(found.shape) == list(result.shape) else None


def is_map(value: Any) -> bool:
    """Whether it is a feature map of one picture that is not too large to be looked at."""
    shape = [int(n) for n in getattr(value, "shape", ())]
    fits = 3 <= len(shape) <= 5 and shape[0] == 1 and 0 < prod(shape) <= MOST_VALUES
    return fits and max(shape[2:]) <= LONGEST


def _told(found: Any, shape: list[int]) -> dict[str, Any]:
    """Of the numbers of the places that a call left, channels first; 0 stands for none."""
    import torch

    channels, *sizes = shape
    area = prod(sizes)
    pixels = torch.where(found > 0, (found - 1) % area, -1)
    owners = torch.where(found > 0, (found - 1) // area, -1)
    product = torch.ones(found.shape[1:], dtype=torch.int64)
    axes: list[Any] = []
    for axis, size in enumerate(sizes):
        rows = torch.where(pixels >= 0, pixels // prod(sizes[axis + 1 :]) % size, -1)
        seen = _seen(rows.movedim(axis + 1, 0).flatten(1), size)
        product = product.mul_(_along(seen.sum(1), axis, len(sizes)))
        axes.append(listed(seen))
    return {
        "axes": axes,
        "exact": bool((_different(pixels) == product).all()),
        "channels": bool((_different(owners) == channels).all()),
    }


def _seen(rows: Any, size: int) -> Any:
    """Which rows each index reads, of all rows that its values read; −1 stands for none."""
    import torch

    seen = torch.zeros(len(rows), size + 1, dtype=torch.bool)
    seen[torch.arange(len(rows))[:, None], rows] = True  # −1 is the last, which goes
    return seen[:, :size]


def _along(counts: Any, axis: int, axes: int) -> Any:
    return counts.reshape([-1 if each == axis else 1 for each in range(axes)])


def listed(seen: Any) -> Any:
    """The rows of each index; None where each reads its own, `whole` where each reads all."""
    length, size = seen.shape
    rows = [row.nonzero().flatten().tolist() for row in seen]
    if size > 1 and bool(seen.all()):
        return "whole"
    return None if length == size and rows == [[n] for n in range(size)] else rows


def _different(values: Any) -> Any:
    """How many different numbers from 0 on stand one behind the other, along the first axis."""
    import torch

    ordered = values.sort(0).values
    fresh = torch.ones_like(ordered, dtype=torch.bool)
    fresh[1:] = ordered[1:] != ordered[:-1]
    return (fresh & (ordered >= 0)).sum(0)
