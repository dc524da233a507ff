"""Operators that join several feature maps: concatenation, addition, multiplication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, mul
from typing import TYPE_CHECKING, ClassVar, Literal

from analysis.operators.contract import (
    SAME,
    Fault,
    Operator,
    Shape,
    Taps,
    WholeTaps,
    register,
)

if TYPE_CHECKING:
    from torch import Tensor


def _spatial_fault(inputs: Sequence[Shape]) -> Fault | None:
    """The first axis on which an input differs from the first input: numbers say which input."""
    first = inputs[0]
    for port, other in enumerate(inputs[1:], start=1):
        if len(other) != len(first):
            return Fault("rank-differs", (f"input {port + 1}", len(other) - 1, len(first) - 1))
        for axis, (size, length) in enumerate(zip(first[1:], other[1:], strict=True)):
            if size != length:
                return Fault("join-sizes-differ", (axis, size, length, port))
    return None


def _names(inputs: Sequence[Shape]) -> list[str]:
    return [f"x{port}" for port in range(len(inputs))]


@register
@dataclass(frozen=True)
class Concatenate(Operator):
    """Puts the channels of its inputs one after the other."""

    key: ClassVar[str] = "concat"
    family: ClassVar[str] = "join"
    icon: ClassVar[str] = "concat"
    ports: ClassVar[int | None] = None
    pointwise: ClassVar[bool] = True
    aten: ClassVar[tuple[str, ...]] = ("cat", "concat", "concatenate")

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := self.refused(inputs) or _spatial_fault(inputs):
            return fault
        return (sum(shape[0] for shape in inputs), *inputs[0][1:])

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        import torch

        return torch.cat(tuple(inputs), dim=1)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        names = ", ".join(_names(inputs))
        return f"lambda {names}: torch.cat(({names}), dim=1)"


@register
@dataclass(frozen=True)
class Add(Operator):
    """Adds its inputs element by element; their shapes must be equal."""

    key: ClassVar[str] = "add"
    family: ClassVar[str] = "join"
    icon: ClassVar[str] = "add"
    ports: ClassVar[int | None] = None
    pointwise: ClassVar[bool] = True
    aten: ClassVar[tuple[str, ...]] = ("add.Tensor", "add_.Tensor")

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := self.refused(inputs) or _spatial_fault(inputs):
            return fault
        for port, shape in enumerate(inputs):
            if shape[0] != inputs[0][0]:
                return Fault("join-channels-differ", (inputs[0][0], shape[0], port))
        return inputs[0]

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        return reduce(add, inputs)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        names = _names(inputs)
        return f"lambda {', '.join(names)}: {' + '.join(names)}"


@register
@dataclass(frozen=True)
class Multiply(Operator):
    """Multiplies element by element; an axis of length 1 is stretched (a gate)."""

    key: ClassVar[str] = "multiply"
    family: ClassVar[str] = "join"
    icon: ClassVar[str] = "gate"
    ports: ClassVar[int | None] = None
    linearity: ClassVar[Literal["linear", "piecewise", "frozen", "smooth"]] = "smooth"
    aten: ClassVar[tuple[str, ...]] = ("mul.Tensor", "mul_.Tensor")

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := self.refused(inputs):
            return fault
        result = inputs[0]
        for port, other in enumerate(inputs[1:], start=1):
            if len(other) != len(result):
                name = f"input {port + 1}"
                return Fault("rank-differs", (name, len(other) - 1, len(result) - 1))
            for index, (size, length) in enumerate(zip(result, other, strict=True)):
                if size != length and 1 not in (size, length):
                    if index == 0:
                        return Fault("join-channels-differ", (size, length, port))
                    return Fault("join-sizes-differ", (index - 1, size, length, port))
            result = tuple(map(max, result, other))
        return result

    def gates(self, inputs: Sequence[Shape]) -> frozenset[int]:
        """Inputs of one pixel a channel beside a larger one."""
        largest = max(max(shape[1:], default=1) for shape in inputs)
        return frozenset(
            port
            for port, shape in enumerate(inputs)
            if largest > 1 and max(shape[1:], default=1) == 1
        )

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        """A stretched axis has one index, which every output reads."""
        return SAME if inputs[port][axis + 1] == output[axis + 1] else WholeTaps()

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        return reduce(mul, inputs)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        names = _names(inputs)
        return f"lambda {', '.join(names)}: {' * '.join(names)}"
