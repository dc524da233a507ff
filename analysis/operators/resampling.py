"""Resampling: interpolation and pixel (un)shuffle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING, ClassVar, Literal

from analysis.faults import Fault
from analysis.operators.contract import (
    BackwardReads,
    ChannelUse,
    Operator,
    PeriodicTaps,
    SettingKind,
    Shape,
    Taps,
    UnknownTaps,
    register,
)
from analysis.operators.interpolation import (
    listed_linear,
    listed_nearest,
    periodic_linear,
    periodic_nearest,
    ratio,
)
from analysis.operators.window import LONGEST_LIST, WIDEST, axes_fault

if TYPE_CHECKING:
    from torch import Tensor

Mode = Literal["nearest", "nearest_exact", "linear", "cubic"]


@register
@dataclass(frozen=True)
class Upsample(Operator):
    """Interpolation to `size`, or by a factor `scale` an axis (a factor below 1 shrinks).

    `linear` is linear, bilinear or trilinear by the number of axes.
    """

    scale: tuple[float, ...] | None = (2.0, 2.0)
    mode: Mode = "nearest"
    align_corners: bool = False
    size: tuple[int, ...] | None = None

    key: ClassVar[str] = "upsample"
    title: ClassVar[str] = "upsampling"
    backward_reads: ClassVar[BackwardReads] = "nothing"
    family: ClassVar[str] = "resample"
    icon: ClassVar[str] = "upsample"
    aten: ClassVar[tuple[str, ...]] = (
        "upsample_nearest1d.vec",
        "upsample_nearest2d.vec",
        "upsample_nearest3d.vec",
        "_upsample_nearest_exact1d.vec",
        "_upsample_nearest_exact2d.vec",
        "_upsample_nearest_exact3d.vec",
        "upsample_linear1d.vec",
        "upsample_bilinear2d.vec",
        "upsample_trilinear3d.vec",
        "upsample_bicubic2d.vec",
    )
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("scale", "scales", 0.01, 64.0, optional=True),
        SettingKind("mode", "choice", choices=("nearest", "nearest_exact", "linear", "cubic")),
        SettingKind("align_corners", "bool"),
        SettingKind("size", "axes", 1, optional=True),
    )

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if (self.size is None) == (self.scale is None):
            return Fault("size-or-scale", ())
        fault = axes_fault(self, inputs, "scale" if self.size is None else "size")
        if fault:
            return fault
        axes = len(inputs[0]) - 1
        if self.mode == "cubic" and axes != 2:
            return Fault("cubic-needs-two-axes", (axes,))
        if self.align_corners and self.mode.startswith("nearest"):
            return Fault("nearest-has-no-corners", ())
        if self.size is not None:
            return (inputs[0][0], *self.size)
        lengths = [
            floor(n * factor) for n, factor in zip(inputs[0][1:], self.scale or (), strict=True)
        ]
        for axis, length in enumerate(lengths):
            if length < 1:
                return Fault("nothing-left", (axis, inputs[0][axis + 1]))
        return (inputs[0][0], *lengths)

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        """A factor of small whole numbers has a period; the rest is listed for its size.

        torch copies an axis whose length rounds to what it was (`linear`, and `nearest` in two
        dimensions) and doubles one that rounds to twice it, whatever the factor. That is so on
        a processor; on CUDA `nearest` follows the factor.
        """
        size, length = inputs[0][axis + 1], output[axis + 1]
        flat = self.mode == "nearest" and len(output) == 3
        if length == size and (flat or self.mode == "linear"):
            return periodic_linear(1, 1, 1)
        if length == 2 * size and flat:
            return PeriodicTaps(2, 1, ((0,), (0,)))
        factor = None if self.scale is None or self.size is not None else self.scale[axis]
        terms = None if factor is None else ratio(factor)
        if self.mode.startswith("nearest"):
            exact = self.mode == "nearest_exact"
            periodic = periodic_nearest(*terms, exact) if terms else None
            if periodic or length > LONGEST_LIST:
                return periodic or UnknownTaps()
            return listed_nearest(size, length, factor, exact)
        reach = 2 if self.mode == "cubic" else 1
        if terms and not self.align_corners:
            return periodic_linear(*terms, reach)
        if length > LONGEST_LIST:
            return UnknownTaps()
        return listed_linear(size, length, factor, self.align_corners, reach)

    def torch_mode(self, axes: int) -> str:
        """torch's name of the mode for so many axes."""
        if self.mode == "linear":
            return ("linear", "bilinear", "trilinear")[axes - 1]
        return {"cubic": "bicubic", "nearest_exact": "nearest-exact"}.get(self.mode, self.mode)

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        from torch.nn import functional

        resized: Tensor = functional.interpolate(
            inputs[0],
            size=None if self.size is None else list(self.size),
            scale_factor=None if self.size is not None else list(self.scale or ()),
            mode=self.torch_mode(inputs[0].dim() - 2),
            align_corners=None if self.mode.startswith("nearest") else self.align_corners,
        )
        return resized

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        if self.size is not None:
            options = [f"size={self.size}"]
        else:
            factors = self.scale or ()
            text = str(factors[0]) if len(set(factors)) == 1 else str(factors)
            options = [f"scale_factor={text}"]
        options.append(f"mode='{self.torch_mode(len(inputs[0]) - 1)}'")
        if self.align_corners:
            options.append("align_corners=True")
        return f"nn.Upsample({', '.join(options)})"


