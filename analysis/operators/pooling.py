"""Pooling: max, average, adaptive and global."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, ClassVar, Literal

from analysis.faults import Fault
from analysis.operators.contract import (
    SAME,
    BackwardReads,
    ListedTaps,
    Operator,
    SettingKind,
    Shape,
    Taps,
    UnknownTaps,
    WholeTaps,
    register,
)
from analysis.operators.window import (
    FARTHEST,
    LONGEST_LIST,
    WIDEST,
    Window,
    axes_fault,
    fill,
    literal,
    window_shape,
)

if TYPE_CHECKING:
    from torch import Tensor

Mode = Literal["average", "max"]
_MODE = SettingKind("mode", "choice", choices=("average", "max"))


def _padding_fault(kernel: Sequence[int], padding: Sequence[int]) -> Fault | None:
    """torch takes no more padding than half the kernel, whatever the dilation."""
    for axis, (width, given) in enumerate(zip(kernel, padding, strict=True)):
        if given > width // 2:
            return Fault("pool-padding-too-large", (axis, given, width // 2))
    return None


def _volume_fault(kernel: Sequence[int], sizes: Sequence[int]) -> Fault | None:
    """torch averages no volume that is smaller than the kernel, padded or not."""
    for axis, (width, size) in enumerate(zip(kernel, sizes, strict=True)):
        if len(sizes) == 3 and width > size:
            return Fault("kernel-too-large", (axis, width, size, size))
    return None


@register
@dataclass(frozen=True)
class MaxPool(Operator):
    """The largest value of each window; an empty stride is the kernel."""

    kernel: tuple[int, ...] = (2, 2)
    stride: tuple[int, ...] = ()
    padding: tuple[int, ...] = ()
    dilation: tuple[int, ...] = ()
    ceil_mode: bool = False

    key: ClassVar[str] = "max_pool"
    title: ClassVar[str] = "max pool"
    family: ClassVar[str] = "pool"
    icon: ClassVar[str] = "pool"
    linearity: ClassVar[Literal["linear", "piecewise", "frozen", "smooth"]] = "piecewise"
    aten: ClassVar[tuple[str, ...]] = (
        "max_pool1d",
        "max_pool2d",
        "max_pool3d",
        "max_pool2d_with_indices",
        "max_pool3d_with_indices",
    )
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("kernel", "axes", 1, WIDEST),
        SettingKind("stride", "axes", 1, WIDEST),
        SettingKind("padding", "axes", 0, FARTHEST),
        SettingKind("dilation", "axes", 1, WIDEST),
        SettingKind("ceil_mode", "bool"),
    )

    def __post_init__(self) -> None:
        if self.stride == ():
            object.__setattr__(self, "stride", self.kernel)
        fill(self, len(self.kernel), padding=0, dilation=1)

    def _window(self, axis: int) -> Window:
        pad = self.padding[axis]
        kernel, stride, dilation = self.kernel[axis], self.stride[axis], self.dilation[axis]
        return Window(kernel, stride, pad, pad, dilation, self.ceil_mode)

    def kept_beside(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Which pixel was the largest, as whole numbers of 8 bytes."""
        return 8 * prod(output)

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := axes_fault(self, inputs, "kernel", "stride", "padding", "dilation"):
            return fault
        windows = [self._window(axis) for axis in range(len(self.kernel))]
        fault = _padding_fault(self.kernel, self.padding)
        return fault or window_shape(inputs[0][0], windows, inputs[0][1:])

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        return self._window(axis).taps()

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        from torch.nn import functional

        pools = (functional.max_pool1d, functional.max_pool2d, functional.max_pool3d)
        pooled: Tensor = pools[len(self.kernel) - 1](
            inputs[0], self.kernel, self.stride, self.padding, self.dilation, self.ceil_mode
        )
        return pooled

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        options = _pool_options(self.kernel, self.stride, self.padding, self.ceil_mode)
        if set(self.dilation) != {1}:
            options.append(f"dilation={literal(self.dilation)}")
        return f"nn.MaxPool{len(self.kernel)}d({', '.join(options)})"


@register
@dataclass(frozen=True)
class AveragePool(Operator):
    """The mean of each window; an empty stride is the kernel."""

    kernel: tuple[int, ...] = (2, 2)
    stride: tuple[int, ...] = ()
    padding: tuple[int, ...] = ()
    ceil_mode: bool = False
    count_include_pad: bool = True

    key: ClassVar[str] = "average_pool"
    title: ClassVar[str] = "average pool"
    family: ClassVar[str] = "pool"
    icon: ClassVar[str] = "average-pool"
    aten: ClassVar[tuple[str, ...]] = ("avg_pool1d", "avg_pool2d", "avg_pool3d")
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("kernel", "axes", 1, WIDEST),
        SettingKind("stride", "axes", 1, WIDEST),
        SettingKind("padding", "axes", 0, FARTHEST),
        SettingKind("ceil_mode", "bool"),
        SettingKind("count_include_pad", "bool"),
    )

    def __post_init__(self) -> None:
        if self.stride == ():
            object.__setattr__(self, "stride", self.kernel)
        fill(self, len(self.kernel), padding=0)

    def _window(self, axis: int) -> Window:
        pad = self.padding[axis]
        return Window(self.kernel[axis], self.stride[axis], pad, pad, 1, self.ceil_mode)

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := axes_fault(self, inputs, "kernel", "stride", "padding"):
            return fault
        windows = [self._window(axis) for axis in range(len(self.kernel))]
        fault = _padding_fault(self.kernel, self.padding)
        fault = fault or _volume_fault(self.kernel, inputs[0][1:])
        return fault or window_shape(inputs[0][0], windows, inputs[0][1:])

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        return self._window(axis).taps()

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        from torch.nn import functional

        pools = (functional.avg_pool1d, functional.avg_pool2d, functional.avg_pool3d)
        return pools[len(self.kernel) - 1](
            inputs[0],
            self.kernel,
            self.stride,
            self.padding,
            self.ceil_mode,
            self.count_include_pad,
        )

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        options = _pool_options(self.kernel, self.stride, self.padding, self.ceil_mode)
        if not self.count_include_pad:
            options.append("count_include_pad=False")
        return f"nn.AvgPool{len(self.kernel)}d({', '.join(options)})"


