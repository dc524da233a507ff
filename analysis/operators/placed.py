"""Calls of torch that put values elsewhere, of which it is known from where each one comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from analysis.faults import Fault
from analysis.operators.contract import (
    SAME,
    BackwardReads,
    ChannelUse,
    Cost,
    ListedTaps,
    SettingKind,
    Shape,
    Taps,
    WholeTaps,
    register,
)
from analysis.operators.opaque import Opaque, overload

Rows = Literal["own", "whole"] | tuple[tuple[int, ...], ...]
"""Which rows of an input the indices of an axis read: its own, all of them, or those listed."""
_OF_CHANNELS = frozenset(("index", "index_select", "roll", "repeat", "tile"))
"""Packets that hold for every size where they treat channels alone."""


@register
@dataclass(frozen=True)
class PlacedCall(Opaque):
    """Calls `target`, of which a unit reads at most the rows in `reads`, axis by axis.

    It reads exactly these unless `bounded`, as where a unit does not read all of its rows by all of
    its columns, or where numbers that are computed say what is read. `every_channel` says that it
    reads all channels there. Other inputs than the first say what is read.
    """

    reads: tuple[Rows, ...] = ("own", "own")
    bounded: bool = False
    every_channel: bool = False
    target: str = "aten.index_select.default"

    key: ClassVar[str] = "placed"
    title: ClassVar[str] = "other function"
    family: ClassVar[str] = "reshape"
    icon: ClassVar[str] = "reshape"
    backward_reads: ClassVar[BackwardReads] = "nothing"
    bound: ClassVar[str] = "rows-bounded"
    linearity: ClassVar[Literal["linear", "piecewise", "frozen", "smooth"]] = "smooth"
    settings: ClassVar[tuple[SettingKind, ...]] = (
        *Opaque.settings,
        SettingKind("reads", "nested", 0, editable=False),
        SettingKind("bounded", "bool", editable=False),
        SettingKind("every_channel", "bool", editable=False),
    )

    @property
    def name(self) -> str:
        """`rot90` of `aten.rot90.default`."""
        parts = overload(self.target)
        return parts[0].strip("_") if parts else self.target

    @property
    def channel_use(self) -> ChannelUse:
        return "kept" if self.every_channel and not self.bounded else "selected"

    @property
    def is_of_channels(self) -> bool:
        """Whether it treats channels alone, so that it holds for every size."""
        own = all(rows == "own" for rows in self.reads)
        lists = all(len(shape) < 2 for _, shape in self.weights)
        return own and lists and not self.bounded and self.name in _OF_CHANNELS

    def shape(self, inputs: Sequence[Shape]) -> Shape | Fault:
        if self.is_of_channels and not self.refused(inputs) and self.expects:
            (given,), (seen,) = inputs[:1], self.expects[:1]
            if given[0] == seen[0] and len(given) == len(seen) > 1:
                found = super().shape([seen, *inputs[1:]])
                return found if isinstance(found, Fault) else (found[0], *given[1:])
        found = super().shape(inputs)
        if isinstance(found, Fault) or self._are_sound(inputs[0], found):
            return found
        return Fault("bad-setting", ("reads", repr(self.reads)[:80], "nested"))

    def _are_sound(self, given: Shape, output: Shape) -> bool:
        """Whether there are rows for every index of the output, all of them rows of the input."""
        if len(self.reads) != len(output) - 1:
            return False
        if len(given) != len(output):
            return all(rows == "whole" for rows in self.reads)
        axes = zip(self.reads, given[1:], output[1:], strict=True)
        return all(_is_sound(rows, size, length) for rows, size, length in axes)

    @property
    def cuts(self) -> bool:
        return self.bounded

    def taps(self, axis: int, port: int, inputs: Sequence[Shape], output: Shape) -> Taps:
        if len(output) == 1:
            return WholeTaps()
        rows = self.reads[axis]
        if rows == "own":
            given = inputs[port]
            alike = len(given) == len(output) and given[axis + 1] == output[axis + 1]
            return SAME if alike else WholeTaps()
        return WholeTaps() if port or rows == "whole" else ListedTaps(rows)

    def cost(self, inputs: Sequence[Shape], output: Shape) -> Cost:
        return Cost()


def _is_sound(rows: object, size: int, length: int) -> bool:
    match rows:
        case "own":
            return size == length
        case "whole":
            return True
        case tuple():
            listed = all(isinstance(row, tuple) for row in rows)
            indices = [index for row in rows for index in row] if listed else [-1]
            fit = all(type(index) is int and 0 <= index < size for index in indices)
            return len(rows) == length and fit
    return False
