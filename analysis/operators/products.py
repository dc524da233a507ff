"""Products of two computed tensors over a common axis, and the softmax along an axis of one.

They are what attention is written with where its tensors are no feature maps: tokens, scores.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, ClassVar, Literal

from analysis.faults import Fault
from analysis.operators.contract import (
    SAME,
    BackwardReads,
    CarriedAxes,
    ChannelUse,
    Cost,
    Operator,
    PeriodicTaps,
    SettingKind,
    Shape,
    Taps,
    UnknownTaps,
    WholeTaps,
    register,
)

if TYPE_CHECKING:
    from torch import Tensor

_EQUATION = re.compile(r"([a-z]+),([a-z]+)->([a-z]+)")


@register
@dataclass(frozen=True)
class TensorProduct(Operator):
    """Multiplies two tensors and sums over the axes that the result has not: `matmul`, `einsum`.

    `equation` has a letter for every axis without the batch's, as in `ab,bc->ac`.
    """

    equation: str = "ab,bc->ac"

    key: ClassVar[str] = "tensor_product"
    title: ClassVar[str] = "tensor product"
    family: ClassVar[str] = "attn"
    icon: ClassVar[str] = "attention"
    ports: ClassVar[int | None] = 2
    linearity: ClassVar[Literal["linear", "piecewise", "frozen", "smooth"]] = "smooth"
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("equation", "text", editable=False, title="Axes"),
    )

    @property
    def letters(self) -> tuple[str, str, str] | None:
        """Those of both inputs and of the result, or None where they are no product."""
        found = _EQUATION.fullmatch(self.equation)
        if found is None or any(len(set(part)) != len(part) for part in found.groups()):
            return None
        first, second, result = found.groups()
        summed = set(first + second) - set(result)
        if not summed or not summed <= set(first) & set(second):
            return None
        return (first, second, result) if set(result) <= set(first + second) else None

    @property
    def channel_use(self) -> ChannelUse:
        return "dealt"

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        letters = self.letters
        if letters is None:
            return Fault("bad-setting", ("equation", repr(self.equation)[:80], "text"))
        if fault := self.refused(inputs):
            return fault
        lengths: dict[str, int] = {}
        for port, (shape, own) in enumerate(zip(inputs, letters[:2], strict=True)):
            if len(shape) != len(own):
                return Fault("rank-differs", (f"input {port + 1}", len(shape) - 1, len(own) - 1))
            for axis, (letter, length) in enumerate(zip(own, shape, strict=True)):
                if lengths.setdefault(letter, length) != length:
                    return Fault("join-sizes-differ", (axis - 1, lengths[letter], length, port))
        return tuple(lengths[letter] for letter in letters[2])

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        """Known where an axis of the input is summed over, in channels, or where it was."""
        letters = self.letters
        if letters is None or (len(output) > 1 and len(inputs[port]) != len(output)):
            return UnknownTaps()
        own, result = letters[port], letters[2]
        if len(output) == 1:
            return WholeTaps()
        if any(each in result[1:] and each != result[at] for at, each in enumerate(own) if at):
            return UnknownTaps()
        return SAME if own[axis + 1] == result[axis + 1] else WholeTaps()

    def carried_axes(self, port: int, inputs: Sequence[Shape], output: Shape) -> CarriedAxes:
        letters = self.letters
        if letters is None:
            return None
        return tuple(frozenset((letters[2].find(each),)) - {-1} for each in letters[port])

    def cost(self, inputs: Sequence[Shape], output: Shape) -> Cost:
        letters = self.letters
        if letters is None:
            return Cost()
        lengths = dict(zip(letters[0] + letters[1], (*inputs[0], *inputs[1]), strict=True))
        return Cost(prod(lengths.values()))

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        import torch

        return torch.einsum(self.with_batch, inputs[0], inputs[1])

    @property
    def with_batch(self) -> str:
        """The equation with the axes in front that a batch has, where there is one."""
        return "..." + self.equation.replace(",", ",...").replace("->", "->...")

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return f"lambda x0, x1: torch.einsum({self.with_batch!r}, x0, x1)"


@register
@dataclass(frozen=True)
class AxisSoftmax(Operator):
    """Exponentials that sum to 1 along an axis, counted from the last, which is 1."""

    axis: int = 1

    key: ClassVar[str] = "axis_softmax"
    title: ClassVar[str] = "softmax along an axis"
    short_title: ClassVar[str] = "softmax"
    backward_reads: ClassVar[BackwardReads] = "output"
    family: ClassVar[str] = "attn"
    icon: ClassVar[str] = "softmax"
    linearity: ClassVar[Literal["linear", "piecewise", "frozen", "smooth"]] = "smooth"
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("axis", "int", 1, editable=False, title="Axis from the last"),
    )

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := self.refused(inputs):
            return fault
        if self.axis > len(inputs[0]):
            return Fault("needs-spatial", (len(inputs[0]),))
        return inputs[0]

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        """Nothing is read where one value stands alone: its softmax is 1, whatever it is."""
        if output[-self.axis] == 1:
            return PeriodicTaps(1, 1, ((),))
        return WholeTaps() if len(output) - self.axis == axis + 1 else SAME

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        return inputs[0].softmax(-self.axis)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return f"nn.Softmax(dim={-self.axis})"
