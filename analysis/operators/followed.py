"""Calls of torch that have no family of their own, but of which it is known what each value reads.

Of such are comparisons and choices element by element, what is sorted, summed up, flipped or
reduced along axes. They run as they were recorded, and hold for every size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, get_args

from analysis.faults import Fault
from analysis.operators.contract import (
    SAME,
    CarriedAxes,
    ChannelUse,
    Cost,
    ListedTaps,
    SettingKind,
    Shape,
    Taps,
    UnknownTaps,
    WholeTaps,
    register,
)
from analysis.operators.given import own_shape
from analysis.operators.opaque import Argument, Opaque, overload
from analysis.operators.window import LONGEST_LIST

if TYPE_CHECKING:
    from torch import Tensor

Order = Literal["whole", "reduced", "before", "reversed", "joined", "spectrum"]
WHOLE = ("whole", "reduced", "spectrum")
"""The orders in which a value reads all that is on an axis."""
_STEPS = frozenset((
    *("eq", "ne", "lt", "le", "gt", "ge", "sign", "floor", "ceil", "round", "trunc"),
    *("isnan", "isinf", "isfinite", "logical_and", "logical_or", "logical_not", "logical_xor"),
    *("bitwise_and", "bitwise_or", "bitwise_not", "argmax", "argmin", "argsort", "any", "all"),
    *("where", "masked_fill", "to", "to_copy", "heaviside"),
))  # fmt: skip
"""Packets that pass no gradient on, or choose what they pass on: not all they read is surely seen.
"""
_PLACED = frozenset(("sort", "topk", "max", "min", "median", "cummax", "cummin"))
"""Packets whose second result says where the values of the first were, and passes no gradient."""
_CURVES = frozenset((
    *("maximum", "minimum", "fmax", "fmin", "atan", "asin", "acos", "tan", "sinh", "cosh"),
    *("asinh", "acosh", "atanh", "erfc", "erfinv", "exp2", "logit", "tanhshrink", "softsign"),
))  # fmt: skip
"""Packets that bend each value by itself, as an activation does."""
_CASTS = frozenset(("to", "to_copy", "type_as"))
"""Packets that give each value as it is, in another type."""
_JOINS = frozenset(("cat", "concat"))
_OF_NOTHING = frozenset(("zeros_like", "ones_like", "full_like"))


@register
@dataclass(frozen=True)
class FollowedCall(Opaque):
    """Calls `target`, whose output is as large as its inputs are stretched to.

    Along `axes` (0 are the channels) a value reads the whole of its input, all `before` it, or the
    one in `reversed` order; a `reduced` axis has length 1 then; along a `joined` one the inputs
    stand one after the other. A `spectrum` reads the whole of its axes as well, and has the shape
    that was recorded. `length` is that of the one axis where the call says it.
    """

    axes: tuple[int, ...] = ()
    order: Order = "whole"
    length: int | None = None
    target: str = "aten.square.default"

    key: ClassVar[str] = "followed"
    title: ClassVar[str] = "other function"
    family: ClassVar[str] = "act"
    icon: ClassVar[str] = "function"
    settings: ClassVar[tuple[SettingKind, ...]] = (
        *Opaque.settings,
        SettingKind("axes", "nested", 0, editable=False),
        SettingKind("order", "choice", choices=get_args(Order), editable=False),
        SettingKind("length", "int", 1, optional=True, editable=False),
    )

    @property
    def name(self) -> str:
        """`where` of `aten.where.self`."""
        parts = overload(self.target)
        return parts[0].strip("_") if parts else self.target

    @property
    def cuts(self) -> bool:
        if self.name in _CASTS and any(map(_is_of_floats, self.template)):
            return False
        return self.name in _STEPS or (self.name in _PLACED and self.result == 1)

    @property
    def is_curve(self) -> bool:
        return self.name in _CURVES

    @property
    def moves(self) -> bool:
        """Whether values stand at other places, beside others or in another type, as they were."""
        return self.order in ("reversed", "joined") or self.name in _CASTS

    @property
    def channel_use(self) -> ChannelUse:
        if 0 not in self.axes:
            return "kept"
        return "mixed" if self.order in WHOLE else "selected"

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        fault = self.refused(inputs) or self._unsound()
        if fault is None and overload(self.target) is None:
            fault = Fault("operator-not-allowed", (self.target,))
        if fault is not None:
            return fault
        if self.order == "joined":
            return self._joined(inputs)
        if self.order == "spectrum":
            return super().shape(inputs)
        shape = _stretched([*inputs, *(own_shape(own) for _, own in self.weights)])
        if isinstance(shape, Fault) or not self.axes:
            return shape
        if max(self.axes) >= len(shape):
            return Fault("needs-spatial", (len(shape),))
        sizes = list(shape)
        for axis in self.axes:
            if self.order == "reduced":
                sizes[axis] = 1
            elif self.length is not None:
                if self.length > sizes[axis]:
                    return Fault("channels-out-of-range", (0, self.length, sizes[axis]))
                sizes[axis] = self.length
        return tuple(sizes)

    @classmethod
    def join(cls, axis: int, count: int) -> FollowedCall:
        """Puts `count` maps one after the other along an axis; 0 are the channels."""
        parts = tuple(("input", port) for port in range(count))
        template = (("list", parts), ("value", axis + 1))
        target = "aten.cat.default"
        return cls(
            target=target, template=template, ports_count=count, axes=(axis,), order="joined"
        )

    def _joined(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if self.name not in _JOINS:
            return Fault("bad-setting", ("order", self.order, "choice"))
        (at,) = self.axes if len(self.axes) == 1 else (0,)
        first = inputs[0] if inputs else ()
        if not 0 < at < len(first) or self.weights:
            return Fault("needs-spatial", (len(first),))
        for port, shape in enumerate(inputs):
            if len(shape) != len(first):
                return Fault("rank-differs", (f"input {port + 1}", len(shape) - 1, len(first) - 1))
            for axis, (size, other) in enumerate(zip(first, shape, strict=True)):
                if axis != at and size != other:
                    return Fault("join-sizes-differ", (axis - 1, size, other, port))
        return (*first[:at], sum(shape[at] for shape in inputs), *first[at + 1 :])

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        """As recorded; what is joined, and the same for all pictures, once for each of them."""
        if self.order == "joined":
            count = max(map(len, inputs))
            inputs = [each.expand(count, *each.shape[1:]) for each in inputs]
        return super().apply(inputs, tensors, training)

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        given = inputs[port]
        if self.order == "joined":
            return self._joined_taps(axis, port, inputs)
        at = axis + 1 - len(output) + len(given)
        if self.name in _OF_NOTHING or (self.name == "type_as" and port):
            return ListedTaps(((),) * output[axis + 1]) if len(output) > 1 else SAME
        if len(output) == 1:
            return SAME
        if at < 1 or (axis + 1 in self.axes and self.order in WHOLE):
            return WholeTaps()
        length = given[at]
        if axis + 1 in self.axes and self.order == "reversed":
            return ListedTaps(tuple((length - 1 - n,) for n in range(length)))
        if axis + 1 in self.axes:
            if length * length > 2 * LONGEST_LIST:
                return UnknownTaps()
            return ListedTaps(tuple(tuple(range(n + 1)) for n in range(length)))
        return SAME if length == output[axis + 1] else WholeTaps()

    def _joined_taps(self, axis: int, port: int, inputs: Sequence[Shape]) -> Taps:
        if axis + 1 not in self.axes:
            return SAME
        lengths = [shape[axis + 1] for shape in inputs]
        start = sum(lengths[:port])
        return ListedTaps(
            tuple(
                (n - start,) if start <= n < start + lengths[port] else ()
                for n in range(sum(lengths))
            )
        )

    def carried_axes(self, port: int, inputs: Sequence[Shape], output: Shape) -> CarriedAxes:
        """Of a tensor of fewer axes than the output, which `taps` do not follow, and of a join."""
        given = inputs[port]
        if self.order == "joined":
            return tuple(frozenset((at,)) for at in range(len(given)))
        if len(given) == len(output):
            return None
        more = len(output) - len(given)
        return tuple(
            frozenset((at + more,)) if length == output[at + more] else frozenset[int]()
            for at, length in enumerate(given)
        )

    def cost(self, inputs: Sequence[Shape], output: Shape) -> Cost:
        return Cost()


def _is_of_floats(argument: Argument) -> bool:
    """Whether an argument is a type of numbers that pass a gradient on."""
    kind, *rest = argument
    if kind == "keyword":
        return _is_of_floats(rest[1])
    return kind == "torch" and str(rest[0]).startswith(("float", "bfloat", "complex", "half"))


def _stretched(shapes: Sequence[Shape]) -> Shape | Fault:
    """The common shape, counted from the last axis, where an axis of length 1 is stretched."""
    rank = max(map(len, shapes), default=0)
    result = [1] * rank
    for port, shape in enumerate(shapes):
        for at, size in enumerate(shape, start=rank - len(shape)):
            if size not in (1, result[at]) and result[at] != 1:
                return Fault("join-sizes-differ", (at - 1, result[at], size, port))
            result[at] = max(result[at], size) if size else 0
    return tuple(result)
