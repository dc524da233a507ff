"""A further input of a network: a tensor with a value that is kept, such as a step of diffusion.

The picture goes to the operator `input`; everything else that a forward pass takes is given here,
so that whatever runs the network has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING, Any, ClassVar

from analysis.faults import Fault
from analysis.operators.contract import BackwardReads, Operator, SettingKind, Shape, register
from analysis.operators.window import DIMENSIONS

if TYPE_CHECKING:
    from torch import Tensor

TYPES = (
    *("float32", "float64", "float16", "bfloat16", "bool", "uint8"),
    *("int8", "int16", "int32", "int64"),
)
MOST_INLINE = 4096
"""More numbers than these lie among the weights."""
STORED = "value"
"""Name of the tensor that then holds them."""

Number = bool | int | float


def own_shape(full: Shape) -> Shape:
    """A tensor's shape without its batch axis, where its first axis is a batch axis."""
    return full[1:] if len(full) > 1 and full[0] == 1 else full or (1,)


def _flat(value: object) -> tuple[Shape, list[Any]]:
    """Shape and entries of nested lists; of lists of unequal length no shape that fits."""
    if not isinstance(value, list | tuple):
        return (), [value]
    parts = [_flat(each) for each in value]
    shapes = {shape for shape, _ in parts}
    inner = shapes.pop() if len(shapes) == 1 else (-1,)
    return (len(parts), *inner), [each for _, entries in parts for each in entries]


@register
@dataclass(frozen=True)
class Given(Operator):
    """A tensor of shape `size` (batch axis and all; empty is one number) and type `dtype`.

    `values` are its numbers, row by row, or one for all of them; a `stored` one has none and reads
    the tensor `value` of its weights.
    """

    size: tuple[int, ...] = (1,)
    dtype: str = "float32"
    values: tuple[Number, ...] = (0.0,)
    stored: bool = False

    key: ClassVar[str] = "given"
    title: ClassVar[str] = "given input"
    backward_reads: ClassVar[BackwardReads] = "nothing"
    family: ClassVar[str] = "end"
    icon: ClassVar[str] = "input"
    ports: ClassVar[int | None] = 0
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("size", "axes", 1, editable=False),
        SettingKind("dtype", "choice", choices=TYPES, editable=False),
        SettingKind("values", "nested", editable=False),
        SettingKind("stored", "bool", editable=False),
    )

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := self.refused(inputs):
            return fault
        own = own_shape(self.size)
        if len(own) > 1 + len(DIMENSIONS):
            return Fault("too-many-axes", (len(own) - 1, len(DIMENSIONS)))
        counts = (0,) if self.stored else (1, prod(self.size))
        if not all(isinstance(each, Number) for each in self.values):
            return Fault("bad-setting", ("values", repr(self.values)[:80], "numbers"))
        if len(self.values) not in counts:
            return Fault("values-count", (len(self.values), prod(self.size)))
        return own

    def buffers(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        return {STORED: self.size} if self.stored else {}

    def constants(self, ports: int) -> Mapping[str, Tensor]:
        import torch

        if self.stored:
            return {}
        made = torch.tensor(self.values, dtype=getattr(torch, self.dtype))
        count = prod(self.size)
        return {STORED: made.expand(count).reshape(self.size)}

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        """The tensor itself, of shape `size`."""
        return tensors[STORED] if STORED in tensors else self.constants(0)[STORED]

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return f"lambda: {self.example()}" if not self.stored else f"lambda {STORED}: {STORED}"

    def with_value(self, name: str, value: object) -> Given | Fault:
        """The same input, called `name`, with a number for all or a (nested) list of its shape.

        A list may leave the batch axis out, or be flat. The fault is `input-value`.
        """
        fault = Fault("input-value", (name, repr(value)[:40], self.size or (1,)))
        shape, flat = _flat(value)
        fits = len(flat) == 1 or shape in (self.size, own_shape(self.size), (prod(self.size),))
        if not fits or not all(isinstance(each, Number) for each in flat):
            return fault
        if self.dtype.startswith(("float", "bfloat")):
            return replace(self, values=tuple(map(float, flat)), stored=False)
        if any(each != int(each) for each in flat):
            return fault
        return replace(self, values=tuple(map(int, flat)), stored=False)

    def text(self) -> str:
        """The value as one writes it: `0`, or a list of numbers; empty of a stored one."""
        if self.stored:
            return ""
        plain = [int(each) if isinstance(each, float) and each.is_integer() else each
                 for each in self.values]  # fmt: skip
        return str(plain[0]) if len(plain) == 1 else str(plain)

    def example(self) -> str:
        """The tensor as source; zeros stand for numbers that are stored."""
        kind = f"dtype=torch.{self.dtype}"
        if self.stored or len(self.values) == 1 != prod(self.size):
            value = 0 if self.stored else self.values[0]
            return f"torch.full({self.size}, {value}, {kind})"
        text = f"torch.tensor({list(self.values)}, {kind})"
        return text if len(self.size) == 1 else f"{text}.reshape({self.size})"
