"""Sets of indices of one axis (an interval, or bits), and the indices that a set reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from analysis.operators.contract import (
    Border,
    ListedTaps,
    Operator,
    PeriodicTaps,
    Shape,
    Taps,
    UnknownTaps,
)
from analysis.receptive_field.borders import resolve
from analysis.receptive_field.taps import reading


class AxisSet(NamedTuple):
    """Indices in [start, stop): all of them when `bits` is 0, else start + k for each set bit k.

    Kept in one form: the first and the last index belong to the set, and `bits` is 0 when
    nothing is missing between, so that equal sets are equal tuples.
    """

    start: int
    stop: int
    bits: int = 0

    @property
    def size(self) -> int:
        return self.bits.bit_count() if self.bits else self.stop - self.start

    @property
    def indices(self) -> tuple[int, ...]:
        return tuple(self.members())

    def members(self) -> Iterator[int]:
        """The indices in ascending order."""
        if not self.bits:
            yield from range(self.start, self.stop)
        bits = self.bits
        while bits:
            lowest = bits & -bits
            yield self.start + lowest.bit_length() - 1
            bits ^= lowest

    def full_bits(self) -> int:
        """The bits, written out for an interval too."""
        return self.bits or (1 << (self.stop - self.start)) - 1


def from_bits(bits: int, origin: int) -> AxisSet | None:
    """The set of origin + k for every set bit k; None when there is none."""
    if not bits:
        return None
    shift = (bits & -bits).bit_length() - 1
    bits >>= shift
    length = bits.bit_length()
    start = origin + shift
    return AxisSet(start, start + length, 0 if bits == (1 << length) - 1 else bits)


def contains(outer: AxisSet, inner: AxisSet) -> bool:
    """Whether every index of `inner` is in `outer`."""
    if inner.start < outer.start or inner.stop > outer.stop:
        return False
    if not outer.bits:
        return True
    return not (inner.full_bits() << (inner.start - outer.start)) & ~outer.bits


def union(one: AxisSet, other: AxisSet) -> AxisSet:
    """Every index of either."""
    start, stop = min(one.start, other.start), max(one.stop, other.stop)
    if not (one.bits or other.bits) and max(one.start, other.start) <= min(one.stop, other.stop):
        return AxisSet(start, stop)
    bits = one.full_bits() << (one.start - start) | other.full_bits() << (other.start - start)
    made = from_bits(bits, start)
    assert made is not None
    return made


def intersection(one: AxisSet, other: AxisSet) -> AxisSet | None:
    """Every index of both, or None."""
    start, stop = max(one.start, other.start), min(one.stop, other.stop)
    if start >= stop:
        return None
    if not (one.bits or other.bits):
        return AxisSet(start, stop)
    kept = one.full_bits() >> (start - one.start) & other.full_bits() >> (start - other.start)
    return from_bits(kept & (1 << (stop - start)) - 1, start)


@dataclass(frozen=True, slots=True, eq=False)
class AxisReader:
    """Taps of one axis made ready: which input indices does a set of output indices read?

    `patterns` are the taps of each phase as bits above `base`. `dense` says that intervals are
    read as intervals whose ends are those of their end units (`firsts`, `lasts` by phase).
    """

    size: int
    period: int
    advance: int
    base: int
    patterns: tuple[int, ...]
    border: Border
    dense: bool
    firsts: tuple[int, ...]
    lasts: tuple[int, ...]

    def read(self, units: AxisSet) -> AxisSet | None:
        """The indices that `units` read, inside the map; None for none."""
        if self.dense and not units.bits:
            turn, phase = divmod(units.start, self.period)
            start = turn * self.advance + self.firsts[phase]
            turn, phase = divmod(units.stop - 1, self.period)
            stop = turn * self.advance + self.lasts[phase]
            if start >= 0 and stop <= self.size:
                return AxisSet(start, stop)
            if self.border == "drop":
                start, stop = max(start, 0), min(stop, self.size)
                return AxisSet(start, stop) if start < stop else None
            if self.border == "clamp":
                last = self.size - 1
                return AxisSet(min(max(start, 0), last), max(min(stop, self.size), 1))
        return self._fold(*self._spread(units))

    def _spread(self, units: AxisSet) -> tuple[int, int]:
        """Bits and origin of what is read, not yet brought inside the map."""
        if self.period == 1 and self.advance == 1:
            return _product(units.full_bits(), self.patterns[0]), units.start + self.base
        first = units.start // self.period
        bits = 0
        for unit in units.members():
            turn, phase = divmod(unit, self.period)
            bits |= self.patterns[phase] << (turn - first) * self.advance
        return bits, first * self.advance + self.base

    def _fold(self, bits: int, origin: int) -> AxisSet | None:
        outside: list[int] = []
        if origin < 0:
            outside += [origin + k for k in _members(bits & (1 << -origin) - 1)]
            bits, origin = bits >> -origin, 0
        room = max(self.size - origin, 0)
        if bits >> room:
            outside += [origin + room + k for k in _members(bits >> room)]
            bits &= (1 << room) - 1
        bits <<= origin
        if outside and self.border != "drop":
            for index in resolve(np.array(outside), self.size, self.border).tolist():
                bits |= 1 << index
        return from_bits(bits, 0)


def _product(one: int, other: int) -> int:
    """Bits of every sum of a member of `one` and a member of `other`."""
    if one.bit_count() < other.bit_count():
        one, other = other, one
    bits = 0
    for shift in _members(other):
        bits |= one << shift
    return bits


def _members(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def _pattern(row: Sequence[int], base: int) -> int:
    bits = 0
    for index in row:
        bits |= 1 << (index - base)
    return bits


@lru_cache(maxsize=16384)
def reader(taps: Taps, size: int) -> AxisReader:
    """`taps` on an input axis of `size` made ready. Unknown taps have no reader (TypeError)."""
    if isinstance(taps, PeriodicTaps):
        return _periodic(taps.offsets, taps.period, taps.advance, taps.border, size)
    if isinstance(taps, ListedTaps):
        # A list is one long period: unit i never leaves the first turn.
        return _periodic(taps.rows, max(len(taps.rows), 1), 0, "drop", size)
    raise TypeError(type(taps).__name__)


def _periodic(
    rows: tuple[tuple[int, ...], ...], period: int, advance: int, border: Border, size: int
) -> AxisReader:
    base = min((min(row) for row in rows if row), default=0)
    patterns = tuple(_pattern(row, base) for row in rows)
    firsts = tuple(min(row, default=0) for row in rows)
    lasts = tuple(max(row, default=-1) + 1 for row in rows)
    dense = all(
        row and last - first == len(set(row))
        for row, first, last in zip(rows, firsts, lasts, strict=True)
    )
    # The last unit of a turn is followed by the first of the next; a list has no next turn.
    followers = [(i, i + 1, 0) for i in range(period - 1)]
    if advance or period == 1:
        followers.append((period - 1, 0, advance))
    dense = dense and all(
        firsts[a] <= firsts[b] + step <= lasts[a] <= lasts[b] + step for a, b, step in followers
    )
    return AxisReader(size, period, advance, base, patterns, border, dense, firsts, lasts)


PortReaders = tuple[AxisReader | None, ...]
"""For each axis its reader; None reads the whole axis."""


@lru_cache(maxsize=16384)
def port_readers(
    operator: Operator, port: int, inputs: tuple[Shape, ...], output: Shape, strict: bool
) -> PortReaders | str:
    """Readers of a port, or "nothing", "whole" or "unknown" (see `taps.reading`)."""
    how = reading(operator, port, inputs, output, strict)
    if how is None:
        return "nothing"
    if not isinstance(how, tuple):
        return "unknown" if isinstance(how, UnknownTaps) else "whole"
    return tuple(
        reader(taps, size) if isinstance(taps, PeriodicTaps | ListedTaps) else None
        for taps, size in zip(how, inputs[port][1:], strict=True)
    )
