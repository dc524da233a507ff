"""Windows of a map put into channels, and summed up where they were: torch's unfold and fold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, ClassVar

from analysis.faults import Fault
from analysis.operators.contract import (
    BackwardReads,
    ChannelUse,
    Operator,
    SettingKind,
    Shape,
    Taps,
    register,
)
from analysis.operators.convolution import TransposedConvolution
from analysis.operators.window import (
    FARTHEST,
    WIDEST,
    Window,
    axes_fault,
    fill,
    window_shape,
)

if TYPE_CHECKING:
    from torch import Tensor

_KERNEL = SettingKind("kernel", "axes", 1, WIDEST)
_STRIDE = SettingKind("stride", "axes", 1, WIDEST)
_PADDING = SettingKind("padding", "axes", 0, FARTHEST)
_DILATION = SettingKind("dilation", "axes", 1, WIDEST)


@register
@dataclass(frozen=True)
class Unfold(Operator):
    """(C, H, W) to (C·k, H', W'): the k pixels of each window are channels, as in `im2col`."""

    kernel: tuple[int, ...] = (3, 3)
    stride: tuple[int, ...] = ()
    padding: tuple[int, ...] = ()
    dilation: tuple[int, ...] = ()

    key: ClassVar[str] = "unfold"
    title: ClassVar[str] = "unfold"
    backward_reads: ClassVar[BackwardReads] = "nothing"
    family: ClassVar[str] = "reshape"
    icon: ClassVar[str] = "reshape"
    settings: ClassVar[tuple[SettingKind, ...]] = (_KERNEL, _STRIDE, _PADDING, _DILATION)
    torch_function: ClassVar[str] = '''
def unfold(x, kernel, stride, padding, dilation):
    """The pixels of each window as channels."""
    if len(kernel) == 2:
        every = zip(x.shape[2:], kernel, stride, padding, dilation)
        size = [(n + 2 * p - d * (k - 1) - 1) // s + 1 for n, k, s, p, d in every]
        return nn.functional.unfold(x, kernel, dilation, padding, stride).unflatten(2, size)
    x = nn.functional.pad(x, [p for p in reversed(padding) for _ in range(2)])
    for axis, (k, s, d) in enumerate(zip(kernel, stride, dilation), 2):
        x = x.unfold(axis, d * (k - 1) + 1, s)[..., ::d]
    axes = len(kernel)
    order = (0, 1, *range(2 + axes, 2 + 2 * axes), *range(2, 2 + axes))
    return x.permute(order).flatten(1, 1 + axes)
'''

    def __post_init__(self) -> None:
        fill(self, len(self.kernel), stride=1, padding=0, dilation=1)

    @property
    def channel_use(self) -> ChannelUse:
        return "dealt"

    @property
    def windows(self) -> list[Window]:
        """That of each axis."""
        every = zip(self.kernel, self.stride, self.padding, self.dilation, strict=True)
        return [Window(k, s, p, p, d) for k, s, p, d in every]

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := axes_fault(self, inputs, "kernel", "stride", "padding", "dilation"):
            return fault
        return window_shape(inputs[0][0] * prod(self.kernel), self.windows, inputs[0][1:])

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        return self.windows[axis].taps()

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        from torch.nn import functional

        x = functional.pad(inputs[0], [p for p in reversed(self.padding) for _ in range(2)])
        for axis, window in enumerate(self.windows, 2):
            x = x.unfold(axis, window.extent, window.stride)[..., :: window.dilation]
        axes = len(self.kernel)
        order = (0, 1, *range(2 + axes, 2 + 2 * axes), *range(2, 2 + axes))
        return x.permute(order).flatten(1, 1 + axes)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        places = (self.kernel, self.stride, self.padding, self.dilation)
        return f"lambda x0: unfold(x0, {', '.join(map(str, places))})"


@register
@dataclass(frozen=True)
class Fold(Operator):
    """(C·k, H', W') to (C, H, W): puts windows back and sums them up where they overlap.

    `output_padding` are rows behind the last window, fewer than a stride, as `unfold` drops them.
    """

    kernel: tuple[int, ...] = (2, 2)
    stride: tuple[int, ...] = (2, 2)
    padding: tuple[int, ...] = ()
    output_padding: tuple[int, ...] = ()
    dilation: tuple[int, ...] = ()

    key: ClassVar[str] = "fold"
    title: ClassVar[str] = "fold"
    backward_reads: ClassVar[BackwardReads] = "nothing"
    family: ClassVar[str] = "reshape"
    icon: ClassVar[str] = "reshape"
    settings: ClassVar[tuple[SettingKind, ...]] = (
        *(_KERNEL, _STRIDE, _PADDING),
        SettingKind("output_padding", "axes", 0, WIDEST),
        _DILATION,
    )
    torch_function: ClassVar[str] = '''
def fold(x, kernel, stride, padding, output_padding, dilation):
    """Windows put back where they were, summed up where they overlap."""
    every = zip(x.shape[2:], kernel, stride, padding, output_padding, dilation)
    size = [(n - 1) * s - 2 * p + d * (k - 1) + o + 1 for n, k, s, p, o, d in every]
    return nn.functional.fold(x.flatten(2), size, kernel, dilation, padding, stride)
'''

    def __post_init__(self) -> None:
        fill(self, len(self.kernel), stride=1, padding=0, output_padding=0, dilation=1)

    @property
    def channel_use(self) -> ChannelUse:
        return "selected"

    @property
    def transposed(self) -> TransposedConvolution:
        """The transposed convolution that lands in the same places."""
        places = (self.kernel, self.stride, self.padding, self.output_padding, self.dilation)
        return TransposedConvolution(1, *places)

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        names = ("kernel", "stride", "padding", "output_padding", "dilation")
        if fault := axes_fault(self, inputs, *names):
            return fault
        axes, count, channels = len(inputs[0]) - 1, prod(self.kernel), inputs[0][0]
        if axes != 2:
            return Fault("needs-two-axes", (axes,))
        if channels % count:
            nearest = max(round(channels / count), 1) * count
            return Fault("channels-not-multiple", (channels, count, nearest))
        for axis, (extra, stride) in enumerate(zip(self.output_padding, self.stride, strict=True)):
            if extra >= stride:
                return Fault("output-padding-too-large", (axis, extra, stride - 1))
        found = self.transposed.shape([(1, *inputs[0][1:])])
        return found if isinstance(found, Fault) else (channels // count, *found[1:])

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        return self.transposed.taps(axis, port, inputs, output)

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        from torch.nn import functional

        size = self.shape([tuple(inputs[0].shape[1:])])
        if isinstance(size, Fault):
            raise ValueError(f"no fold: {size.code}")
        places = (self.kernel, self.dilation, self.padding, self.stride)
        return functional.fold(inputs[0].flatten(2), size[1:], *places)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        places = (self.kernel, self.stride, self.padding, self.output_padding, self.dilation)
        return f"lambda x0: fold(x0, {', '.join(map(str, places))})"
