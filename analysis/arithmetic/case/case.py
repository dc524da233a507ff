"""One convolution, transposed convolution or pooling: its settings and its sizes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Kind = Literal["conv", "transposed", "pool"]
PoolMode = Literal["max", "average"]
Size = tuple[int, ...]


@dataclass(frozen=True)
class Case:
    """The settings of one operation, per axis in the order (height, width) or (length,).

    `in_size` is the input's; `padding` of a transposed convolution is torch's (p, which crops the
    output), not the p′ = d(k − 1) − p of its zero-insertion form. `channels` are (in, out).
    Pooling works on each channel by itself and knows no groups and no bias.
    """

    kind: Kind = "conv"
    in_size: Size = (4, 4)
    kernel: Size = (3, 3)
    stride: Size = (1, 1)
    padding: Size = (0, 0)
    dilation: Size = (1, 1)
    output_padding: Size = (0, 0)
    groups: int = 1
    channels: tuple[int, int] = (1, 1)
    bias: bool = False
    mode: PoolMode = "max"
    ceil_mode: bool = False
    count_include_pad: bool = True

    @property
    def rank(self) -> int:
        """How many spatial axes it has."""
        return len(self.in_size)

    @cached_property
    def extent(self) -> Size:
        """Cells that the dilated kernel covers, d(k − 1) + 1 per axis."""
        return tuple(d * (k - 1) + 1 for k, d in zip(self.kernel, self.dilation, strict=True))

    @cached_property
    def out_size(self) -> Size:
        """The output's size per axis; of a case with a fault it can be below 1."""
        return tuple(_out(self, axis) for axis in range(self.rank))

    @property
    def equivalent_padding(self) -> Size:
        """p′ = d(k − 1) − p per axis: below 0 the zero-insertion form is cropped."""
        return tuple(e - 1 - p for e, p in zip(self.extent, self.padding, strict=True))

    @cached_property
    def input_shape(self) -> Size:
        """(C, *in_size): the shape of x."""
        return (self.channels[0], *self.in_size)

    @cached_property
    def output_shape(self) -> Size:
        """(C, *out_size): the shape of y."""
        return (self.channels[1], *self.out_size)

    @property
    def kernel_shape(self) -> Size:
        """The shape of w as torch has it: (out, in/groups, *kernel), transposed (in, out/groups,
        *kernel); a pooling has none and gives its window."""
        if self.kind == "pool":
            return self.kernel
        inside, outside = self.channels
        narrow, wide = (outside, inside) if self.kind == "conv" else (inside, outside)
        return (narrow, wide // self.groups, *self.kernel)


def _out(case: Case, axis: int) -> int:
    i, s, p = case.in_size[axis], case.stride[axis], case.padding[axis]
    extent = case.extent[axis]
    if case.kind == "transposed":
        return s * (i - 1) + extent - 2 * p + case.output_padding[axis]
    free = i + 2 * p - extent
    if case.kind == "pool" and case.ceil_mode:
        count = -(-free // s) + 1
        # torch: the last window must begin inside the input or the padding before it.
        return count - 1 if (count - 1) * s >= i + p else count
    return free // s + 1