def _pool_options(
    kernel: Sequence[int], stride: Sequence[int], padding: Sequence[int], ceil_mode: bool
) -> list[str]:
    options = [literal(kernel)]
    if stride != kernel:
        options.append(f"stride={literal(stride)}")
    if any(padding):
        options.append(f"padding={literal(padding)}")
    if ceil_mode:
        options.append("ceil_mode=True")
    return options


@register
@dataclass(frozen=True)
class AdaptivePool(Operator):
    """Pools to `size` whatever the input: window i is [⌊i·n/m⌋, ⌈(i + 1)·n/m⌉).

    A size of 0 leaves an axis as long as it is, as `None` does in torch.
    """

    size: tuple[int, ...] = (1, 1)
    mode: Mode = "average"

    key: ClassVar[str] = "adaptive_pool"
    title: ClassVar[str] = "adaptive pool"
    family: ClassVar[str] = "pool"
    icon: ClassVar[str] = "average-pool"
    linearity: ClassVar[Literal["linear", "piecewise", "frozen", "smooth"]] = "piecewise"
    aten: ClassVar[tuple[str, ...]] = (
        "adaptive_avg_pool1d",
        "adaptive_avg_pool2d",
        "adaptive_avg_pool3d",
        "adaptive_max_pool1d",
        "adaptive_max_pool2d",
        "adaptive_max_pool3d",
    )
    settings: ClassVar[tuple[SettingKind, ...]] = (SettingKind("size", "axes", 0), _MODE)

    def kept_beside(self, inputs: Sequence[Shape], output: Shape) -> int:
        return 8 * prod(output) if self.mode == "max" else 0

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := axes_fault(self, inputs, "size"):
            return fault
        pairs = zip(self.size, inputs[0][1:], strict=True)
        return (inputs[0][0], *(length or size for length, size in pairs))

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        size, length = inputs[0][axis + 1], output[axis + 1]
        if not self.size[axis]:
            return SAME
        if max(size, length) > LONGEST_LIST:
            return UnknownTaps()
        return ListedTaps(
            tuple(
                tuple(range(i * size // length, -(-(i + 1) * size // length)))
                for i in range(length)
            )
        )

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        from torch.nn import functional

        average = (
            functional.adaptive_avg_pool1d,
            functional.adaptive_avg_pool2d,
            functional.adaptive_avg_pool3d,
        )
        largest = (
            functional.adaptive_max_pool1d,
            functional.adaptive_max_pool2d,
            functional.adaptive_max_pool3d,
        )
        pools = average if self.mode == "average" else largest
        pool: Callable[..., Tensor] = pools[len(self.size) - 1]
        kept = zip(self.size, inputs[0].shape[2:], strict=True)
        return pool(inputs[0], [length or size for length, size in kept])

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        name = "Avg" if self.mode == "average" else "Max"
        if self.size == (0,):  # for which torch has no module
            return "nn.Identity()"
        size = literal(self.size) if all(self.size) else str(tuple(n or None for n in self.size))
        return f"nn.Adaptive{name}Pool{len(self.size)}d({size})"


@register
@dataclass(frozen=True)
class GlobalPool(Operator):
    """One value a channel; `keep` leaves spatial axes of length 1, else a vector."""

    mode: Mode = "average"
    keep: bool = True

    key: ClassVar[str] = "global_pool"
    title: ClassVar[str] = "global pool"
    family: ClassVar[str] = "pool"
    icon: ClassVar[str] = "global-pool"
    linearity: ClassVar[Literal["linear", "piecewise", "frozen", "smooth"]] = "piecewise"
    aten: ClassVar[tuple[str, ...]] = ("mean.dim", "amax")
    settings: ClassVar[tuple[SettingKind, ...]] = (_MODE, SettingKind("keep", "bool"))

    @property
    def backward_reads(self) -> BackwardReads:  # type: ignore[override]
        return "nothing" if self.mode == "average" else "inputs"

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := axes_fault(self, inputs):
            return fault
        spatial = len(inputs[0]) - 1
        return (inputs[0][0], *((1,) * spatial if self.keep else ()))

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        return WholeTaps()

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        spatial = tuple(range(2, inputs[0].dim()))
        if self.mode == "average":
            return inputs[0].mean(spatial, keepdim=self.keep)
        return inputs[0].amax(spatial, keepdim=self.keep)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        axes = len(inputs[0]) - 1
        name = "Avg" if self.mode == "average" else "Max"
        line = f"nn.Adaptive{name}Pool{axes}d(1)"
        return line if self.keep else f"nn.Sequential({line}, nn.Flatten())"
