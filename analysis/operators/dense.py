"""The dense (fully connected) layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from analysis.faults import Fault
from analysis.operators.contract import (
    ChannelUse,
    Cost,
    Operator,
    SettingKind,
    Shape,
    Taps,
    WholeTaps,
    register,
)
from analysis.operators.window import MOST_CHANNELS

if TYPE_CHECKING:
    from torch import Tensor


@register
@dataclass(frozen=True)
class Linear(Operator):
    """Every output feature is a weighted sum of all input features of a vector."""

    features: int = 10
    bias: bool = True

    key: ClassVar[str] = "linear"
    title: ClassVar[str] = "linear layer"
    family: ClassVar[str] = "dense"
    icon: ClassVar[str] = "dense"
    aten: ClassVar[tuple[str, ...]] = ("linear",)
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("features", "int", 1, MOST_CHANNELS),
        SettingKind("bias", "bool"),
    )

    @property
    def channel_use(self) -> ChannelUse:
        return "mixed"

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := self.refused(inputs):
            return fault
        if len(inputs[0]) != 1:
            return Fault("linear-needs-vector", (inputs[0],))
        return (self.features,)

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        return WholeTaps()

    def parameters(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        weight = {"weight": (self.features, inputs[0][0])}
        return weight | ({"bias": (self.features,)} if self.bias else {})

    def cost(self, inputs: Sequence[Shape], output: Shape) -> Cost:
        return Cost(inputs[0][0] * self.features)

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        from torch.nn import functional

        return functional.linear(inputs[0], tensors["weight"], tensors.get("bias"))

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        switch = "" if self.bias else ", bias=False"
        return f"nn.Linear({inputs[0][0]}, {self.features}{switch})"
