"""Finds of a call that weighs places of each channel by itself which rows and columns it reads.

Such are samplings at places that a model holds, and resizings with a filter. They are made of
pictures that are 0 but for one row each: where the result is not, that row is read.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from .copied_rows import LONGEST, is_map, listed

SAMPLING = frozenset((
    *("grid_sampler", "grid_sampler_2d", "grid_sampler_3d", "diff"),
    *(f"_upsample_{kind}2d_aa" for kind in ("bilinear", "bicubic", "lanczos")),
    *(f"avg_pool{axes}d" for axes in (2, 3)),
))  # fmt: skip
"""ATen calls that are linear in their first argument, one channel like the other."""
AT_ONCE = 1 << 24
"""Numbers of one try."""


def rows_sampled(node: Any, constant: Callable[[Any], Any]) -> dict[str, Any] | None:
    """What a call reads, as `copied_rows.rows_read` tells it; None where that cannot be found."""
    packet = str(node.target).partition(".")[2].partition(".")[0]
    source: Any = node.args[0] if node.args else None
    if packet not in SAMPLING or not hasattr(source, "meta") or constant(source) is not None:
        return None
    if any(constant(each) is None for each in node.all_input_nodes if each is not source):
        return None
    before, after = source.meta.get("val"), node.meta.get("val")
    if not is_map(before) or not is_map(after) or before.ndim != after.ndim:
        return None
    sizes, lengths = ([int(n) for n in each.shape[2:]] for each in (before, after))
    try:
        found = [_of_axis(node, constant, axis, sizes, lengths) for axis in range(len(sizes))]
    except Exception:  # noqa: BLE001 - torch has no such call of these numbers
        return None
    return {
        "axes": [listed(seen) for seen, _ in found],
        "exact": all(exact for _, exact in found),
        "channels": True,
    }


def _of_axis(
    node: Any, constant: Callable[[Any], Any], axis: int, sizes: list[int], lengths: list[int]
) -> tuple[Any, bool]:
    """(index, row): which rows an index of an axis reads, and whether all its units read these."""
    import torch
    from torch.fx.node import map_arg

    size, at_once = sizes[axis], max(1, AT_ONCE // (prod(lengths) + prod(sizes)))
    assert size <= LONGEST
    random = torch.Generator().manual_seed(0)
    picture = torch.rand(sizes, generator=random) + 0.5  # in which nothing cancels
    seen, exact = [], True
    for start in range(0, size, at_once):
        rows = torch.arange(start, min(start + at_once, size))
        own = torch.arange(size).reshape([-1 if n == axis else 1 for n in range(len(sizes))])
        stack = torch.stack([picture * (own == row) for row in rows])[None]

        def value(each: Any, stack: Any = stack) -> Any:
            return stack if each is node.args[0] else constant(each)

        args, kwargs = map_arg((node.args, node.kwargs), value)
        with torch.no_grad():
            read = node.target(*args, **kwargs)[0].abs() > 0
        flat = read.movedim(axis + 1, 1).flatten(2)
        seen.append(flat.any(2))
        exact = exact and bool((flat.any(2) == flat.all(2)).all())
    return torch.cat(seen).T, exact
