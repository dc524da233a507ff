"""Checks whether a case can be computed, and finds the nearest settings that can."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from analysis.arithmetic.case.case import Case
from analysis.faults import Fault

MOST = 1 << 16
"""No setting is larger: what follows is a product of several of them."""
_LEAST = {"kernel": 1, "stride": 1, "dilation": 1, "padding": 0, "output_padding": 0}


def check(case: Case) -> Fault | None:
    """Why this case cannot be computed, or None. Codes and numbers: `analysis.faults.FAULTS`.

    `faulty_setting` tells which setting a fault is about, `repair` mends it.
    """
    return _ranks(case) or _ranges(case) or _channels(case) or _windows(case)


def faulty_setting(fault: Fault) -> tuple[str, int | None]:
    """The field of `Case` that a fault of `check` is about, and its axis (None: no single one)."""
    fields = {
        "kernel-too-large": "kernel",
        "dilation-too-large": "dilation",
        "output-padding-not-below": "output_padding",
        "padding-takes-all": "padding",
        "pool-padding-above-half": "padding",
        "average-pool-dilated": "dilation",
    }
    if fault.code in fields:
        return fields[fault.code], int(fault.numbers[0])  # type: ignore[arg-type]
    if fault.code == "channels-not-divisible":
        return "groups", None
    if fault.code == "pool-channels-differ":
        return "channels", None
    named = str(fault.numbers[0])
    return ("in_size" if named == "in" else named), None


def repair(case: Case, fault: Fault) -> Case:
    """The case with the nearest settings that work: `check` of the result is None.

    Mends `fault` first and then whatever fault is behind it (another axis, for instance).
    """
    left: Fault | None = fault
    while left is not None:
        case = _mended(case, left)
        left = check(case)
    return case


def _mended(case: Case, fault: Fault) -> Case:
    field, axis = faulty_setting(fault)
    if fault.code == "rank-differs":
        given = getattr(case, field)
        rank = case.rank if case.rank in (1, 2) else 2
        least = _LEAST.get(field, 4)
        return _with(case, field, (*given, *(given[-1:] * rank), *((least,) * rank))[:rank])
    nearest: Any = fault.numbers[-1]
    if axis is not None:
        values = list(getattr(case, field))
        values[axis] = nearest
        return _with(case, field, tuple(values))
    if field == "groups":
        return replace(case, groups=nearest)
    if fault.code == "pool-channels-differ":
        return replace(case, channels=(case.channels[0], case.channels[0]))
    nearer = min if fault.code == "too-large" else max
    return _with(case, field, tuple(nearer(nearest, value) for value in getattr(case, field)))


def _with(case: Case, field: str, value: object) -> Case:
    changed: dict[str, Any] = {field: value}
    return replace(case, **changed)


def _ranks(case: Case) -> Fault | None:
    if case.rank not in (1, 2):
        return Fault("rank-differs", ("in", case.rank, 2))
    for name in _LEAST:
        if len(getattr(case, name)) != case.rank:
            return Fault("rank-differs", (name, len(getattr(case, name)), case.rank))
    return None


def _ranges(case: Case) -> Fault | None:
    if min(case.in_size) < 1:
        return Fault("not-positive", ("in", min(case.in_size), 1))
    if min(case.channels) < 1:
        return Fault("not-positive", ("channels", min(case.channels), 1))
    for name in ("in_size", "channels", *_LEAST):
        value = max(getattr(case, name))
        if value > MOST:
            return Fault("too-large", ("in" if name == "in_size" else name, value, MOST))
    for name, least in _LEAST.items():
        value = min(getattr(case, name))
        if value < least:
            return Fault("not-positive" if least else "negative", (name, value, least))
    return None


def _channels(case: Case) -> Fault | None:
    inside, outside = case.channels
    if case.kind == "pool":
        return None if inside == outside else Fault("pool-channels-differ", (inside, outside))
    shared = math.gcd(inside, outside)
    if case.groups >= 1 and shared % case.groups == 0:
        return None
    divisors = [n for n in range(1, shared + 1) if shared % n == 0]
    nearest = min(divisors, key=lambda n: abs(n - case.groups))
    wrong = inside if case.groups < 1 or inside % case.groups else outside
    return Fault("channels-not-divisible", (wrong, case.groups, nearest))


def _windows(case: Case) -> Fault | None:
    for axis in range(case.rank):
        fault = _transposed(case, axis) if case.kind == "transposed" else _window(case, axis)
        if fault is not None:
            return fault
    return None


def _window(case: Case, axis: int) -> Fault | None:
    padding, extent = case.padding[axis], case.extent[axis]
    if case.kind == "pool":
        if case.mode == "average" and case.dilation[axis] > 1:
            return Fault("average-pool-dilated", (axis, case.dilation[axis], 1))
        kernel = case.kernel[axis]
        if padding > kernel // 2:  # torch: of the kernel, whatever the dilation
            return Fault("pool-padding-above-half", (axis, padding, kernel, kernel // 2))
    padded = case.in_size[axis] + 2 * padding
    if case.out_size[axis] < 1:
        # With ceil_mode the one window may reach past the padding, by less than a stride.
        reach = padded + (case.stride[axis] - 1 if case.kind == "pool" and case.ceil_mode else 0)
        nearest = (reach - 1) // case.dilation[axis] + 1
        if case.kind == "pool" and padding > nearest // 2 and case.kernel[axis] <= reach:
            closer = (reach - 1) // (case.kernel[axis] - 1)
            return Fault("dilation-too-large", (axis, extent, padded, closer))
        return Fault("kernel-too-large", (axis, extent, padded, nearest))
    return None


def _transposed(case: Case, axis: int) -> Fault | None:
    stride, dilation = case.stride[axis], case.dilation[axis]
    extra, padding = case.output_padding[axis], case.padding[axis]
    if extra >= max(stride, dilation):
        nearest = max(stride, dilation) - 1
        return Fault("output-padding-not-below", (axis, extra, stride, dilation, nearest))
    full = case.out_size[axis] + 2 * padding
    if full - 2 * padding < 1:
        return Fault("padding-takes-all", (axis, padding, full, (full - 1) // 2))
    return None
