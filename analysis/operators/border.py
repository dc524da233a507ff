"""Padding modes of a feature map: zeros, replicated edge, reflection, wrapping round."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.faults import Fault
from analysis.operators.contract import BackwardReads, Border
from analysis.operators.settings import source_of

if TYPE_CHECKING:
    from torch import Tensor

MODES: dict[Border, str] = {
    "drop": "constant",
    "clamp": "replicate",
    "reflect": "reflect",
    "circular": "circular",
}
"""torch's names for `functional.pad`."""

_MODULES: dict[Border, str] = {
    "drop": "ConstantPad",
    "clamp": "ReplicationPad",
    "reflect": "ReflectionPad",
    "circular": "CircularPad",
}


def border_reads(border: Border) -> BackwardReads:
    """What training keeps of a padding: torch's reflection and replication keep their input."""
    return "inputs" if border in ("clamp", "reflect") else "nothing"


def border_fault(
    sizes: Sequence[int], padding: Sequence[tuple[int, int]], border: Border
) -> Fault | None:
    """The fault of more padding than fits: reflection has n − 1 pixels to give, wrapping n."""
    if border not in ("reflect", "circular"):
        return None
    for axis, (size, pair) in enumerate(zip(sizes, padding, strict=True)):
        most = size - 1 if border == "reflect" else size
        if max(pair) > most:
            return Fault("border-too-wide", (axis, border, max(pair), most))
    return None


def reversed_pairs(padding: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """(before, after) an axis in torch's order, last axis first."""
    return tuple(number for pair in reversed(padding) for number in pair)


def pad(
    picture: Tensor, padding: Sequence[tuple[int, int]], border: Border, value: float = 0.0
) -> Tensor:
    """`picture` (N, C, *spatial) with its spatial axes padded."""
    from torch.nn import functional

    if not any(map(any, padding)):
        return picture
    order = list(reversed_pairs(padding))
    if border == "drop":
        return functional.pad(picture, order, value=value)
    return functional.pad(picture, order, mode=MODES[border])


def pad_line(padding: Sequence[tuple[int, int]], border: Border, value: float = 0.0) -> str:
    """The torch module that pads so."""
    constant = f", {source_of(value)}" if border == "drop" else ""
    return f"nn.{_MODULES[border]}{len(padding)}d({reversed_pairs(padding)}{constant})"
