"""Operators that move values without computing: crop, pad, flatten, reshape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import TYPE_CHECKING, ClassVar

from analysis.faults import Fault
from analysis.operators.border import border_fault, border_reads, pad, pad_line
from analysis.operators.contract import (
    SAME,
    BackwardReads,
    Border,
    CarriedAxes,
    Operator,
    PeriodicTaps,
    SettingKind,
    Shape,
    Taps,
    UnknownTaps,
    WholeTaps,
    register,
)
from analysis.operators.window import FARTHEST, axes_fault

if TYPE_CHECKING:
    from torch import Tensor


_READ_AT = SettingKind("read_at", "axes", 1, editable=False, rare=True)
"""The one size of map that numbers hold for which a forward computed of it; empty for any."""


def _other_size(operator: Crop | Pad, inputs: Sequence[Shape]) -> Fault | None:
    size = operator.read_at
    if size and tuple(inputs[0][1:]) != size:
        return Fault("opaque-shape", (operator.key, 0, inputs[0], (inputs[0][0], *size)))
    return None


def _slices(before: Sequence[int], after: Sequence[int]) -> str:
    """Index text that leaves so much off each spatial axis."""
    parts = [f"{b or ''}:{-a if a else ''}" for b, a in zip(before, after, strict=True)]
    return ", ".join((":", ":", *parts))


@register
@dataclass(frozen=True)
class Crop(Operator):
    """Takes `before` and `after` pixels off each spatial axis."""

    before: tuple[int, ...] = (0, 0)
    after: tuple[int, ...] = (0, 0)
    read_at: tuple[int, ...] = ()

    key: ClassVar[str] = "crop"
    title: ClassVar[str] = "crop"
    backward_reads: ClassVar[BackwardReads] = "nothing"
    family: ClassVar[str] = "reshape"
    icon: ClassVar[str] = "crop"
    aten: ClassVar[tuple[str, ...]] = ("slice.Tensor",)
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("before", "axes", 0, FARTHEST),
        SettingKind("after", "axes", 0, FARTHEST),
        _READ_AT,
    )

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        fault = axes_fault(self, inputs, "before", "after")
        if fault := fault or _other_size(self, inputs):
            return fault
        sizes = inputs[0][1:]
        lengths = [n - b - a for n, b, a in zip(sizes, self.before, self.after, strict=True)]
        for axis, length in enumerate(lengths):
            if length < 1:
                return Fault("crop-too-large", (axis, sizes[axis] - length, sizes[axis]))
        return (inputs[0][0], *lengths)

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        return PeriodicTaps(1, 1, ((self.before[axis],),))

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        picture = inputs[0]
        for axis, (before, after) in enumerate(zip(self.before, self.after, strict=True), start=2):
            picture = picture.narrow(axis, before, picture.shape[axis] - before - after)
        return picture

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return f"lambda x0: x0[{_slices(self.before, self.after)}]"


@register
@dataclass(frozen=True)
class CropLike(Operator):
    """Crops the first input about its centre to the spatial size of the second.

    The offset is ⌊(n − m) / 2⌋. The second input gives its size and no values.
    """

    key: ClassVar[str] = "crop_like"
    title: ClassVar[str] = "crop to fit"
    backward_reads: ClassVar[BackwardReads] = "nothing"
    family: ClassVar[str] = "reshape"
    icon: ClassVar[str] = "crop"
    ports: ClassVar[int | None] = 2
    sized_by_last: ClassVar[bool] = True
    torch_function: ClassVar[str] = '''
def crop_like(x, like):
    """The middle of x, as large as like."""
    for axis in range(2, x.dim()):
        length = like.shape[axis]
        x = x.narrow(axis, (x.shape[axis] - length) // 2, length)
    return x
'''

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := self.refused(inputs) or axes_fault_of_pair(inputs):
            return fault
        picture, like = inputs
        for axis, (size, length) in enumerate(zip(picture[1:], like[1:], strict=True)):
            if length > size:
                return Fault("crop-needs-larger", (axis, size, length))
        return (picture[0], *like[1:])

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        if port == 1:
            return PeriodicTaps(1, 1, ((),))
        offset = (inputs[0][axis + 1] - inputs[1][axis + 1]) // 2
        return PeriodicTaps(1, 1, ((offset,),))

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        picture, like = inputs
        for axis in range(2, picture.dim()):
            length = like.shape[axis]
            picture = picture.narrow(axis, (picture.shape[axis] - length) // 2, length)
        return picture

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return "lambda x0, x1: crop_like(x0, x1)"


def axes_fault_of_pair(inputs: Sequence[Shape]) -> Fault | None:
    """Two feature maps must have equally many spatial axes, and at least one."""
    if len(inputs[0]) < 2:
        return Fault("needs-spatial", (len(inputs[0]),))
    if len(inputs[1]) != len(inputs[0]):
        return Fault("rank-differs", ("input 2", len(inputs[1]) - 1, len(inputs[0]) - 1))
    return None


@register
@dataclass(frozen=True)
class Pad(Operator):
    """Puts `before` and `after` pixels on each spatial axis: `value`, or as `border` says."""

    before: tuple[int, ...] = (0, 0)
    after: tuple[int, ...] = (0, 0)
    border: Border = "drop"
    value: float = 0.0
    read_at: tuple[int, ...] = ()

    key: ClassVar[str] = "pad"
    title: ClassVar[str] = "pad"
    family: ClassVar[str] = "reshape"
    icon: ClassVar[str] = "pad"
    aten: ClassVar[tuple[str, ...]] = (
        "pad",
        "constant_pad_nd",
        "reflection_pad1d",
        "reflection_pad2d",
        "reflection_pad3d",
        "replication_pad1d",
        "replication_pad2d",
        "replication_pad3d",
    )
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("before", "axes", 0, FARTHEST),
        SettingKind("after", "axes", 0, FARTHEST),
        SettingKind("border", "choice", choices=("drop", "clamp", "reflect", "circular")),
        SettingKind("value", "float", infinite=True),
        _READ_AT,
    )

    @property
    def backward_reads(self) -> BackwardReads:  # type: ignore[override]
        return border_reads(self.border)

    @property
    def _pairs(self) -> tuple[tuple[int, int], ...]:
        return tuple(zip(self.before, self.after, strict=True))

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        fault = axes_fault(self, inputs, "before", "after") or _other_size(self, inputs)
        if fault := fault or border_fault(inputs[0][1:], self._pairs, self.border):
            return fault
        sizes = zip(inputs[0][1:], self._pairs, strict=True)
        return (inputs[0][0], *(size + sum(pair) for size, pair in sizes))

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        return PeriodicTaps(1, 1, ((-self.before[axis],),), self.border)

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        return pad(inputs[0], self._pairs, self.border, self.value)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return pad_line(self._pairs, self.border, self.value)


@register
@dataclass(frozen=True)
class Flatten(Operator):
    """All channels and pixels as one vector."""

    key: ClassVar[str] = "flatten"
    title: ClassVar[str] = "flatten"
    backward_reads: ClassVar[BackwardReads] = "nothing"
    family: ClassVar[str] = "reshape"
    icon: ClassVar[str] = "flatten"
    aten: ClassVar[tuple[str, ...]] = ("flatten.using_ints",)

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        return self.refused(inputs) or (prod(inputs[0]),)

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        return WholeTaps()

    def carried_axes(self, port: int, inputs: Sequence[Shape], output: Shape) -> CarriedAxes:
        return _carried_in_order(inputs[0], output)

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        return inputs[0].flatten(1)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return "nn.Flatten()"


@register
@dataclass(frozen=True)
class Reshape(Operator):
    """The same values in the same order in another shape (channels first, no batch axis)."""

    to: Shape = (1, 1, 1)

    key: ClassVar[str] = "reshape"
    title: ClassVar[str] = "reshape"
    backward_reads: ClassVar[BackwardReads] = "nothing"
    family: ClassVar[str] = "reshape"
    icon: ClassVar[str] = "reshape"
    aten: ClassVar[tuple[str, ...]] = ("view", "reshape", "_unsafe_view", "unflatten.int")
    settings: ClassVar[tuple[SettingKind, ...]] = (SettingKind("to", "axes", 1),)

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := self.refused(inputs):
            return fault
        if prod(self.to) != prod(inputs[0]) or not self.to:
            return Fault("reshape-size", (inputs[0], self.to, prod(inputs[0]), prod(self.to)))
        return self.to

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        """A vector has no pixels to tell apart; a picture reshaped mixes axes: not known."""
        if inputs[0] == output:
            return SAME
        return WholeTaps() if 1 in (len(inputs[0]), len(output)) else UnknownTaps()

    def carried_axes(self, port: int, inputs: Sequence[Shape], output: Shape) -> CarriedAxes:
        return _carried_in_order(inputs[0], output)

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        return inputs[0].reshape(-1, *self.to)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        if len(inputs[0]) == 1:
            return f"nn.Unflatten(1, {self.to})"
        return f"lambda x0: x0.reshape({(-1, *self.to)})"


def _carried_in_order(before: Shape, after: Shape) -> tuple[frozenset[int], ...]:
    """Which axes hold parts of those before, where the values keep their order.

    Every one, where axes do not part into common factors.
    """
    spans = [_strides(before), _strides(after)]
    steps = sorted({stride for axes in spans for span in axes for stride in span})
    if any(longer % shorter for shorter, longer in pairwise(steps)):
        return (frozenset(range(len(after))),) * len(before)
    return tuple(
        frozenset(at for at, (fine, far) in enumerate(spans[1]) if low < far and fine < high)
        for low, high in spans[0]
    )


def _strides(shape: Shape) -> list[tuple[int, int]]:
    """How far one step along each axis goes in memory, and how far all of them do."""
    return [(prod(shape[at + 1 :]), prod(shape[at:])) for at in range(len(shape))]
