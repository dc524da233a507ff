"""Writes the words of a figure: what an arrow does, the kernels of a block, its field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from analysis.operators import (
    Convolution,
    FollowedCall,
    Opaque,
    PlacedCall,
    TransposedConvolution,
    Upsample,
)
from analysis.operators.contract import Operator
from analysis.receptive_field import Field
from viewer.text import number_format
from viewer.text.escaping import name_text
from viewer.text.operator_names import CHOICES, extent_text, short_name
from viewer.text.translation import language, mark, tr

MOST_NAMED = 6
"""With more operators than this only those that weigh are named, with how many there are."""
LIGHT = frozenset({"act", "norm", "reshape", "join", "end"})
"""Families that are left out of a long list."""


def operation_text(operators: Sequence[Operator], kernels: bool) -> str:
    """What happens on an arrow: `2 × (conv 3 × 3, norm, ReLU)`."""
    names = [_named(each, kernels) for each in operators]
    comma = language.row.comma
    for length in range(1, len(names) // 2 + 1):
        times = len(names) // length
        if times * length == len(names) and names[:length] * times == names:
            inside = comma.join(names[:length])
            return f"{times} × {f'({inside})' if length > 1 else inside}"
    if len(names) <= MOST_NAMED:
        return comma.join(names)
    heavy = [_named(each, kernels) for each in operators if each.family not in LIGHT]
    counted = Counter(heavy or names).most_common(3)
    return comma.join(f"{count} × {name}" if count > 1 else name for name, count in counted)


def _named(operator: Operator, kernels: bool) -> str:
    """`conv 3 × 3`, with its stride where it has one; an unknown operator by its own name."""
    match operator:
        case TransposedConvolution():
            name = tr("up-conv") if max(operator.stride) > 1 else short_name(operator)
        case Upsample():
            said = tr("upsampling")
            return f"{said} ({tr(CHOICES[operator.mode])})" if kernels else said
        case Opaque() if not isinstance(operator, FollowedCall | PlacedCall):
            return name_text(operator.target)
        case _:
            name = short_name(operator)
    kernel = _kernel(operator)
    if kernels and kernel:
        name = f"{name} {kernel}"
    if isinstance(operator, Convolution):
        if set(operator.stride) != {1}:
            name = f"{name} {tr('stride {stride}', stride=_one(operator.stride))}"
        if set(operator.dilation) != {1}:
            name = f"{name} {tr('dilation {dilation}', dilation=_one(operator.dilation))}"
    return name


def kernel_text(operators: Sequence[Operator]) -> str:
    """The kernels of a block, each once, in their order: `3 × 3, 1 × 1`."""
    found = dict.fromkeys(kernel for each in operators if (kernel := _kernel(each)))
    return language.row.comma.join(found)


def _kernel(operator: Operator) -> str:
    kernel = getattr(operator, "kernel", ())
    return number_format.times(kernel) if isinstance(kernel, tuple) else ""


def _one(values: tuple[int, ...]) -> str:
    return str(values[0]) if len(set(values)) == 1 else number_format.times(values)


def field_text(field: Field | None) -> str:
    """`field 188 px`; one that is unknown or the whole input in words; "" where there is none."""
    if field is None:
        return ""
    extent = extent_text(field)
    if field.exactness in ("unknown", "whole input") or not field.extent_max:
        return tr("field: {extent}", extent=extent)
    return tr("field {extent} px", extent=extent)


FAMILIES = {
    "conv": mark("convolution"),
    "tconv": mark("transposed convolution"),
    "pool": mark("pooling"),
    "resample": mark("resampling"),
    "join": mark("join"),
    "norm": mark("normalisation"),
    "act": mark("activation"),
    "dense": mark("dense layer"),
    "attn": mark("attention"),
    "reshape": mark("reshaping"),
    "end": mark("input"),
    "opaque": mark("other operator"),
}


def family_text(family: str) -> str:
    """The name of a family of operators in a legend."""
    return tr(FAMILIES.get(family, family))
