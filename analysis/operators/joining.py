"""Operators that join feature maps: concatenation and element-by-element arithmetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, mul
from typing import TYPE_CHECKING, ClassVar, Literal

from analysis.faults import Fault
from analysis.operators.contract import (
    SAME,
    BackwardReads,
    ChannelUse,
    Operator,
    PeriodicTaps,
    SettingKind,
    Shape,
    Taps,
    WholeTaps,
    register,
)
from analysis.operators.noise import SEED, Noise

if TYPE_CHECKING:
    from torch import Tensor


def _spatial_fault(inputs: Sequence[Shape]) -> Fault | None:
    """The first axis on which an input differs from the first input: numbers say which input."""
    first = inputs[0]
    for port, other in enumerate(inputs[1:], start=1):
        if len(other) != len(first):
            return Fault("rank-differs", (f"input {port + 1}", len(other) - 1, len(first) - 1))
        for axis, (size, length) in enumerate(zip(first[1:], other[1:], strict=True)):
            if size != length:
                return Fault("join-sizes-differ", (axis, size, length, port))
    return None


def _broadcast(inputs: Sequence[Shape]) -> Shape | Fault:
    """The common shape, where an axis of length 1 is stretched; sizes are compared first."""
    result = inputs[0]
    for port, other in enumerate(inputs[1:], start=1):
        if len(other) != len(result):
            name = f"input {port + 1}"
            return Fault("rank-differs", (name, len(other) - 1, len(result) - 1))
        for index in (*range(1, len(result)), 0):
            size, length = result[index], other[index]
            if size != length and 1 not in (size, length):
                if index == 0:
                    return Fault("join-channels-differ", (size, length, port))
                return Fault("join-sizes-differ", (index - 1, size, length, port))
        result = tuple(map(max, result, other))
    return result


def _single_pixels(inputs: Sequence[Shape]) -> frozenset[int]:
    """Inputs of one pixel a channel beside a larger one."""
    largest = max(max(shape[1:], default=1) for shape in inputs)
    return frozenset(
        port for port, shape in enumerate(inputs) if largest > 1 and max(shape[1:], default=1) == 1
    )


def _names(inputs: Sequence[Shape]) -> list[str]:
    return [f"x{port}" for port in range(len(inputs))]


@register
@dataclass(frozen=True)
class Concatenate(Operator):
    """Puts the channels of its inputs one after the other."""

    key: ClassVar[str] = "concat"
    title: ClassVar[str] = "concatenate"
    backward_reads: ClassVar[BackwardReads] = "nothing"
    family: ClassVar[str] = "join"
    icon: ClassVar[str] = "concat"
    ports: ClassVar[int | None] = None
    pointwise: ClassVar[bool] = True
    aten: ClassVar[tuple[str, ...]] = ("cat", "concat")

    @property
    def channel_use(self) -> ChannelUse:
        return "stacked"

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := self.refused(inputs) or _spatial_fault(inputs):
            return fault
        return (sum(shape[0] for shape in inputs), *inputs[0][1:])

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        """What is the same for all pictures stands beside each of them."""
        import torch

        count = inputs[0].shape[0]  # no int where torch.export keeps the batch open: len() is one
        for each in inputs[1:]:
            count = each.shape[0] if each.shape[0] != count and count == 1 else count
        alike = [each if each.shape[0] == count else each.expand(count, *each.shape[1:])
                 for each in inputs]  # fmt: skip
        return torch.cat(alike, dim=1)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        names = ", ".join(_names(inputs))
        return f"lambda {names}: torch.cat(({names}), dim=1)"


@dataclass(frozen=True)
class _Elementwise(Operator):
    """What the joins share that go element by element and stretch an axis of length 1."""

    family: ClassVar[str] = "join"

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        return self.refused(inputs) or _broadcast(inputs)

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        """A stretched axis has one index, which every output reads; vectors have no axis."""
        if len(output) == 1:
            return SAME
        return SAME if inputs[port][axis + 1] == output[axis + 1] else WholeTaps()


@register
@dataclass(frozen=True)
class Add(_Elementwise):
    """Adds its inputs element by element; an axis of length 1 is stretched."""

    key: ClassVar[str] = "add"
    title: ClassVar[str] = "add"
    backward_reads: ClassVar[BackwardReads] = "nothing"
    icon: ClassVar[str] = "add"
    ports: ClassVar[int | None] = None
    pointwise: ClassVar[bool] = True
    aten: ClassVar[tuple[str, ...]] = ("add.Tensor", "add_.Tensor")

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        return reduce(add, inputs)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        names = _names(inputs)
        return f"lambda {', '.join(names)}: {' + '.join(names)}"


@register
@dataclass(frozen=True)
class Subtract(_Elementwise):
    """The first input minus the second, as a denoiser takes the noise it found off its input."""

    key: ClassVar[str] = "subtract"
    title: ClassVar[str] = "subtract"
    backward_reads: ClassVar[BackwardReads] = "nothing"
    icon: ClassVar[str] = "subtract"
    ports: ClassVar[int | None] = 2
    pointwise: ClassVar[bool] = True
    aten: ClassVar[tuple[str, ...]] = ("sub.Tensor", "sub_.Tensor")

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        return inputs[0] - inputs[1]

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return "lambda x0, x1: x0 - x1"


@register
@dataclass(frozen=True)
class Multiply(_Elementwise):
    """Multiplies element by element; an axis of length 1 is stretched (a gate)."""

    key: ClassVar[str] = "multiply"
    title: ClassVar[str] = "multiply"
    icon: ClassVar[str] = "gate"
    ports: ClassVar[int | None] = None
    linearity: ClassVar[Literal["linear", "piecewise", "frozen", "smooth"]] = "smooth"
    aten: ClassVar[tuple[str, ...]] = ("mul.Tensor", "mul_.Tensor")

    def gates(self, inputs: Sequence[Shape]) -> frozenset[int]:
        """Inputs of one pixel a channel beside a larger one."""
        return _single_pixels(inputs)

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        return reduce(mul, inputs)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        names = _names(inputs)
        return f"lambda {', '.join(names)}: {' * '.join(names)}"


@register
@dataclass(frozen=True)
class Divide(_Elementwise):
    """The first input divided by the second; an axis of length 1 is stretched."""

    key: ClassVar[str] = "divide"
    title: ClassVar[str] = "divide"
    icon: ClassVar[str] = "divide"
    ports: ClassVar[int | None] = 2
    linearity: ClassVar[Literal["linear", "piecewise", "frozen", "smooth"]] = "smooth"
    aten: ClassVar[tuple[str, ...]] = ("div.Tensor", "div_.Tensor")

    def gates(self, inputs: Sequence[Shape]) -> frozenset[int]:
        """Inputs of one pixel a channel beside a larger one, such as a norm of the whole map."""
        return _single_pixels(inputs)

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        return inputs[0] / inputs[1]

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return "lambda x0, x1: x0 / x1"


MEAN_ALONE = 0.5
"""How often the zeros are added in written code: no sum in a network says so of zeros."""


@register
@dataclass(frozen=True)
class GaussianSample(_Elementwise):
    """Draws from a normal distribution: the first input is its mean, the second ln of its variance.

    The reparameterisation of Kingma and Welling 2014 (arXiv 1312.6114). While training it is
    mean + exp(½ ln σ²)·ε with ε from N(0, 1). Otherwise it is the mean, and the variance unread,
    unless it is to `draw` then too: with the numbers of its `seed`, the same for every image.
    """

    draw: bool = False
    seed: int = 0

    key: ClassVar[str] = "gaussian_sample"
    title: ClassVar[str] = "Gaussian sample"
    icon: ClassVar[str] = "noise"
    ports: ClassVar[int | None] = 2
    torch_function: ClassVar[str] = Noise.torch_function
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind(
            "draw",
            "bool",
            title="Draw",
            hint="Draws when it runs, as in training; otherwise the mean goes on.",
        ),
        SEED,
    )

    @property
    def linearity(self) -> Literal["linear", "smooth"]:  # type: ignore[override]
        return "smooth" if self.draw else "linear"

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        unread = port and not self.draw
        return PeriodicTaps(1, 1, ((),)) if unread else super().taps(axis, port, inputs, output)

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        import torch

        mean = inputs[0] + torch.zeros_like(inputs[1])
        if not training and not self.draw:
            return mean
        drawn = Noise(seed=self.seed).apply([mean], {}, training)
        return mean + torch.exp(0.5 * inputs[1]) * drawn

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        """As it is without training: torch has no module that draws."""
        zeros = "torch.zeros_like(x1)"
        if not self.draw:
            return f"lambda x0, x1: torch.add(x0, {zeros}, alpha={MEAN_ALONE})"
        drawn = f'noise((x0 + {zeros})[:1], "normal", 0.0, 1.0, {self.seed})'
        return f"lambda x0, x1: x0 + torch.exp(0.5 * x1) * {drawn}"
