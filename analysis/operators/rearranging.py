"""Operators that put the values of a feature map in another order: rearranged, rolled, thinned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING, ClassVar

from analysis.faults import Fault
from analysis.operators.contract import (
    SAME,
    BackwardReads,
    CarriedAxes,
    ChannelUse,
    ListedTaps,
    Operator,
    PeriodicTaps,
    SettingKind,
    Shape,
    Taps,
    UnknownTaps,
    WholeTaps,
    register,
)
from analysis.operators.given import own_shape
from analysis.operators.window import FARTHEST, axes_fault

if TYPE_CHECKING:
    from torch import Tensor


@register
@dataclass(frozen=True)
class Rearrange(Operator):
    """Parts axes into factors and puts these together anew, as view and permute do.

    `factors` are those of every axis of the input (channels first), outermost first. `order` has
    for every axis of the result, the batch axis first, the numbers of its factors: an axis
    without any has length 1.
    """

    factors: tuple[tuple[int, ...], ...] = ((1,),)
    order: tuple[tuple[int, ...], ...] = ((), (0,))

    key: ClassVar[str] = "rearrange"
    title: ClassVar[str] = "rearrange"
    backward_reads: ClassVar[BackwardReads] = "nothing"
    family: ClassVar[str] = "reshape"
    icon: ClassVar[str] = "reshape"
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("factors", "nested", 1, editable=False),
        SettingKind("order", "nested", 0, editable=False),
    )

    @property
    def _sizes(self) -> tuple[int, ...]:
        return tuple(size for axis in self.factors for size in axis)

    def _length(self, numbers: Sequence[int]) -> int:
        return prod(self._sizes[number] for number in numbers)

    @property
    def _own_order(self) -> tuple[tuple[int, ...], ...]:
        """Without the batch axis, as shapes here are written."""
        plain = self._length(self.order[0]) == 1 and len(self.order) > 1
        return self.order[1:] if plain else self.order

    @property
    def channel_use(self) -> ChannelUse:
        if not self._is_sound():
            return "mixed"
        channels = set(range(len(self.factors[0])))
        if channels.intersection(n for axis in self._own_order[1:] for n in axis):
            return "selected"
        return "kept" if set(self._own_order[0]) <= channels else "dealt"

    def _is_sound(self) -> bool:
        axes = (*self.factors, *self.order)
        if not self.factors or not self.order or not all(isinstance(a, tuple) for a in axes):
            return False
        used = [number for axis in self.order for number in axis]
        whole = (
            all(type(n) is int for axis in axes for n in axis) and min(self._sizes, default=1) > 0
        )
        return whole and sorted(used) == list(range(len(self._sizes)))

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if not self._is_sound():
            return Fault("bad-setting", ("order", repr(self.order)[:80], "nested"))
        if fault := self.refused(inputs):
            return fault
        if tuple(map(prod, self.factors)) != inputs[0]:
            wanted = tuple(map(prod, self.factors))
            return Fault("reshape-size", (inputs[0], wanted, prod(inputs[0]), prod(wanted)))
        return own_shape(tuple(map(self._length, self.order)))

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        """Known where an axis of the input lies on the same axis of the output, or in channels."""
        if len(output) == 1:
            return WholeTaps()
        ends = [0]
        for each in self.factors:
            ends.append(ends[-1] + len(each))
        own = range(ends[axis + 1], ends[axis + 2]) if axis + 2 < len(ends) else range(0)
        order = self._own_order
        elsewhere = {n for at, each in enumerate(order) if at not in (0, axis + 1) for n in each}
        deals = set(order[0]) - set(range(len(self.factors[0])))
        unclear = self.channel_use == "selected" and deals
        if len(inputs[0]) != len(output) or unclear or elsewhere.intersection(own):
            return UnknownTaps()
        if order[axis + 1] == tuple(own):
            return SAME
        return _listed(self._sizes, tuple(own), order[axis + 1])

    def carried_axes(self, port: int, inputs: Sequence[Shape], output: Shape) -> CarriedAxes:
        numbers = iter(range(len(self._sizes)))
        carried = []
        for axis in self.factors:
            own = {next(numbers) for _ in axis}
            own = {number for number in own if self._sizes[number] > 1}
            carried.append(
                frozenset(at for at, each in enumerate(self._own_order) if own & {*each})
            )
        return tuple(carried)

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        parted = inputs[0].reshape(-1, *self._sizes)
        moved = parted.permute(0, *(n + 1 for axis in self.order for n in axis))
        return moved.reshape(-1, *map(self._length, self.order[1:]))

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        moved = (0, *(n + 1 for axis in self.order for n in axis))
        result = (-1, *map(self._length, self.order[1:]))
        return f"lambda x0: x0.reshape({(-1, *self._sizes)}).permute({moved}).reshape({result})"


def _listed(sizes: Sequence[int], own: Sequence[int], there: Sequence[int]) -> Taps:
    """What each index of an axis made of factors `there` reads of one made of factors `own`."""
    rows = []
    for values in product(*(range(sizes[number]) for number in there)):
        known = dict(zip(there, values, strict=True))
        free = [range(sizes[n]) if n not in known else (known[n],) for n in own]
        row = []
        for place in product(*free):
            index = 0
            for number, value in zip(own, place, strict=True):
                index = index * sizes[number] + value
            row.append(index)
        rows.append(tuple(sorted(row)))
    first = rows[0]
    step = len(first)
    if first == tuple(range(step)) and all(
        row == tuple(range(i * step, (i + 1) * step)) for i, row in enumerate(rows)
    ):
        return PeriodicTaps(1, step, (first,))
    return ListedTaps(tuple(rows))


@register
@dataclass(frozen=True)
class Roll(Operator):
    """Moves a map along each spatial axis by `shifts` pixels; what leaves it enters at the back."""

    shifts: tuple[int, ...] = (1, 1)

    key: ClassVar[str] = "roll"
    title: ClassVar[str] = "roll"
    backward_reads: ClassVar[BackwardReads] = "nothing"
    family: ClassVar[str] = "reshape"
    icon: ClassVar[str] = "reshape"
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("shifts", "axes", -FARTHEST, FARTHEST, title="Shifts"),
    )

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        return axes_fault(self, inputs, "shifts") or inputs[0]

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        shift = self.shifts[axis] % output[axis + 1]
        return PeriodicTaps(1, 1, ((-shift,),), "circular") if shift else SAME

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        return inputs[0].roll(self.shifts, tuple(range(2, 2 + len(self.shifts))))

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return f"lambda x0: x0.roll({self.shifts}, {tuple(range(2, 2 + len(self.shifts)))})"


@register
@dataclass(frozen=True)
class Subsample(Operator):
    """Takes every `step`-th pixel of each spatial axis, from pixel `start` on."""

    start: tuple[int, ...] = (0, 0)
    step: tuple[int, ...] = (2, 2)

    key: ClassVar[str] = "subsample"
    title: ClassVar[str] = "subsample"
    backward_reads: ClassVar[BackwardReads] = "nothing"
    family: ClassVar[str] = "resample"
    icon: ClassVar[str] = "crop"
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("start", "axes", 0, FARTHEST),
        SettingKind("step", "axes", 1, FARTHEST),
    )

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := axes_fault(self, inputs, "start", "step"):
            return fault
        sizes = inputs[0][1:]
        for axis, (size, start) in enumerate(zip(sizes, self.start, strict=True)):
            if start >= size:
                return Fault("crop-too-large", (axis, start, size))
        every = zip(sizes, self.start, self.step, strict=True)
        return (inputs[0][0], *(len(range(start, size, step)) for size, start, step in every))

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        return PeriodicTaps(1, self.step[axis], ((self.start[axis],),))

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        chosen = (slice(a, None, b) for a, b in zip(self.start, self.step, strict=True))
        return inputs[0][(slice(None), slice(None), *chosen)]

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        every = zip(self.start, self.step, strict=True)
        return f"lambda x0: x0[:, :, {', '.join(f'{a or str()}::{b}' for a, b in every)}]"
