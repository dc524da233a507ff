"""The operators that bring data in (input) and name the result (output)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from analysis.faults import Fault
from analysis.operators.contract import BackwardReads, Operator, SettingKind, Shape, register
from analysis.operators.window import DIMENSIONS, MOST_CHANNELS, WIDEST

if TYPE_CHECKING:
    from torch import Tensor


@register
@dataclass(frozen=True)
class Input(Operator):
    """A picture of `channels` × `size`; an empty size is a vector of `channels` features.

    `multiples` divide its sides where what is behind parts the map, such as in windows, or takes
    no others, once `rests` are taken off them; without any it takes all sizes. `read_at` is the
    one size that an opened model's operators hold for.
    """

    channels: int = 3
    size: tuple[int, ...] = (256, 256)
    multiples: tuple[int, ...] = ()
    read_at: tuple[int, ...] = ()
    rests: tuple[int, ...] = ()

    key: ClassVar[str] = "input"
    title: ClassVar[str] = "input"
    backward_reads: ClassVar[BackwardReads] = "nothing"
    family: ClassVar[str] = "end"
    icon: ClassVar[str] = "input"
    ports: ClassVar[int | None] = 0
    pointwise: ClassVar[bool] = True
    settings: ClassVar[tuple[SettingKind, ...]] = (
        SettingKind("channels", "int", 1, MOST_CHANNELS),
        SettingKind("size", "axes", 1),
        SettingKind("multiples", "axes", 1, WIDEST, editable=False, rare=True),
        SettingKind("read_at", "axes", 1, editable=False, rare=True),
        SettingKind("rests", "axes", 0, editable=False, rare=True),
    )

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if fault := self.refused(inputs):
            return fault
        if len(self.size) > len(DIMENSIONS):
            return Fault("too-many-axes", (len(self.size), len(DIMENSIONS)))
        if self.read_at and self.size != self.read_at:
            seen = (self.channels, *self.read_at)
            return Fault("opaque-shape", (self.key, 0, (self.channels, *self.size), seen))
        return self._off_multiple() or (self.channels, *self.size)

    def __repr__(self) -> str:
        """Without `rests` where there are none, as hashes of stored studies were made of it."""
        told = f"channels={self.channels!r}, size={self.size!r}, multiples={self.multiples!r}"
        rests = f", rests={self.rests!r}" if self.rests else ""
        return f"{type(self).__name__}({told}, read_at={self.read_at!r}{rests})"

    def _off_multiple(self) -> Fault | None:
        """The first side that is no multiple, with the rest that it may have, as a fault."""
        rests = self.rests or (0,) * len(self.multiples)
        sides = zip(self.size, self.multiples, rests, strict=False)
        for axis, (length, multiple, rest) in enumerate(sides):
            if (length - rest) % multiple:
                times = max(round((length - rest) / multiple), 0 if rest else 1)
                nearest = times * multiple + rest
                if rest:
                    return Fault("size-off-rest", (axis, length, multiple, rest, nearest))
                return Fault("size-not-multiple", (axis, length, multiple, nearest))
        return None

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        """The image (N, C, *spatial) itself, which the interpreter passes as the one input."""
        return inputs[0]

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return "nn.Identity()"


@register
@dataclass(frozen=True)
class Output(Operator):
    """Names a node as the network's answer; an alias of its input.

    `name` is what an opened model calls it: a key, a field or an index.
    """

    name: str = ""

    key: ClassVar[str] = "output"
    title: ClassVar[str] = "output"
    backward_reads: ClassVar[BackwardReads] = "nothing"
    family: ClassVar[str] = "end"
    icon: ClassVar[str] = "output"
    pointwise: ClassVar[bool] = True
    settings: ClassVar[tuple[SettingKind, ...]] = (SettingKind("name", "text", editable=False),)

    def apply(
        self, inputs: Sequence[Tensor], tensors: Mapping[str, Tensor], training: bool = False
    ) -> Tensor:
        return inputs[0]

    def torch_line(self, inputs: Sequence[Shape]) -> str:
        return "nn.Identity()"
