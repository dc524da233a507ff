"""Maps made as large as another one, or as the next multiple of a number, whatever their size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from analysis.faults import Fault
from analysis.operators.border import MODES, border_fault, border_reads, pad
from analysis.operators.contract import (
    BackwardReads,
    Border,
    Operator,
    PeriodicTaps,
    SettingKind,
    Shape,
    Taps,
    register,
)
from analysis.operators.resampling import Mode, Upsample
from analysis.operators.reshaping import axes_fault_of_pair
from analysis.operators.settings import source_of
from analysis.operators.window import WIDEST, axes_fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

Where = Literal["end", "middle", "middle_up"]
"""Where rows are put: all of them behind, or half of them before, rounded down or up."""

Pairs = tuple[tuple[int, int], ...]

_WHERE = SettingKind("where", "choice", choices=("end", "middle", "middle_up"))
_BORDER = SettingKind("border", "choice", choices=("drop", "clamp", "reflect", "circular"))
_VALUE = SettingKind("value", "float", infinite=True)
_NO_TAPS = PeriodicTaps(1, 1, ((),))


def shared_out(more: int, where: Where) -> tuple[int, int]:
    """So many rows as (before, after); fewer than none are taken off."""
    before = {"end": 0, "middle": more // 2, "middle_up": more - more // 2}[where]
    return before, more - before


@register
@dataclass(frozen=True)
class Fit(Operator):
    """Pads, or crops, the first input to the spatial size of the second.

    The second input gives its size and no values.
    """

    where: Where = "middle"
    border: Border = "drop"
    value: float = 0.0

    key: ClassVar[str] = "fit"
    title: ClassVar[str] = "pad to fit"
    family: ClassVar[str] = "reshape"
    icon: ClassVar[str] = "pad"
    ports: ClassVar[int | None] = 2
    sized_by_last: ClassVar[bool] = True
    settings: ClassVar[tuple[SettingKind, ...]] = (_WHERE, _BORDER, _VALUE)
    torch_function: ClassVar[str] = '''
def fit(x, like, where, mode, value):
    """x padded, or cropped, to the size of like."""
    pairs = []
    for axis in reversed(range(2, x.dim())):
        more = like.shape[axis] - x.shape[axis]
        before = {"end": 0, "middle": more // 2, "middle_up": more - more // 2}[where]
        pairs += [before, more - before]
    if mode == "constant" or not any(pairs):
        return nn.functional.pad(x, pairs, value=value)
    return nn.functional.pad(x, pairs, mode=mode)
'''

    @property
    def backward_reads(self) -> BackwardReads:  # type: ignore[override]
        return border_reads(self.border)

    def _pairs(self, inputs: Sequence[Shape]) -> Pairs:
        sizes = zip(inputs[0][1:], inputs[1][1:], strict=True)
        return tuple(shared_out(length - size, self.where) for size, length in sizes)

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := self.refused(inputs) or axes_fault_of_pair(inputs):
            return fault
        if fault := border_fault(inputs[0][1:], self._pairs(inputs), self.border):
            return fault
        return (inputs[0][0], *inputs[1][1:])

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        if port == 1:
            return _NO_TAPS
        return PeriodicTaps(1, 1, ((-self._pairs(inputs)[axis][0],),), self.border)

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        pairs = self._pairs([tuple(each.shape[1:]) for each in inputs])
        return pad(inputs[0], pairs, self.border, self.value)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        options = f"'{self.where}', '{MODES[self.border]}', {source_of(self.value)}"
        return f"lambda x0, x1: fit(x0, x1, {options})"


@register
@dataclass(frozen=True)
class PadToMultiple(Operator):
    """Pads each spatial axis to the next multiple of a number.

    With a `window` so far that windows of that length, which begin at these multiples, hold every
    pixel: what "same" means in TensorFlow. 0 stands for windows as long as the multiple.
    """

    multiple: int = 8
    where: Where = "end"
    border: Border = "drop"
    value: float = 0.0
    window: int = 0

    key: ClassVar[str] = "pad_to_multiple"
    title: ClassVar[str] = "pad to a multiple"
    family: ClassVar[str] = "reshape"
    icon: ClassVar[str] = "pad"
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("multiple", "int", 1, WIDEST),
        _WHERE,
        _BORDER,
        _VALUE,
        SettingKind("window", "int", 0, WIDEST, rare=True),
    )
    torch_function: ClassVar[str] = '''
def pad_to_multiple(x, multiple, where, mode, value, window=0):
    """x padded to the next multiple on each axis, or until windows at these hold all of it."""
    pairs = []
    for axis in reversed(range(2, x.dim())):
        more = max(-x.shape[axis] % multiple + (window or multiple) - multiple, 0)
        before = {"end": 0, "middle": more // 2, "middle_up": more - more // 2}[where]
        pairs += [before, more - before]
    if mode == "constant" or not any(pairs):
        return nn.functional.pad(x, pairs, value=value)
    return nn.functional.pad(x, pairs, mode=mode)
'''

    @property
    def backward_reads(self) -> BackwardReads:  # type: ignore[override]
        return border_reads(self.border)

    def __repr__(self) -> str:
        """Without `window` where there is none, as hashes of stored studies were made of it."""
        told = f"multiple={self.multiple!r}, where={self.where!r}, border={self.border!r}"
        window = f", window={self.window!r}" if self.window else ""
        return f"{type(self).__name__}({told}, value={self.value!r}{window})"

    def rows(self, size: int) -> int:
        """How many rows an axis of that size is padded by."""
        window = self.window or self.multiple
        return max(-size % self.multiple + window - self.multiple, 0)

    def _pairs(self, shape: Shape) -> Pairs:
        return tuple(shared_out(self.rows(size), self.where) for size in shape[1:])

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := axes_fault(self, inputs):
            return fault
        pairs = self._pairs(inputs[0])
        if fault := border_fault(inputs[0][1:], pairs, self.border):
            return fault
        sizes = zip(inputs[0][1:], pairs, strict=True)
        return (inputs[0][0], *(size + sum(pair) for size, pair in sizes))

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        return PeriodicTaps(1, 1, ((-self._pairs(inputs[0])[axis][0],),), self.border)

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        pairs = self._pairs(tuple(inputs[0].shape[1:]))
        return pad(inputs[0], pairs, self.border, self.value)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        options = (
            f"{self.multiple}, '{self.where}', '{MODES[self.border]}', {source_of(self.value)}"
        ) + (f", {self.window}" if self.window else "")
        return f"lambda x0: pad_to_multiple(x0, {options})"


@register
@dataclass(frozen=True)
class ResizeLike(Operator):
    """Interpolates the first input to the spatial size of the second.

    The second input gives its size and no values.
    """

    mode: Mode = "nearest"
    align_corners: bool = False

    key: ClassVar[str] = "resize_like"
    title: ClassVar[str] = "resize to fit"
    backward_reads: ClassVar[BackwardReads] = "nothing"
    family: ClassVar[str] = "resample"
    icon: ClassVar[str] = "upsample"
    ports: ClassVar[int | None] = 2
    sized_by_last: ClassVar[bool] = True
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("mode", "choice", choices=("nearest", "nearest_exact", "linear", "cubic")),
        SettingKind("align_corners", "bool"),
    )

    def at(self, inputs: Sequence[Shape]) -> Upsample:
        """What it is for these shapes: by a factor where that is a whole number on every axis."""
        sizes, wanted = inputs[0][1:], tuple(inputs[1][1:])
        pairs = list(zip(sizes, wanted, strict=True))
        if all(length % size == 0 for size, length in pairs):
            ratio = tuple(float(length // size) for size, length in pairs)
            return Upsample(ratio, self.mode, self.align_corners)
        return Upsample(None, self.mode, self.align_corners, wanted)

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := self.refused(inputs) or axes_fault_of_pair(inputs):
            return fault
        return self.at(inputs).shape(inputs[:1])

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        return _NO_TAPS if port == 1 else self.at(inputs).taps(axis, 0, inputs[:1], output)

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        shapes = [tuple(each.shape[1:]) for each in inputs]
        return self.at(shapes).apply(inputs[:1], tensors, training)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        corners = ", align_corners=True" if self.align_corners else ""
        mode = Upsample(None, self.mode, self.align_corners).torch_mode(len(inputs[0]) - 1)
        size = "size=x1.shape[2:]"
        return f"lambda x0, x1: nn.functional.interpolate(x0, {size}, mode='{mode}'{corners})"
