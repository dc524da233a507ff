"""Runs a torch module as its positive linear twin, and keeps what each of its calls was given.

Maxima are means, activations and normalisations pass on, gates are open, attention looks at all
alike, and every weighted layer is the mean of what it reads. An answer then changes with a pixel
exactly where a path connects them, and the answer to a ramp over that to ones is a place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode

PASSED = frozenset(
    (
        *("relu", "relu_", "relu6", "leaky_relu", "leaky_relu_", "prelu", "gelu", "silu", "silu_"),
        *("mish", "hardswish", "elu", "elu_", "selu", "softplus", "tanh", "threshold", "clamp"),
        *("dropout", "dropout_", "dropout2d", "dropout3d", "alpha_dropout", "clamp_"),
        *("batch_norm", "instance_norm", "group_norm", "layer_norm", "rms_norm"),
    )
)
GATES = frozenset(["sigmoid", "sigmoid_", "hardsigmoid"])
SUMS = frozenset(["add", "add_", "__add__", "__iadd__", "__radd__"])
PRODUCTS = frozenset(["mul", "mul_", "__mul__", "__imul__", "__rmul__"])


@dataclass
class Call:
    """One call of the forward: its name, the maps it was given, its settings, its answer."""

    name: str
    maps: tuple[Tensor, ...]
    settings: dict[str, Any] = field(default_factory=dict)
    answer: Tensor | None = None


class Twin(TorchFunctionMode):
    """While it is entered, calls answer as the twin's.

    `border` is what is padded with. `chosen`, of the maps that a join is given, names the one as
    which what stands behind is said to lie, the others being left out; None leaves all. `kept`
    makes of each map what is held of it. `put` are answers that take the place of calls' own.
    """

    def __init__(
        self,
        border: float = 0.0,
        chosen: Callable[[Sequence[Tensor]], int | None] | None = None,
        kept: Callable[[Tensor], Tensor] = lambda value: value,
        put: Mapping[int, Tensor] | None = None,
    ) -> None:
        super().__init__()
        self._put = put or {}
        self.calls: list[Call] = []
        self._keep = kept
        self._border, self._chosen = border, chosen
        self._gates: list[Tensor] = []

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        name, kwargs = getattr(func, "__name__", ""), kwargs or {}
        if name in PASSED and args and isinstance(args[0], Tensor):
            return self._kept(name, args[0], args[0])
        if name in GATES:
            gate = args[0].clone()
            self._gates.append(gate)
            return gate
        if name in ("softmax", "log_softmax"):
            axis = args[1] if len(args) > 1 else kwargs.get("dim", -1)
            return torch.ones_like(args[0]) / args[0].shape[axis if axis is not None else 1]
        if name == "scaled_dot_product_attention":
            return args[2].mean(-2, keepdim=True).expand(*args[0].shape[:-1], args[2].shape[-1])
        if name.startswith("conv_transpose"):
            return self._transposed(func, name, args, kwargs)
        if name in ("conv1d", "conv2d", "conv3d"):
            return self._convolved(func, name, args, kwargs)
        if name == "linear":
            answer = args[0].mean(-1, keepdim=True).expand(*args[0].shape[:-1], len(args[1]))
            return self._kept(name, args[0], answer)
        if name.startswith(("max_pool", "_max_pool")):
            return self._pooled(name, args, kwargs)
        if name.startswith("adaptive_max_pool"):
            return getattr(functional, name.replace("max", "avg"))(args[0], args[1])
        if name == "pad" and self._border and (args[2:3] or ("constant",))[0] == "constant":
            return functional.pad(args[0], args[1], value=self._border)
        return self._met(func, name, args, kwargs)

    def _met(self, func: Any, name: str, args: Any, kwargs: Any) -> Any:
        """Calls that bring maps together, or part one."""
        if name in PRODUCTS and all(isinstance(each, Tensor) for each in args[:2]):
            return self._gated(*args[:2])
        if name in ("cat", "concat", "concatenate"):
            return self._joined("cat", args[0], lambda maps: func(maps, *args[1:], **kwargs))
        if name in ("chunk", "split"):
            parts = func(*args, **kwargs)
            self.calls += [Call("slice", (), {}, self._keep(part)) for part in parts]
            return parts
        if name == "stack" and args[0][0].ndim > 2:
            return self._joined("cat", args[0], torch.stack)
        maps = args[:2]
        if name in SUMS and all(isinstance(m, Tensor) and m.ndim > 2 for m in maps):
            return self._joined("add", maps, lambda given: given[0] + given[1])
        return func(*args, **kwargs)

    def _gated(self, one: Tensor, other: Tensor) -> Tensor:
        """Of a map and a gate the map; two maps are joined, as their sum."""
        gates = [any(each is gate for gate in self._gates) for each in (one, other)]
        if any(gates) or one.ndim < 3 or one.shape[2:] != other.shape[2:]:
            larger = one if one.numel() > other.numel() else other
            alike = one.numel() == other.numel()
            return ((other if gates[0] else one) if alike else larger).clone()
        return self._joined("mul", (one, other), lambda given: given[0] + given[1])

    def _kept(self, name: str, given: Tensor, answer: Tensor, **settings: Any) -> Tensor:
        answer = self._put.get(len(self.calls), answer)
        self.calls.append(Call(name, (self._keep(given),), settings, self._keep(answer)))
        return answer

    def _joined(self, name: str, maps: Sequence[Tensor], join: Callable[[Any], Any]) -> Tensor:
        call, place = Call(name, tuple(map(self._keep, maps))), len(self.calls)
        self.calls.append(call)
        same = len({m.shape[2:] for m in maps}) == 1 and len({m.shape[0] for m in maps}) == 1
        if self._chosen is not None and len(maps) > 1 and same:
            keep = self._chosen(maps)
            maps = [m if keep in (None, at) else torch.zeros_like(m) for at, m in enumerate(maps)]
        joined = self._put.get(place, join(maps))
        call.answer = self._keep(joined if joined.ndim == maps[0].ndim else torch.cat(maps, 1))
        return joined

    def _convolved(self, func: Any, name: str, args: Any, kwargs: Any) -> Tensor:
        names = ("input", "weight", "bias", "stride", "padding", "dilation", "groups")
        s = dict(zip(names, args, strict=False)) | kwargs
        given, weight = s["input"], s["weight"]
        axes = weight.ndim - 2
        stride, dilation = _each(s.get("stride", 1), axes), _each(s.get("dilation", 1), axes)
        padding = s.get("padding", 0)
        if padding == "same":
            total = [d * (k - 1) for d, k in zip(dilation, weight.shape[2:], strict=True)]
            pairs = [(each // 2, each - each // 2) for each in total]
        else:
            pairs = [(p, p) for p in _each(0 if padding == "valid" else padding, axes)]
        around = [length for pair in reversed(pairs) for length in pair]
        mean = torch.full_like(weight.detach(), weight.shape[0] / weight.numel())
        value = functional.pad(given, around, value=self._border)
        answer = func(value, mean, None, stride, 0, dilation, s.get("groups", 1))
        return self._kept("conv", given, answer, kernel=tuple(weight.shape[2:]), stride=stride,
                          pairs=pairs, dilation=dilation, weight=weight)  # fmt: skip

    def _transposed(self, func: Any, name: str, args: Any, kwargs: Any) -> Tensor:
        names = ("input", "weight", "bias", "stride", "padding", "output_padding", "groups",
                 "dilation")  # fmt: skip
        s = dict(zip(names, args, strict=False)) | kwargs
        mean = torch.full_like(s["weight"].detach(), 1 / s["weight"].shape[0])
        rest = [s.get(key, default) for key, default in
                (("stride", 1), ("padding", 0), ("output_padding", 0), ("groups", 1),
                 ("dilation", 1))]  # fmt: skip
        answer = func(s["input"], mean, None, *rest)
        return self._kept("transposed", s["input"], answer, weight=s["weight"], func=func,
                          rest=rest)  # fmt: skip

    def _pooled(self, name: str, args: Any, kwargs: Any) -> Any:
        names = ("input", "kernel_size", "stride", "padding", "dilation", "ceil_mode")
        s = dict(zip(names, args, strict=False)) | kwargs
        given, axes = s["input"], s["input"].ndim - 2
        kernel = _each(s["kernel_size"], axes)
        stride = _each(s.get("stride") or kernel, axes)
        padding = _each(s.get("padding", 0), axes)
        around = [p for each in reversed(padding) for p in (each, each)]
        value = functional.pad(given, around, value=self._border)
        pool = getattr(functional, f"avg_pool{axes}d")
        answer = pool(value, kernel, stride, 0, bool(s.get("ceil_mode", False)))
        return self._kept("pool", given, answer, kernel=kernel, stride=stride,
                          pairs=[(p, p) for p in padding])  # fmt: skip


def _each(value: Any, axes: int) -> tuple[int, ...]:
    return tuple(value) if isinstance(value, Sequence) else (value,) * axes
