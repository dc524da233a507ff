"""Normalisation: batch, instance, group and layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, ClassVar, Literal

from analysis.faults import Fault
from analysis.operators.contract import Operator, SettingKind, Shape, register
from analysis.operators.window import axes_fault, nearest_divisor

if TYPE_CHECKING:
    from torch import Tensor

_EPS = SettingKind("eps", "float", 0.0)
_AFFINE = SettingKind("affine", "bool")


def _affine(shape: Shape, affine: bool) -> Mapping[str, Shape]:
    return {"weight": shape, "bias": shape} if affine else {}


def _lone_value_fault(values: int) -> Fault | None:
    """One value has no spread: torch refuses to normalise it."""
    return Fault("too-few-values", (values, 2)) if values < 2 else None


@register
@dataclass(frozen=True)
class BatchNorm(Operator):
    """Scales each channel by stored statistics; with `training` by those of the batch.

    The stored statistics are never written here, so that running a network changes nothing.
    """

    eps: float = 1e-5
    affine: bool = True

    key: ClassVar[str] = "batch_norm"
    title: ClassVar[str] = "batch norm"
    family: ClassVar[str] = "norm"
    icon: ClassVar[str] = "norm"
    pointwise: ClassVar[bool] = True
    aten: ClassVar[tuple[str, ...]] = ("batch_norm",)
    settings: ClassVar[tuple[SettingKind, ...]] = (_EPS, _AFFINE)

    def parameters(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        return _affine(inputs[0][:1], self.affine)

    def buffers(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        return {"running_mean": inputs[0][:1], "running_var": inputs[0][:1]}

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        from torch.nn import functional

        return functional.batch_norm(
            inputs[0],
            None if training else tensors["running_mean"],
            None if training else tensors["running_var"],
            tensors.get("weight"),
            tensors.get("bias"),
            training=training,
            eps=self.eps,
        )

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        axes = max(len(inputs[0]) - 1, 1)
        return f"nn.BatchNorm{axes}d({inputs[0][0]}{_options(self.eps, self.affine, True)})"


@register
@dataclass(frozen=True)
class InstanceNorm(Operator):
    """Scales each channel of each picture by its own mean and variance."""

    affine: bool = False
    eps: float = 1e-5

    key: ClassVar[str] = "instance_norm"
    title: ClassVar[str] = "instance norm"
    family: ClassVar[str] = "norm"
    icon: ClassVar[str] = "norm"
    pointwise: ClassVar[bool] = True
    linearity: ClassVar[Literal["linear", "piecewise", "frozen", "smooth"]] = "frozen"
    global_statistics: ClassVar[bool] = True
    aten: ClassVar[tuple[str, ...]] = ("instance_norm",)
    settings: ClassVar[tuple[SettingKind, ...]] = (_AFFINE, _EPS)

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        return axes_fault(self, inputs) or _lone_value_fault(prod(inputs[0][1:])) or inputs[0]

    def parameters(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        return _affine(inputs[0][:1], self.affine)

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        from torch.nn import functional

        return functional.instance_norm(
            inputs[0], weight=tensors.get("weight"), bias=tensors.get("bias"), eps=self.eps
        )

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        axes, options = len(inputs[0]) - 1, _options(self.eps, self.affine, False)
        return f"nn.InstanceNorm{axes}d({inputs[0][0]}{options})"


@register
@dataclass(frozen=True)
class GroupNorm(Operator):
    """Scales each group of channels of each picture by the group's mean and variance."""

    groups: int = 8
    eps: float = 1e-5
    affine: bool = True

    key: ClassVar[str] = "group_norm"
    title: ClassVar[str] = "group norm"
    family: ClassVar[str] = "norm"
    icon: ClassVar[str] = "norm"
    pointwise: ClassVar[bool] = True
    linearity: ClassVar[Literal["linear", "piecewise", "frozen", "smooth"]] = "frozen"
    global_statistics: ClassVar[bool] = True
    aten: ClassVar[tuple[str, ...]] = ("group_norm",)
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("groups", "int", 1),
        _EPS,
        _AFFINE,
    )

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := self.refused(inputs):
            return fault
        channels = inputs[0][0]
        if channels % self.groups:
            nearest = nearest_divisor(channels, self.groups)
            return Fault("channels-not-divisible", (channels, self.groups, nearest))
        return _lone_value_fault(prod(inputs[0]) // self.groups) or inputs[0]

    def parameters(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        return _affine(inputs[0][:1], self.affine)

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        from torch.nn import functional

        weight, bias = tensors.get("weight"), tensors.get("bias")
        return functional.group_norm(inputs[0], self.groups, weight, bias, self.eps)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        options = _options(self.eps, self.affine, True)
        return f"nn.GroupNorm({self.groups}, {inputs[0][0]}{options})"


@register
@dataclass(frozen=True)
class LayerNorm(Operator):
    """Scales each picture by the mean and variance over all its channels and pixels.

    Its weights have the shape of the feature map, so it works for one input size.
    """

    eps: float = 1e-5
    affine: bool = True

    key: ClassVar[str] = "layer_norm"
    title: ClassVar[str] = "layer norm"
    family: ClassVar[str] = "norm"
    icon: ClassVar[str] = "norm"
    pointwise: ClassVar[bool] = True
    linearity: ClassVar[Literal["linear", "piecewise", "frozen", "smooth"]] = "frozen"
    global_statistics: ClassVar[bool] = True
    aten: ClassVar[tuple[str, ...]] = ("layer_norm",)
    settings: ClassVar[tuple[SettingKind, ...]] = (_EPS, _AFFINE)

    def parameters(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        return _affine(inputs[0], self.affine)

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        from torch.nn import functional

        weight, bias = tensors.get("weight"), tensors.get("bias")
        return functional.layer_norm(inputs[0], inputs[0].shape[1:], weight, bias, self.eps)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        switch = "" if self.affine else ", elementwise_affine=False"
        return f"nn.LayerNorm({inputs[0]}{_options(self.eps, True, True)}{switch})"


def _options(eps: float, affine: bool, affine_default: bool) -> str:
    """The arguments that differ from torch's defaults."""
    text = "" if eps == 1e-5 else f", eps={eps}"
    return text if affine == affine_default else f"{text}, affine={affine}"
