"""Convolution and transposed convolution in 1, 2 and 3 dimensions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import gcd, prod
from typing import TYPE_CHECKING, ClassVar

from analysis.faults import Fault
from analysis.operators.border import border_fault, border_reads, pad, pad_line
from analysis.operators.contract import (
    BackwardReads,
    Border,
    ChannelUse,
    Cost,
    Operator,
    PeriodicTaps,
    SettingKind,
    Shape,
    Taps,
    register,
)
from analysis.operators.window import (
    FARTHEST,
    MOST_CHANNELS,
    WIDEST,
    Window,
    axes_fault,
    fill,
    literal,
    nearest_divisor,
    window_shape,
)

if TYPE_CHECKING:
    from torch import Tensor

Pairs = tuple[tuple[int, int], ...]


def same_padding(kernel: Sequence[int], dilation: Sequence[int] = ()) -> Pairs:
    """(before, after) an axis that keeps the size at stride 1, as torch's `padding="same"`.

    The total d·(k − 1) is split with the odd pixel after: an even kernel is asymmetric.
    """
    totals = [d * (k - 1) for k, d in zip(kernel, dilation or (1,) * len(kernel), strict=True)]
    return tuple((total // 2, total - total // 2) for total in totals)


@register
@dataclass(frozen=True)
class Convolution(Operator):
    """A convolution to `channels` channels; `stride`, `padding`, `dilation` fill up to default.

    `padding` is (before, after) an axis, made of zeros (`drop`) or as `border` says.
    """

    channels: int = 64
    kernel: tuple[int, ...] = (3, 3)
    stride: tuple[int, ...] = ()
    padding: Pairs = ()
    dilation: tuple[int, ...] = ()
    groups: int = 1
    bias: bool = True
    border: Border = "drop"

    key: ClassVar[str] = "conv"
    title: ClassVar[str] = "convolution"
    short_title: ClassVar[str] = "conv"
    family: ClassVar[str] = "conv"
    icon: ClassVar[str] = "conv"
    aten: ClassVar[tuple[str, ...]] = (
        "conv1d",
        "conv1d.padding",
        "conv2d",
        "conv2d.padding",
        "conv3d",
        "conv3d.padding",
        "convolution",
    )
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("channels", "int", 1, MOST_CHANNELS),
        SettingKind("kernel", "axes", 1, WIDEST),
        SettingKind("stride", "axes", 1, WIDEST),
        SettingKind("padding", "pairs", 0, FARTHEST),
        SettingKind("dilation", "axes", 1, WIDEST),
        SettingKind("groups", "int", 1),
        SettingKind("bias", "bool"),
        SettingKind("border", "choice", choices=("drop", "clamp", "reflect", "circular")),
    )

    def __post_init__(self) -> None:
        fill(self, len(self.kernel), stride=1, padding=(0, 0), dilation=1)

    def _window(self, axis: int) -> Window:
        before, after = self.padding[axis]
        return Window(self.kernel[axis], self.stride[axis], before, after, self.dilation[axis])

    @property
    def channel_use(self) -> ChannelUse:
        return "mixed" if self.groups == 1 else "kept"

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        fault = axes_fault(self, inputs, "kernel", "stride", "padding", "dilation")
        fault = fault or _groups_fault(inputs[0][0], self.channels, self.groups)
        if fault := fault or border_fault(inputs[0][1:], self.padding, self.border):
            return fault
        windows = [self._window(axis) for axis in range(len(self.kernel))]
        return window_shape(self.channels, windows, inputs[0][1:])

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        return self._window(axis).taps(self.border)

    def parameters(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        weight = {"weight": (self.channels, inputs[0][0] // self.groups, *self.kernel)}
        return weight | ({"bias": (self.channels,)} if self.bias else {})

    def cost(self, inputs: Sequence[Shape], output: Shape) -> Cost:
        """Every output value is a sum over kernel × input channels of its group."""
        return Cost(prod(output) * prod(self.kernel) * (inputs[0][0] // self.groups))

    @property
    def backward_reads(self) -> BackwardReads:  # type: ignore[override]
        """Of a picture that is padded apart, what the padding reads."""
        return border_reads(self.border) if self._pads_apart else "inputs"

    def kept_beside(self, inputs: Sequence[Shape], output: Shape) -> int:
        """The padded picture, where it is a map of its own."""
        if not self._pads_apart:
            return 0
        sizes = zip(inputs[0][1:], self.padding, strict=True)
        return 4 * inputs[0][0] * prod(size + sum(pair) for size, pair in sizes)

    @property
    def _symmetric(self) -> bool:
        return self.border == "drop" and all(before == after for before, after in self.padding)

    @property
    def _pads_apart(self) -> bool:
        return any(map(any, self.padding)) and not self._symmetric

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        from torch.nn import functional

        convolve = (functional.conv1d, functional.conv2d, functional.conv3d)[len(self.kernel) - 1]
        picture, padding = inputs[0], [before for before, _ in self.padding]
        if not self._symmetric:
            picture, padding = pad(picture, self.padding, self.border), [0] * len(self.kernel)
        return convolve(
            picture,
            tensors["weight"],
            tensors.get("bias"),
            self.stride,
            padding,
            self.dilation,
            self.groups,
        )

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        axes = len(self.kernel)
        options = [str(inputs[0][0]), str(self.channels), literal(self.kernel)]
        if set(self.stride) != {1}:
            options.append(f"stride={literal(self.stride)}")
        if self._symmetric and any(map(any, self.padding)):
            options.append(f"padding={literal([before for before, _ in self.padding])}")
        if set(self.dilation) != {1}:
            options.append(f"dilation={literal(self.dilation)}")
        if self.groups != 1:
            options.append(f"groups={self.groups}")
        if not self.bias:
            options.append("bias=False")
        line = f"nn.Conv{axes}d({', '.join(options)})"
        if self._symmetric or not any(map(any, self.padding)):
            return line
        return f"nn.Sequential({pad_line(self.padding, self.border)}, {line})"


@register
@dataclass(frozen=True)
class TransposedConvolution(Operator):
    """A transposed convolution; `padding` takes so much off each side, as torch counts it."""

    channels: int = 64
    kernel: tuple[int, ...] = (2, 2)
    stride: tuple[int, ...] = (2, 2)
    padding: tuple[int, ...] = ()
    output_padding: tuple[int, ...] = ()
    dilation: tuple[int, ...] = ()
    groups: int = 1
    bias: bool = True

    key: ClassVar[str] = "transposed_conv"
    title: ClassVar[str] = "transposed convolution"
    short_title: ClassVar[str] = "transposed"
    family: ClassVar[str] = "tconv"
    icon: ClassVar[str] = "transposed-conv"
    aten: ClassVar[tuple[str, ...]] = (
        "conv_transpose1d",
        "conv_transpose2d.input",
        "conv_transpose3d.input",
        "convolution",
    )
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("channels", "int", 1, MOST_CHANNELS),
        SettingKind("kernel", "axes", 1, WIDEST),
        SettingKind("stride", "axes", 1, WIDEST),
        SettingKind("padding", "axes", 0, FARTHEST),
        SettingKind("output_padding", "axes", 0, WIDEST),
        SettingKind("dilation", "axes", 1, WIDEST),
        SettingKind("groups", "int", 1),
        SettingKind("bias", "bool"),
    )

    def __post_init__(self) -> None:
        fill(self, len(self.kernel), stride=1, padding=0, output_padding=0, dilation=1)

    @property
    def channel_use(self) -> ChannelUse:
        return "mixed" if self.groups == 1 else "kept"

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        names = ("kernel", "stride", "padding", "output_padding", "dilation")
        fault = axes_fault(self, inputs, *names)
        if fault := fault or _groups_fault(inputs[0][0], self.channels, self.groups):
            return fault
        lengths: list[int] = []
        for axis, size in enumerate(inputs[0][1:]):
            length = self._length(axis, size)
            if isinstance(length, Fault):
                return length
            lengths.append(length)
        return (self.channels, *lengths)

    def _length(self, axis: int, size: int) -> int | Fault:
        """(n − 1)·s − 2p + d·(k − 1) + output padding + 1."""
        stride, dilation, extra = self.stride[axis], self.dilation[axis], self.output_padding[axis]
        if extra >= max(stride, dilation):
            return Fault("output-padding-too-large", (axis, extra, max(stride, dilation) - 1))
        full = (size - 1) * stride + dilation * (self.kernel[axis] - 1) + extra + 1
        if full - 2 * self.padding[axis] < 1:
            return Fault("padding-takes-all", (axis, self.padding[axis], full, (full - 1) // 2))
        return full - 2 * self.padding[axis]

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        """Output o reads input i where o = i·s − p + k·d for a k of the kernel.

        A phase that no k reaches is empty: it holds nothing but the bias.
        """
        stride, dilation = self.stride[axis], self.dilation[axis]
        phases: list[list[int]] = [[] for _ in range(stride)]
        for k in reversed(range(self.kernel[axis])):
            landing = k * dilation - self.padding[axis]
            phases[landing % stride].append(-(landing // stride))
        return PeriodicTaps(stride, 1, tuple(map(tuple, phases)))

    def parameters(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        weight = {"weight": (inputs[0][0], self.channels // self.groups, *self.kernel)}
        return weight | ({"bias": (self.channels,)} if self.bias else {})

    def cost(self, inputs: Sequence[Shape], output: Shape) -> Cost:
        """Every input value is scattered over kernel × output channels of its group."""
        return Cost(prod(inputs[0]) * prod(self.kernel) * (self.channels // self.groups))

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        from torch.nn import functional

        convolve = (
            functional.conv_transpose1d,
            functional.conv_transpose2d,
            functional.conv_transpose3d,
        )[len(self.kernel) - 1]
        return convolve(
            inputs[0],
            tensors["weight"],
            tensors.get("bias"),
            self.stride,
            self.padding,
            self.output_padding,
            self.groups,
            self.dilation,
        )

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        options = [str(inputs[0][0]), str(self.channels), literal(self.kernel)]
        options.append(f"stride={literal(self.stride)}")
        extra = {"padding": self.padding, "output_padding": self.output_padding}
        options += [f"{name}={literal(values)}" for name, values in extra.items() if any(values)]
        if set(self.dilation) != {1}:
            options.append(f"dilation={literal(self.dilation)}")
        if self.groups != 1:
            options.append(f"groups={self.groups}")
        if not self.bias:
            options.append("bias=False")
        return f"nn.ConvTranspose{len(self.kernel)}d({', '.join(options)})"


def _groups_fault(before: int, after: int, groups: int) -> Fault | None:
    """Groups must divide the channels on both sides."""
    for channels in (before, after):
        if channels % groups:
            nearest = nearest_divisor(gcd(before, after), groups)
            return Fault("channels-not-divisible", (channels, groups, nearest))
    return None
