"""Operators that select, shuffle or reduce channels and leave every pixel in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from analysis.faults import Fault
from analysis.operators.contract import (
    BackwardReads,
    ChannelUse,
    Operator,
    SettingKind,
    Shape,
    register,
)
from analysis.operators.window import nearest_divisor

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class _OfChannels(Operator):
    """Base of the channel operators: a unit reads its own pixel."""

    family: ClassVar[str] = "reshape"
    icon: ClassVar[str] = "channels"
    pointwise: ClassVar[bool] = True


@register
@dataclass(frozen=True)
class ChannelSlice(_OfChannels):
    """Channels `start` (counted from 0) up to, not with, `stop`; every `step`-th of them."""

    start: int = 0
    stop: int = 1
    step: int = 1

    key: ClassVar[str] = "channel_slice"
    title: ClassVar[str] = "channel slice"
    backward_reads: ClassVar[BackwardReads] = "nothing"
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("start", "int", 0),
        SettingKind("stop", "int", 1),
        SettingKind("step", "int", 1),
    )

    @property
    def channel_use(self) -> ChannelUse:
        return "selected"

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := self.refused(inputs):
            return fault
        if not self.start < self.stop <= inputs[0][0]:
            return Fault("channels-out-of-range", (self.start, self.stop, inputs[0][0]))
        return (len(range(self.start, self.stop, self.step)), *inputs[0][1:])

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        """The chosen channels of (N, C, *spatial). Raises ValueError if there are too few."""
        if self.stop > inputs[0].shape[1]:
            raise ValueError(f"{inputs[0].shape[1]} channels end before {self.stop}")
        return inputs[0][:, self.start : self.stop : self.step]

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        step = f":{self.step}" if self.step != 1 else ""
        return f"lambda x0: x0[:, {self.start}:{self.stop}{step}]"


@register
@dataclass(frozen=True)
class ChannelShuffle(_OfChannels):
    """Deals the channels of `groups` groups out in turn (Zhang et al. 2018, ShuffleNet)."""

    groups: int = 1

    key: ClassVar[str] = "channel_shuffle"
    title: ClassVar[str] = "channel shuffle"
    backward_reads: ClassVar[BackwardReads] = "nothing"
    aten: ClassVar[tuple[str, ...]] = ("channel_shuffle", "native_channel_shuffle")
    settings: ClassVar[tuple[SettingKind, ...]] = (SettingKind("groups", "int", 1),)

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := self.refused(inputs):
            return fault
        channels = inputs[0][0]
        if channels % self.groups:
            nearest = nearest_divisor(channels, self.groups)
            return Fault("channels-not-divisible", (channels, self.groups, nearest))
        return inputs[0]

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        batch, channels, *sizes = inputs[0].shape
        grouped = inputs[0].reshape(batch, self.groups, channels // self.groups, *sizes)
        return grouped.transpose(1, 2).flatten(1, 2)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return f"lambda x0: x0.unflatten(1, ({self.groups}, -1)).transpose(1, 2).flatten(1, 2)"


@register
@dataclass(frozen=True)
class ChannelPool(_OfChannels):
    """The mean, maximum or sum over the channels of each pixel: one channel."""

    mode: Literal["average", "max", "sum"] = "average"

    key: ClassVar[str] = "channel_pool"
    title: ClassVar[str] = "channel pool"
    linearity: ClassVar[Literal["linear", "piecewise", "frozen", "smooth"]] = "piecewise"
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("mode", "choice", choices=("average", "max", "sum")),
    )

    @property
    def backward_reads(self) -> BackwardReads:  # type: ignore[override]
        return "inputs" if self.mode == "max" else "nothing"

    @property
    def channel_use(self) -> ChannelUse:
        return "mixed"

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        return self.refused(inputs) or (1, *inputs[0][1:])

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        match self.mode:
            case "max":
                return inputs[0].amax(1, keepdim=True)
            case "sum":
                return inputs[0].sum(1, keepdim=True)
        return inputs[0].mean(1, keepdim=True)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        name = {"average": "mean", "max": "amax", "sum": "sum"}[self.mode]
        return f"lambda x0: x0.{name}(1, keepdim=True)"
