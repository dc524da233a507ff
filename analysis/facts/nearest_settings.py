"""Finds the settings nearest to an operator's own that its inputs allow, as its fault says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from analysis.faults import Fault
from analysis.operators.contract import Operator, Shape


@dataclass(frozen=True, slots=True)
class _Nearest:
    """Where a fault says the nearest value of which setting; `axis` is None for all or one."""

    setting: str
    value: int
    axis: int | None = None


_NEAREST: Mapping[str, Callable[[tuple[Any, ...]], _Nearest]] = {
    "kernel-too-large": lambda n: _Nearest("kernel", n[3], n[0]),
    "border-too-wide": lambda n: _Nearest("padding", n[3], n[0]),
    "padding-takes-all": lambda n: _Nearest("padding", n[3], n[0]),
    "pool-padding-too-large": lambda n: _Nearest("padding", n[2], n[0]),
    "output-padding-too-large": lambda n: _Nearest("output_padding", n[2], n[0]),
    "channels-not-divisible": lambda n: _Nearest("groups", n[2]),
    "not-positive": lambda n: _Nearest(n[0], n[2]),
    "negative": lambda n: _Nearest(n[0], n[2]),
    "too-small": lambda n: _Nearest(n[0], n[2]),
    "too-large": lambda n: _Nearest(n[0], n[2]),
}


def nearest_settings(
    operator: Operator, inputs: Sequence[Shape], fault: Fault
) -> tuple[Operator, tuple[str, ...]] | None:
    """The operator with other settings, one axis after the other, and the names of those.

    None where the fault names no setting of it.
    """
    changed: dict[str, None] = {}
    left: Shape | Fault | None = fault
    for _ in range(8):
        if not isinstance(left, Fault) or left.code not in _NEAREST:
            break
        near = _NEAREST[left.code](left.numbers)
        if not hasattr(operator, near.setting):
            return None
        operator = _with(operator, near, left.code)
        changed[near.setting] = None
        left = operator.shape(inputs)
    return (operator, tuple(changed)) if changed else None


def _with(operator: Operator, near: _Nearest, code: str) -> Operator:
    old = getattr(operator, near.setting)
    new: Any = near.value
    if isinstance(old, tuple):
        pick = max if code in ("not-positive", "negative", "too-small") else min
        new = tuple(
            _limited(part, near.value, pick) if near.axis in (None, axis) else part
            for axis, part in enumerate(old)
        )
    return replace(operator, **{near.setting: new})


def _limited(part: Any, limit: int, pick: Callable[[int, int], int]) -> Any:
    if isinstance(part, tuple):
        return tuple(pick(value, limit) for value in part)
    return pick(part, limit)
