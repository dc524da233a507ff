"""Converts an example between one and two axes: the middle row is taken, or the row repeated."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from analysis.arithmetic.example.example import Example
from analysis.arithmetic.forms.shifts import Values

AXES = ("in_size", "kernel", "stride", "padding", "dilation", "output_padding")


def of_rank(example: Example, rank: int) -> Example:
    """The example on 1 or 2 axes.

    Of two axes the last stays, with the values of the middle row. One axis becomes both: each
    setting holds for either, and every row has the values there were. ValueError for another rank.
    """
    if rank not in (1, 2):
        raise ValueError(rank)
    if rank == example.case.rank:
        return example
    settings: dict[str, Any] = {name: (getattr(example.case, name)[-1],) * rank for name in AXES}
    changed = _cut if rank == 1 else _repeated
    moved = replace(
        example,
        x=changed(example.x),
        w=None if example.w is None else changed(example.w),
        grad_output=changed(example.grad_output),
        returned=None,
        last=example.last or example,
    )
    return moved.with_case(replace(example.case, **settings))


def _cut(values: Values) -> Values:
    """(…, H, W) → (…, W), the middle row."""
    return values[..., values.shape[-2] // 2, :]


def _repeated(values: Values) -> Values:
    """(…, W) → (…, W, W), every row the same."""
    return values[..., None, :].repeat(values.shape[-1], axis=-2)
