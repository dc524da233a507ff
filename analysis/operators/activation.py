"""Activations and the other operators that treat every unit by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, ClassVar, Literal

from analysis.faults import Fault
from analysis.operators.contract import (
    REGISTRY,
    BackwardReads,
    Operator,
    SettingKind,
    Shape,
    register,
)

if TYPE_CHECKING:
    from torch import Tensor

Linearity = Literal["linear", "piecewise", "frozen", "smooth"]


@dataclass(frozen=True)
class _Activation(Operator):
    """What all activations share: each unit reads itself alone."""

    family: ClassVar[str] = "act"
    icon: ClassVar[str] = "activation"
    pointwise: ClassVar[bool] = True


@dataclass(frozen=True)
class _Nonlinearity(_Activation):
    """Activations that can stand behind any layer of a block."""

    nonlinearity: ClassVar[bool] = True


def nonlinearities() -> tuple[str, ...]:
    """Keys of the operators that somebody chooses from as the activation of a block."""
    return tuple(key for key, kind in REGISTRY.items() if kind.nonlinearity)


@register
@dataclass(frozen=True)
class ReLU(_Nonlinearity):
    """max(0, x)."""

    key: ClassVar[str] = "relu"
    title: ClassVar[str] = "ReLU"
    backward_reads: ClassVar[BackwardReads] = "output"
    linearity: ClassVar[Linearity] = "piecewise"
    aten: ClassVar[tuple[str, ...]] = ("relu", "relu_")

    @property
    def zeroes(self) -> bool:
        return True

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        return inputs[0].relu()

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return "nn.ReLU()"


@register
@dataclass(frozen=True)
class LeakyReLU(_Nonlinearity):
    """x where positive, else slope·x."""

    slope: float = 0.01

    key: ClassVar[str] = "leaky_relu"
    title: ClassVar[str] = "leaky ReLU"
    linearity: ClassVar[Linearity] = "piecewise"
    aten: ClassVar[tuple[str, ...]] = ("leaky_relu", "leaky_relu_")
    aten_arguments: ClassVar[Mapping[str, str]] = {"slope": "negative_slope"}
    settings: ClassVar[tuple[SettingKind, ...]] = (SettingKind("slope", "float"),)

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        from torch.nn import functional

        return functional.leaky_relu(inputs[0], self.slope)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return f"nn.LeakyReLU({self.slope})"


@register
@dataclass(frozen=True)
class PReLU(_Nonlinearity):
    """A leaky ReLU whose slope is learned: one for all channels, or one each."""

    per_channel: bool = False

    key: ClassVar[str] = "prelu"
    title: ClassVar[str] = "PReLU"
    linearity: ClassVar[Linearity] = "piecewise"
    aten: ClassVar[tuple[str, ...]] = ("prelu",)
    settings: ClassVar[tuple[SettingKind, ...]] = (SettingKind("per_channel", "bool"),)

    def parameters(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        return {"weight": (inputs[0][0] if self.per_channel else 1,)}

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        from torch.nn import functional

        return functional.prelu(inputs[0], tensors["weight"])

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return f"nn.PReLU({inputs[0][0]})" if self.per_channel else "nn.PReLU()"


@register
@dataclass(frozen=True)
class ELU(_Nonlinearity):
    """x where positive, else α·(eˣ − 1)."""

    alpha: float = 1.0

    key: ClassVar[str] = "elu"
    title: ClassVar[str] = "ELU"
    linearity: ClassVar[Linearity] = "smooth"
    aten: ClassVar[tuple[str, ...]] = ("elu", "elu_")
    settings: ClassVar[tuple[SettingKind, ...]] = (SettingKind("alpha", "float"),)

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        from torch.nn import functional

        return functional.elu(inputs[0], self.alpha)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return f"nn.ELU({self.alpha})"


@register
@dataclass(frozen=True)
class SiLU(_Nonlinearity):
    """x·σ(x), also called swish."""

    key: ClassVar[str] = "silu"
    title: ClassVar[str] = "SiLU"
    linearity: ClassVar[Linearity] = "smooth"
    aten: ClassVar[tuple[str, ...]] = ("silu", "silu_")

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        from torch.nn import functional

        return functional.silu(inputs[0])

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return "nn.SiLU()"


@register
@dataclass(frozen=True)
class GELU(_Nonlinearity):
    """x·Φ(x) with the normal distribution Φ, or its tanh approximation."""

    approximate: Literal["none", "tanh"] = "none"

    key: ClassVar[str] = "gelu"
    title: ClassVar[str] = "GELU"
    linearity: ClassVar[Linearity] = "smooth"
    aten: ClassVar[tuple[str, ...]] = ("gelu", "gelu_")
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("approximate", "choice", choices=("none", "tanh")),
    )

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        from torch.nn import functional

        return functional.gelu(inputs[0], approximate=self.approximate)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return "nn.GELU()" if self.approximate == "none" else "nn.GELU(approximate='tanh')"


@register
@dataclass(frozen=True)
class GLU(_Activation):
    """The first half of the channels times the sigmoid of the second (Dauphin et al. 2017)."""

    key: ClassVar[str] = "glu"
    title: ClassVar[str] = "GLU"
    icon: ClassVar[str] = "gate"
    linearity: ClassVar[Linearity] = "smooth"
    aten: ClassVar[tuple[str, ...]] = ("glu",)

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := self.refused(inputs):
            return fault
        channels = inputs[0][0]
        if channels % 2:
            return Fault("channels-not-multiple", (channels, 2, channels + 1))
        return (channels // 2, *inputs[0][1:])

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        from torch.nn import functional

        return functional.glu(inputs[0], dim=1)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return "nn.GLU(dim=1)"


@register
@dataclass(frozen=True)
class Sigmoid(_Nonlinearity):
    """1 / (1 + e⁻ˣ)."""

    key: ClassVar[str] = "sigmoid"
    title: ClassVar[str] = "sigmoid"
    backward_reads: ClassVar[BackwardReads] = "output"
    icon: ClassVar[str] = "sigmoid"
    linearity: ClassVar[Linearity] = "smooth"
    aten: ClassVar[tuple[str, ...]] = ("sigmoid", "sigmoid_")

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        return inputs[0].sigmoid()

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return "nn.Sigmoid()"


@register
@dataclass(frozen=True)
class Tanh(_Nonlinearity):
    """The hyperbolic tangent."""

    key: ClassVar[str] = "tanh"
    title: ClassVar[str] = "tanh"
    backward_reads: ClassVar[BackwardReads] = "output"
    icon: ClassVar[str] = "tanh"
    linearity: ClassVar[Linearity] = "smooth"
    aten: ClassVar[tuple[str, ...]] = ("tanh", "tanh_")

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        return inputs[0].tanh()

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return "nn.Tanh()"


@register
@dataclass(frozen=True)
class Softmax(_Activation):
    """Exponentials that sum to 1 over the channels of each pixel."""

    key: ClassVar[str] = "softmax"
    title: ClassVar[str] = "softmax"
    backward_reads: ClassVar[BackwardReads] = "output"
    icon: ClassVar[str] = "softmax"
    linearity: ClassVar[Linearity] = "smooth"
    aten: ClassVar[tuple[str, ...]] = ("softmax.int",)

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        return inputs[0].softmax(dim=1)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return "nn.Softmax(dim=1)"


@register
@dataclass(frozen=True)
class LogSoftmax(_Activation):
    """The logarithm of the softmax over the channels of each pixel."""

    key: ClassVar[str] = "log_softmax"
    title: ClassVar[str] = "log softmax"
    backward_reads: ClassVar[BackwardReads] = "output"
    icon: ClassVar[str] = "softmax"
    linearity: ClassVar[Linearity] = "smooth"
    aten: ClassVar[tuple[str, ...]] = ("log_softmax.int",)

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        return inputs[0].log_softmax(dim=1)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return "nn.LogSoftmax(dim=1)"


@register
@dataclass(frozen=True)
class Dropout(_Activation):
    """Zeroes units with probability `p` while training; otherwise it changes nothing."""

    p: float = 0.5

    key: ClassVar[str] = "dropout"
    title: ClassVar[str] = "dropout"
    backward_reads: ClassVar[BackwardReads] = "nothing"
    icon: ClassVar[str] = "dropout"
    aten: ClassVar[tuple[str, ...]] = ("dropout", "dropout_")
    settings: ClassVar[tuple[SettingKind, ...]] = (SettingKind("p", "float", 0.0, 1.0),)

    def kept_beside(self, inputs: Sequence[Shape], output: Shape) -> int:
        """Which units it left, as a map of factors."""
        return 4 * prod(output) if self.p else 0

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        from torch.nn import functional

        return functional.dropout(inputs[0], self.p) if training else inputs[0]

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return f"nn.Dropout({self.p})"


@register
@dataclass(frozen=True)
class Identity(_Activation):
    """Changes nothing."""

    key: ClassVar[str] = "identity"
    title: ClassVar[str] = "identity"
    backward_reads: ClassVar[BackwardReads] = "nothing"

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        return inputs[0]

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return "nn.Identity()"