@register
@dataclass(frozen=True)
class PixelShuffle(Operator):
    """(C·r², H, W) to (C, H·r, W·r): channels become pixels (Shi et al. 2016)."""

    factor: int = 2

    key: ClassVar[str] = "pixel_shuffle"
    title: ClassVar[str] = "pixel shuffle"
    backward_reads: ClassVar[BackwardReads] = "nothing"
    family: ClassVar[str] = "resample"
    icon: ClassVar[str] = "upsample"
    aten: ClassVar[tuple[str, ...]] = ("pixel_shuffle",)
    aten_arguments: ClassVar[Mapping[str, str]] = {"factor": "upscale_factor"}
    settings: ClassVar[tuple[SettingKind, ...]] = (SettingKind("factor", "int", 1, WIDEST),)

    @property
    def channel_use(self) -> ChannelUse:
        return "selected"

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := _plane_fault(self, inputs):
            return fault
        channels, height, width = inputs[0]
        square = self.factor**2
        if channels % square:
            nearest = max(round(channels / square), 1) * square
            return Fault("channels-not-multiple", (channels, square, nearest))
        return (channels // square, height * self.factor, width * self.factor)

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        return PeriodicTaps(self.factor, 1, ((0,),) * self.factor)

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        from torch.nn import functional

        return functional.pixel_shuffle(inputs[0], self.factor)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return f"nn.PixelShuffle({self.factor})"


@register
@dataclass(frozen=True)
class PixelUnshuffle(Operator):
    """(C, H·r, W·r) to (C·r², H, W): pixels become channels."""

    factor: int = 2

    key: ClassVar[str] = "pixel_unshuffle"
    title: ClassVar[str] = "pixel unshuffle"
    backward_reads: ClassVar[BackwardReads] = "nothing"
    family: ClassVar[str] = "resample"
    icon: ClassVar[str] = "upsample"
    aten: ClassVar[tuple[str, ...]] = ("pixel_unshuffle",)
    aten_arguments: ClassVar[Mapping[str, str]] = {"factor": "downscale_factor"}
    settings: ClassVar[tuple[SettingKind, ...]] = (SettingKind("factor", "int", 1, WIDEST),)

    @property
    def channel_use(self) -> ChannelUse:
        return "dealt"

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := _plane_fault(self, inputs):
            return fault
        factor = self.factor
        for axis, size in enumerate(inputs[0][1:]):
            if size % factor:
                nearest = max(round(size / factor), 1) * factor
                return Fault("size-not-multiple", (axis, size, factor, nearest))
        return (inputs[0][0] * factor**2, *(size // factor for size in inputs[0][1:]))

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        return PeriodicTaps(1, self.factor, (tuple(range(self.factor)),))

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        from torch.nn import functional

        return functional.pixel_unshuffle(inputs[0], self.factor)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return f"nn.PixelUnshuffle({self.factor})"


def _plane_fault(operator: Operator, inputs: Sequence[Shape]) -> Fault | None:
    """torch shuffles pixels of planes only."""
    if fault := axes_fault(operator, inputs):
        return fault
    axes = len(inputs[0]) - 1
    return Fault("needs-two-axes", (axes,)) if axes != 2 else None
