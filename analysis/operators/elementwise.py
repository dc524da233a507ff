"""Functions of every unit by itself: arithmetic with a number or a parameter, clamps, exp, …"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, prod
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from analysis.faults import Fault
from analysis.operators.contract import (
    SAME,
    BackwardReads,
    Operator,
    SettingKind,
    Shape,
    Taps,
    WholeTaps,
    register,
)

if TYPE_CHECKING:
    from torch import Tensor

Linearity = Literal["linear", "piecewise", "frozen", "smooth"]
Arithmetic = Literal["add", "subtract", "subtract_from", "multiply", "divide"]

_ARITHMETIC: Mapping[str, str] = MappingProxyType(
    {
        "add": "{x} + {by}",
        "subtract": "{x} - {by}",
        "subtract_from": "{by} - {x}",
        "multiply": "{x} * {by}",
        "divide": "{x} / {by}",
    }
)


def _computed(function: str, x: Tensor, by: Tensor | float) -> Tensor:
    match function:
        case "add":
            return x + by
        case "subtract":
            return x - by
        case "subtract_from":
            return by - x
        case "multiply":
            return x * by
    return x / by


@register
@dataclass(frozen=True)
class ScalarArithmetic(Operator):
    """Adds, subtracts, multiplies or divides by one number: `0.1 * x`, `1 - x`."""

    function: Arithmetic = "multiply"
    value: float = 1.0

    key: ClassVar[str] = "scalar_arithmetic"
    title: ClassVar[str] = "arithmetic"
    backward_reads: ClassVar[BackwardReads] = "nothing"
    family: ClassVar[str] = "act"
    icon: ClassVar[str] = "function"
    pointwise: ClassVar[bool] = True
    aten: ClassVar[tuple[str, ...]] = (
        *("add.Scalar", "add_.Scalar", "sub.Scalar", "sub_.Scalar", "rsub.Scalar"),
        *("mul.Scalar", "mul_.Scalar", "div.Scalar", "div_.Scalar", "neg", "neg_"),
    )
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("function", "choice", choices=tuple(_ARITHMETIC)),
        SettingKind("value", "float"),
    )

    @property
    def cuts(self) -> bool:
        return self.function == "multiply" and not self.value

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        return _computed(self.function, inputs[0], self.value)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        by = repr(self.value) if self.value >= 0 else f"({self.value!r})"
        return "lambda x0: " + _ARITHMETIC[self.function].format(x="x0", by=by)


@register
@dataclass(frozen=True)
class ParameterArithmetic(Operator):
    """Arithmetic with a tensor of shape `size`: a layer's scale, an embedded position, a mean.

    `size` counts from the right, as torch broadcasts; it may hold the batch axis, of length 1.
    A tensor that is not `trained` is stored as a buffer and counts as no parameter. One that is
    laid out another way than the map is parted into `factors`, these are put in this `order`, and
    then it is of the shape `to`.
    """

    function: Arithmetic = "multiply"
    size: tuple[int, ...] = ()
    trained: bool = True
    factors: tuple[int, ...] = ()
    order: tuple[int, ...] = ()
    to: tuple[int, ...] = ()

    key: ClassVar[str] = "parameter_arithmetic"
    title: ClassVar[str] = "parameter"
    family: ClassVar[str] = "act"
    icon: ClassVar[str] = "function"
    pointwise: ClassVar[bool] = True
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("function", "choice", choices=tuple(_ARITHMETIC)),
        SettingKind("size", "nested", 1, editable=False),
        SettingKind("trained", "bool", editable=False),
        SettingKind("factors", "nested", 1, editable=False),
        SettingKind("order", "nested", 0, editable=False),
        SettingKind("to", "nested", 1, editable=False),
    )

    @property
    def backward_reads(self) -> BackwardReads:  # type: ignore[override]
        product = self.function in ("multiply", "divide")
        return "inputs" if product and self.trained else "nothing"

    @property
    def broadcast(self) -> tuple[int, ...]:
        """Its shape as the map has it."""
        return self.to or self.size

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := self.refused(inputs):
            return fault
        full = (1, *inputs[0])
        own = self.broadcast
        numbers = (*self.size, *self.factors, *self.to)
        whole = all(isinstance(length, int) and length > 0 for length in numbers)
        if not whole or len(own) > len(full) or not self._is_laid_out():
            return Fault("parameter-shape", (self.size, inputs[0]))
        wanted = (1,) * (len(full) - len(own)) + own
        pairs = tuple(zip(full, wanted, strict=True))
        if wanted[0] != 1 or any(a != b and 1 not in (a, b) for a, b in pairs):
            return Fault("parameter-shape", (self.size, inputs[0]))
        return tuple(map(max, full, wanted))[1:]

    def _is_laid_out(self) -> bool:
        if not self.to:
            return True
        orders = sorted(self.order) == list(range(len(self.factors)))
        return orders and prod(self.size) == prod(self.factors) == prod(self.to)

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        """An axis of length 1 that the parameter stretches has one index."""
        place = slice(axis + 1, axis + 2)  # empty where a vector has no axes
        return SAME if inputs[0][place] == output[place] else WholeTaps()

    def parameters(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        return {"weight": self.size} if self.trained else {}

    def buffers(self, inputs: Sequence[Shape]) -> Mapping[str, Shape]:
        return {} if self.trained else {"weight": self.size}

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        weight = tensors["weight"]
        if self.to:
            weight = weight.reshape(self.factors).permute(self.order).reshape(self.to)
        return _computed(self.function, inputs[0], weight)

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        """A function of the input and the parameter."""
        by = "weight"
        if self.to:
            by = f"weight.reshape({self.factors}).permute({self.order}).reshape({self.to})"
        return "lambda x0, weight: " + _ARITHMETIC[self.function].format(x="x0", by=by)


# ------------------------------------------------------------------------ named functions


@dataclass(frozen=True)
class _Function(Operator):
    """A function of torch that is called with the unit and, after it, `operands`."""

    function: str = ""
    operands: tuple[float, ...] = ()

    family: ClassVar[str] = "act"
    icon: ClassVar[str] = "function"
    pointwise: ClassVar[bool] = True
    functions: ClassVar[Mapping[str, tuple[str, int]]] = {}
    """For each name the call in torch and its number of operands."""

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := self.refused(inputs):
            return fault
        needed = self.functions[self.function][1]
        if len(self.operands) != needed or not all(map(_is_number, self.operands)):
            return Fault("operands-differ", (self.function, str(self.operands), needed))
        return inputs[0]

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        import torch

        path, needed = self.functions[self.function]
        if len(self.operands) != needed:
            raise ValueError(f"{self.function} takes {needed} numbers")
        room, _, name = path.partition(".")
        call: Any = getattr(torch if room == "torch" else torch.nn.functional, name)
        result: Tensor = call(inputs[0], *self.operands)
        return result

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        arguments = ", ".join(("x0", *map(repr, self.operands)))
        return f"lambda x0: {self.functions[self.function][0]}({arguments})"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


_PIECEWISE: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "clamp": ("torch.clamp", 2),
        "clamp_min": ("torch.clamp_min", 1),
        "clamp_max": ("torch.clamp_max", 1),
        "abs": ("torch.abs", 0),
        "hardsigmoid": ("F.hardsigmoid", 0),
        "hardshrink": ("F.hardshrink", 1),
        "softshrink": ("F.softshrink", 1),
        "threshold": ("F.threshold", 2),
    }
)


@register
@dataclass(frozen=True)
class PiecewiseFunction(_Function):
    """A function made of straight pieces: ReLU6 is `clamp` with operands (0, 6)."""

    function: str = "abs"

    key: ClassVar[str] = "piecewise_function"
    title: ClassVar[str] = "piecewise function"
    linearity: ClassVar[Linearity] = "piecewise"
    functions: ClassVar[Mapping[str, tuple[str, int]]] = _PIECEWISE
    aten: ClassVar[tuple[str, ...]] = (*_PIECEWISE, "relu6", "hardtanh")
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("function", "choice", choices=tuple(_PIECEWISE), editable=False),
        SettingKind("operands", "nested", editable=False),
    )

    @property
    def zeroes(self) -> bool:
        """Not of `abs`, and of what puts another number than 0 in place of a range."""
        if self.function in ("clamp", "clamp_min", "clamp_max"):
            return 0 in self.operands
        if self.function == "threshold":
            return self.operands[1:] == (0,)
        return self.function in ("hardsigmoid", "hardshrink", "softshrink")


_SMOOTH: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "pow": ("torch.pow", 1),
        "exp": ("torch.exp", 0),
        "expm1": ("torch.expm1", 0),
        "log": ("torch.log", 0),
        "log1p": ("torch.log1p", 0),
        "sqrt": ("torch.sqrt", 0),
        "rsqrt": ("torch.rsqrt", 0),
        "square": ("torch.square", 0),
        "reciprocal": ("torch.reciprocal", 0),
        "sin": ("torch.sin", 0),
        "cos": ("torch.cos", 0),
        "erf": ("torch.erf", 0),
        "hardswish": ("F.hardswish", 0),
        "mish": ("F.mish", 0),
        "softplus": ("F.softplus", 2),
        "selu": ("F.selu", 0),
        "celu": ("F.celu", 1),
        "log_sigmoid": ("F.logsigmoid", 0),
    }
)


@register
@dataclass(frozen=True)
class SmoothFunction(_Function):
    """A curved function; `pow` has its exponent as operand, `softplus` β and its threshold."""

    function: str = "exp"

    key: ClassVar[str] = "smooth_function"
    title: ClassVar[str] = "function"
    linearity: ClassVar[Linearity] = "smooth"
    functions: ClassVar[Mapping[str, tuple[str, int]]] = _SMOOTH
    aten: ClassVar[tuple[str, ...]] = (
        *(name for name in _SMOOTH if name != "pow"),
        "pow.Tensor_Scalar",
    )
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("function", "choice", choices=tuple(_SMOOTH), editable=False),
        SettingKind("operands", "nested", editable=False),
    )

    @property
    def zeroes(self) -> bool:
        return self.function == "hardswish"
