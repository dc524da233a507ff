"""The arithmetic of a sliding window, shared by convolution and pooling.

Formulas after Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt

from analysis.faults import Fault
from analysis.operators.contract import Border, Operator, PeriodicTaps, Shape

DIMENSIONS = "123"
"""Suffixes of torch's names (`conv2d`, `Conv2d`) by number of spatial axes, from 1."""

WIDEST = 1 << 12
"""Most pixels of a kernel, a stride or a dilation: taps are listed one by one."""
FARTHEST = 1 << 16
"""Most pixels of padding on one side."""
MOST_CHANNELS = 1 << 24
LONGEST_LIST = 1 << 20
"""An axis longer than this is not listed unit by unit: its taps are not known."""


@dataclass(frozen=True, slots=True)
class Window:
    """A sliding window along one axis, in input pixels."""

    kernel: int
    stride: int = 1
    before: int = 0
    after: int = 0
    dilation: int = 1
    ceil_mode: bool = False

    @property
    def extent(self) -> int:
        """Input pixels from the first tap to the last: d·(k − 1) + 1."""
        return self.dilation * (self.kernel - 1) + 1

    def length(self, axis: int, size: int) -> int | Fault:
        """Output length on an axis of `size` pixels: ⌊(n + p − extent) / s⌋ + 1.

        With `ceil_mode` the division rounds up, so that a window may reach past the end, but the
        last window must start inside the input or the padding before it (torch's rule).
        """
        padded = size + self.before + self.after
        room = padded - self.extent
        length = (-(-room // self.stride) if self.ceil_mode else room // self.stride) + 1
        if length < 1:
            nearest = max((padded - 1) // self.dilation + 1, 0)
            return Fault("kernel-too-large", (axis, self.extent, padded, nearest))
        last_outside = self.ceil_mode and (length - 1) * self.stride >= size + self.before
        return length - last_outside

    def taps(self, border: Border = "drop") -> PeriodicTaps:
        """Output i reads i·s + k·d − before."""
        offsets = tuple(k * self.dilation - self.before for k in range(self.kernel))
        return PeriodicTaps(1, self.stride, (offsets,), border)


def fill(operator: Operator, axes: int, **defaults: object) -> None:
    """Give settings left empty their default once an axis; for `__post_init__`."""
    for name, default in defaults.items():
        if getattr(operator, name) == ():
            object.__setattr__(operator, name, (default,) * axes)


def axes_fault(operator: Operator, inputs: Sequence[Shape], *names: str) -> Fault | None:
    """Whatever `refused` finds, or a setting or an input that has another number of axes."""
    if fault := operator.refused(inputs):
        return fault
    spatial = len(inputs[0]) - 1
    if spatial < 1:
        return Fault("needs-spatial", (len(inputs[0]),))
    for name in names:
        if (given := len(getattr(operator, name))) != spatial:
            return Fault("rank-differs", (name, given, spatial))
    if spatial > len(DIMENSIONS):
        return Fault("too-many-axes", (spatial, len(DIMENSIONS)))
    return None


def window_shape(
    channels: int, windows: Sequence[Window], sizes: Sequence[int]
) -> tuple[int, ...] | Fault:
    """(channels, *lengths), or the first axis on which the window does not fit."""
    lengths: list[int] = []
    for axis, (window, size) in enumerate(zip(windows, sizes, strict=True)):
        length = window.length(axis, size)
        if isinstance(length, Fault):
            return length
        lengths.append(length)
    return (channels, *lengths)


def nearest_divisor(number: int, wanted: int) -> int:
    """The divisor of `number` nearest to `wanted`, the smaller of two."""
    small = [d for d in range(1, isqrt(number) + 1) if number % d == 0]
    return min(small + [number // d for d in small], key=lambda d: (abs(d - wanted), d))


def literal(values: Sequence[int]) -> str:
    """One number where all axes agree, else a tuple, as torch's constructors take both."""
    return str(values[0]) if len(set(values)) == 1 else str(tuple(values))
