"""Inverts the taps of one axis: finds which output indices read a set of input indices."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from analysis.operators.contract import ListedTaps, PeriodicTaps
from analysis.receptive_field.axis_set import AxisReader, AxisSet, from_bits, reader
from analysis.receptive_field.borders import rows_read
from analysis.receptive_field.unit_set import Mask


@dataclass(frozen=True, slots=True, eq=False)
class AxisListener:
    """Taps of one axis between `size` inputs and `length` outputs, or None for reading all."""

    taps: PeriodicTaps | ListedTaps | None
    reader: AxisReader | None
    size: int
    length: int

    def reach(self, pixels: AxisSet) -> AxisSet | None:
        """The outputs that read any of `pixels`; None for none."""
        if self.reader is None:
            return AxisSet(0, self.length)
        # Interpolation and replicated edges read the last index for every one past it.
        clamps = self.reader.border == "clamp"
        if self._monotone and not pixels.bits and (clamps or self.reader.border == "drop"):
            first = 0 if clamps and pixels.start == 0 else self._first_past(pixels.start)
            end = self.length
            if not (clamps and pixels.stop == self.size):
                end = min(self._first_from(pixels.stop), self.length)
            first = max(first, 0)
            return AxisSet(first, end) if first < end else None
        seen = np.zeros(self.size, dtype=np.bool_)
        seen[list(pixels.indices)] = True
        return as_set(self.reach_mask(seen))

    @property
    def _monotone(self) -> bool:
        """Whether both ends of what a unit reads grow with the unit, without gaps."""
        reader = self.reader
        assert reader is not None
        return reader.dense and (reader.advance > 0 or isinstance(self.taps, ListedTaps))

    def reach_mask(self, seen: Mask) -> Mask:
        """The same along the first axis of a mask: (size, …) becomes (length, …)."""
        if self.taps is None:
            return np.repeat(seen.any(axis=0, keepdims=True), self.length, axis=0)
        # The row added at the end is what an index of -1, no tap, finds.
        padded = np.concatenate([seen, np.zeros_like(seen[:1])])
        rows = rows_read(self.taps, self.size, self.length)
        found: Mask = np.logical_or.reduce(padded[rows], axis=1)
        return found

    def _first_past(self, start: int) -> int:
        """The first unit whose last tap is not before `start`: `lasts` grow with the unit."""
        reader = self.reader
        assert reader is not None
        if not reader.advance:
            return bisect_right(reader.lasts, start)
        return min(
            ((start - last) // reader.advance + 1) * reader.period + phase
            for phase, last in enumerate(reader.lasts)
        )

    def _first_from(self, stop: int) -> int:
        """The first unit that reads nothing before `stop`: `firsts` grow with the unit."""
        reader = self.reader
        assert reader is not None
        if not reader.advance:
            return bisect_left(reader.firsts, stop)
        return min(
            -((first - stop) // reader.advance) * reader.period + phase
            for phase, first in enumerate(reader.firsts)
        )


@lru_cache(maxsize=16384)
def listener(taps: PeriodicTaps | ListedTaps | None, size: int, length: int) -> AxisListener:
    """`taps` turned round for these lengths; None for taps that read the whole axis."""
    return AxisListener(taps, None if taps is None else reader(taps, size), size, length)


def as_set(mask: Mask) -> AxisSet | None:
    """A mask (length,) of one axis as a set; None for an empty one."""
    packed = np.packbits(mask, bitorder="little").tobytes()
    return from_bits(int.from_bytes(packed, "little"), 0)
