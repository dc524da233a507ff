"""Finds instructive variations of a case, such as a kernel that leaves no checkerboards."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from analysis.arithmetic.case import Case, Size
from analysis.arithmetic.case.checking import check, repair
from analysis.arithmetic.forms.counts import uneven

Code = Literal[
    "output-padding",
    "plain-again",
    "unread",
    "same-output",
    "same-padding",
    "full-padding",
    "stride",
    "ceil",
    "own-stride",
]


@dataclass(frozen=True, slots=True)
class Variation:
    """Another possible case, the axes in which it differs, and why it is of interest.

    - `output-padding`: one more output cell by one more output padding.
    - `plain-again`: one more output cell by one more input cell and no output padding.
    - `unread`: no window reads the last `lines` cells of the padded input, `of_input` of them the
      input's own (else all are padding); the input without `lines` cells has the same output.
    - `same-output`: one more input cell and the same output; what is not read is as above.
    - `same-padding`, `full-padding`: relationships 3 and 4, or 10 and 11.
    - `stride`: every second window; of a transposed convolution a zero between input cells.
    - `ceil`: a pooling that rounds up. `own-stride`: one whose windows do not overlap.
    """

    code: Code
    case: Case
    axes: tuple[int, ...]
    lines: int = 0
    of_input: int = 0


def even_kernel(case: Case) -> Case | None:
    """A transposed case with the nearest kernel that writes all inner cells equally often.

    None where it does already, or where no kernel does (stride and dilation share a factor).
    Padding stays; output padding gives way to the larger kernel where that keeps the size.
    """
    axes = uneven(case) if case.kind == "transposed" else ()
    if not axes or any(math.gcd(case.stride[at], case.dilation[at]) > 1 for at in axes):
        return None
    kernel, extra = list(case.kernel), list(case.output_padding)
    for at in axes:
        stride = case.stride[at]
        kernel[at] = max(stride, (2 * case.kernel[at] + stride) // (2 * stride) * stride)
        grown = case.dilation[at] * (kernel[at] - case.kernel[at])
        if 0 < grown <= extra[at]:
            extra[at] -= grown
    found = replace(case, kernel=tuple(kernel), output_padding=tuple(extra))
    fault = check(found)
    found = found if fault is None else repair(found, fault)
    return found if not uneven(found) else None


def next_variation(case: Case) -> Variation | None:
    """The nearest variation of a possible case that shows something; None where none does."""
    rules = {"transposed": _TRANSPOSED, "conv": _DIRECT, "pool": _POOLING}[case.kind]
    for rule in rules:
        found = rule(case)
        if found is not None and check(found.case) is None:
            return found
    return None


# ------------------------------------------------------------------------- transposed


def _output_padding(case: Case) -> Variation | None:
    axes = _alike(case, lambda at: case.output_padding[at], lambda at: _room(case, at) > 0)
    return _varied("output-padding", case, axes, output_padding=1)


def _plain_again(case: Case) -> Variation | None:
    axes = _alike(case, lambda at: case.stride[at], lambda at: _room(case, at) == 0)
    if not axes:
        return None
    zeros = _with(case.output_padding, axes, [0] * len(axes))
    return _varied("plain-again", replace(case, output_padding=zeros), axes, in_size=1)


def _room(case: Case, at: int) -> int:
    """How much larger the output padding can be before the next input size gives that output."""
    return case.stride[at] - 1 - case.output_padding[at] if case.stride[at] > 1 else -1


# ------------------------------------------------------------------- convolution, pooling


def _left(case: Case, at: int) -> int:
    """How many cells at the end of the padded input no window reads; −1 where it rounds up."""
    free = case.in_size[at] + 2 * case.padding[at] - case.extent[at]
    down = free >= 0 and case.out_size[at] == free // case.stride[at] + 1
    return free % case.stride[at] if down else -1


def _unread(case: Case) -> Variation | None:
    axes = _alike(
        case,
        lambda at: (_left(case, at), case.padding[at]),
        lambda at: _left(case, at) > 0 and case.in_size[at] > _left(case, at),
    )
    if not axes:
        return None
    lines = _left(case, axes[0])
    smaller = _varied("unread", case, axes, in_size=-lines)
    if smaller is None or smaller.case.out_size != case.out_size:
        return None
    return replace(smaller, lines=lines, of_input=max(0, lines - case.padding[axes[0]]))


def _same_output(case: Case) -> Variation | None:
    axes = _alike(
        case,
        lambda at: case.padding[at] > 0,
        lambda at: case.stride[at] > 1 and _left(case, at) == 0,
    )
    larger = _varied("same-output", case, axes, in_size=1)
    if larger is None or larger.case.out_size != case.out_size:
        return None
    return replace(larger, lines=1, of_input=0 if case.padding[axes[0]] else 1)


def _ceil(case: Case) -> Variation | None:
    up = replace(case, ceil_mode=True)
    axes = tuple(at for at in range(case.rank) if up.out_size[at] > case.out_size[at])
    return Variation("ceil", up, axes) if axes else None


def _own_stride(case: Case) -> Variation | None:
    axes = _alike(case, lambda at: case.kernel[at], lambda at: case.stride[at] != case.kernel[at])
    if not axes or any(d > 1 for d in case.dilation):
        return None
    stride = _with(case.stride, axes, [case.kernel[at] for at in axes])
    return Variation("own-stride", replace(case, stride=stride), axes)


# ------------------------------------------------------------------------- both


def _same_padding(case: Case) -> Variation | None:
    axes = tuple(at for at in range(case.rank) if case.out_size[at] != case.in_size[at])
    if any(case.extent[at] % 2 == 0 for at in axes):
        return None
    padding = _with(case.padding, axes, [case.extent[at] // 2 for at in axes])
    found = replace(case, padding=padding)
    keeps = bool(axes) and found.out_size == case.in_size
    return Variation("same-padding", found, axes) if keeps else None


def _full_padding(case: Case) -> Variation | None:
    axes = _alike(
        case,
        lambda at: case.extent[at],
        lambda at: case.stride[at] == 1 and case.padding[at] < case.extent[at] - 1,
    )
    padding = _with(case.padding, axes, [case.extent[at] - 1 for at in axes])
    return Variation("full-padding", replace(case, padding=padding), axes) if axes else None


def _stride(case: Case) -> Variation | None:
    axes = tuple(at for at in range(case.rank) if case.stride[at] == 1)
    found = replace(case, stride=_with(case.stride, axes, [2] * len(axes)))
    return Variation("stride", found, axes) if found.out_size != case.out_size else None


_TRANSPOSED = (_output_padding, _plain_again, _same_padding, _stride)
_DIRECT = (_unread, _same_output, _same_padding, _stride, _full_padding)
_POOLING = (_ceil, _unread, _own_stride, _same_output, _stride)


def _alike(
    case: Case, key: Callable[[int], object], applies: Callable[[int], bool]
) -> tuple[int, ...]:
    """The axes that a rule applies to and that one sentence can speak of: alike in `key`."""
    axes = [at for at in range(case.rank) if applies(at)]
    return tuple(at for at in axes if key(at) == key(axes[0]))


def _varied(code: Code, case: Case, axes: tuple[int, ...], **by: int) -> Variation | None:
    """One field changed by a number along some axes."""
    if not axes:
        return None
    (field, step), *_ = by.items()
    values: Size = getattr(case, field)
    changed: dict[str, Size] = {field: _with(values, axes, [values[at] + step for at in axes])}
    return Variation(code, replace(case, **changed), axes)  # type: ignore[arg-type]


def _with(values: Size, axes: tuple[int, ...], new: list[int]) -> Size:
    result = list(values)
    for at, value in zip(axes, new, strict=True):
        result[at] = value
    return tuple(result)
