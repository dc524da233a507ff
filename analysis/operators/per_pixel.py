"""Layers that treat the channels of each pixel: what tokens are given, on a feature map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, ClassVar, Literal

from analysis.faults import Fault
from analysis.operators.contract import (
    ChannelUse,
    Cost,
    Operator,
    SettingKind,
    Shape,
    register,
)
from analysis.operators.window import MOST_CHANNELS

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class _PerPixel(Operator):
    pointwise: ClassVar[bool] = True

    @property
    def channel_use(self) -> ChannelUse:
        return "mixed"


@register
@dataclass(frozen=True)
class ChannelLinear(_PerPixel):
    """Every feature of a pixel is a weighted sum of all its channels.

    A linear layer on tokens or on data with the channels last; the same as a 1×1 convolution,
    with the weights of a linear layer.
    """

    features: int = 10
    bias: bool = True

    key: ClassVar[str] = "channel_linear"
    title: ClassVar[str] = "linear layer per pixel"
    short_title: ClassVar[str] = "linear per pixel"
    family: ClassVar[str] = "dense"
    icon: ClassVar[str] = "dense"
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("features", "int", 1, MOST_CHANNELS),
        SettingKind("bias", "bool"),
    )

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        return self.refused(inputs) or (self.features, *inputs[0][1:])

    def parameters(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        weight = {"weight": (self.features, inputs[0][0])}
        return weight | ({"bias": (self.features,)} if self.bias else {})

    def cost(self, inputs: Sequence[Shape], output: Shape) -> Cost:
        return Cost(prod(inputs[0]) * self.features)

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        from torch.nn import functional

        last = inputs[0].movedim(1, -1)
        return functional.linear(last, tensors["weight"], tensors.get("bias")).movedim(-1, 1)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        names = "x0, weight, bias" if self.bias else "x0, weight"
        result = f"F.linear(x0.movedim(1, -1), {names[4:]}).movedim(-1, 1)"
        return f"lambda {names}: {result}"


@register
@dataclass(frozen=True)
class ChannelNorm(_PerPixel):
    """Scales each pixel by the mean and variance over its channels: a layer norm on tokens."""

    eps: float = 1e-5
    affine: bool = True
    bias: bool = True

    key: ClassVar[str] = "channel_norm"
    title: ClassVar[str] = "layer norm per pixel"
    short_title: ClassVar[str] = "norm per pixel"
    family: ClassVar[str] = "norm"
    icon: ClassVar[str] = "norm"
    linearity: ClassVar[Literal["linear", "piecewise", "frozen", "smooth"]] = "frozen"
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("eps", "float", 0),
        SettingKind("affine", "bool"),
        SettingKind("bias", "bool"),
    )

    def _names(self) -> tuple[str, ...]:
        """A bias stands beside a weight alone."""
        return (("weight", "bias") if self.bias else ("weight",)) if self.affine else ()

    def parameters(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        return dict.fromkeys(self._names(), inputs[0][:1])

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        from torch.nn import functional

        last, weight, bias = inputs[0].movedim(1, -1), tensors.get("weight"), tensors.get("bias")
        return functional.layer_norm(last, last.shape[-1:], weight, bias, self.eps).movedim(-1, 1)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        names = ", ".join(("x0", *self._names()))
        weights = ", ".join((*self._names(), "None", "None")[:2])
        size = inputs[0][:1]
        result = f"F.layer_norm(x0.movedim(1, -1), {size}, {weights}, {self.eps}).movedim(-1, 1)"
        return f"lambda {names}: {result}"


@register
@dataclass(frozen=True)
class ChannelGroupPool(_PerPixel):
    """The sum, mean or maximum over one factor of the channels, which are before × over × after.

    So the sum of maps that were stacked.
    """

    mode: Literal["sum", "average", "max"] = "sum"
    before: int = 1
    over: int = 1

    key: ClassVar[str] = "channel_group_pool"
    title: ClassVar[str] = "channel group pool"
    family: ClassVar[str] = "reshape"
    icon: ClassVar[str] = "channels"
    linearity: ClassVar[Literal["linear", "piecewise", "frozen", "smooth"]] = "piecewise"
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("mode", "choice", choices=("sum", "average", "max")),
        SettingKind("before", "int", 1, title="Groups before"),
        SettingKind("over", "int", 1, title="Pooled over"),
    )

    @property
    def channel_use(self) -> ChannelUse:
        return "kept"

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := self.refused(inputs):
            return fault
        parts = self.before * self.over
        if inputs[0][0] % parts:
            return Fault("channels-not-divisible", (inputs[0][0], parts, inputs[0][0]))
        return (inputs[0][0] // self.over, *inputs[0][1:])

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        spatial = inputs[0].shape[2:]
        parted = inputs[0].reshape(len(inputs[0]), self.before, self.over, -1, *spatial)
        pooled: Tensor
        match self.mode:
            case "max":
                pooled = parted.amax(2)
            case "sum":
                pooled = parted.sum(2)
            case _:
                pooled = parted.mean(2)
        return pooled.flatten(1, 2)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        name = {"average": "mean", "max": "amax", "sum": "sum"}[self.mode]
        parts = (self.before, self.over, -1)
        return f"lambda x0: x0.unflatten(1, {parts}).{name}(2).flatten(1, 2)"
