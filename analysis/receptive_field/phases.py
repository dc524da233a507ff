"""Receptive fields that need no image size: extent and offset of every phase of every axis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import gcd, lcm

from analysis.operators.contract import PeriodicTaps

LONGEST_PERIOD = 4096
"""Longer periods are given up: tables for the size at hand answer instead."""


@dataclass(frozen=True, slots=True)
class AxisPhases:
    """Unit q·period + r sees [q·advance + offsets[r], q·advance + offsets[r] + extents[r]).

    In input pixels, not clipped to the image. An extent of 0 has offset None.
    """

    period: int
    advance: int
    extents: tuple[int, ...]
    offsets: tuple[int | None, ...]

    @property
    def jump(self) -> float:
        """Input pixels from one unit to the next, on average over a period."""
        return self.advance / self.period

    @property
    def blind(self) -> bool:
        """Whether no unit sees any input."""
        return not any(self.extents)

    def span(self, index: int) -> tuple[int, int] | None:
        """The half-open range that unit `index` sees, or None."""
        turn, phase = divmod(index, self.period)
        offset = self.offsets[phase]
        if offset is None:
            return None
        start = turn * self.advance + offset
        return start, start + self.extents[phase]

    def reach(self) -> Iterator[tuple[int, int, int]]:
        """(unit, first, end) of each unit of the first period that sees anything."""
        for unit, (offset, extent) in enumerate(zip(self.offsets, self.extents, strict=True)):
            if offset is not None:
                yield unit, offset, offset + extent


ITSELF = AxisPhases(1, 1, (1,), (0,))
NOTHING = AxisPhases(1, 1, (0,), (None,))


@lru_cache(maxsize=8192)
def compose(taps: PeriodicTaps, seen: AxisPhases) -> AxisPhases | None:
    """What a layer sees that reads, with `taps`, a layer that sees `seen`.

    A stride divides the period by the common divisor, an up-sampling multiplies it. None when
    the period grows past LONGEST_PERIOD.
    """
    turns = seen.period // gcd(taps.advance, seen.period)
    period = turns * taps.period
    if period > LONGEST_PERIOD:
        return None
    spans = [
        _hull(seen, turn * taps.advance, offsets)
        for turn in range(turns)
        for offsets in taps.offsets
    ]
    return _reduced(period, turns * taps.advance * seen.advance // seen.period, spans)


@lru_cache(maxsize=8192)
def join(parts: tuple[AxisPhases, ...]) -> AxisPhases | None:
    """The hull of several views of the input, unit by unit.

    None when their jumps differ (no period fits all) or the period grows too long.
    """
    first = parts[0]
    if len(set(parts)) == 1:
        return first
    if any(part.advance * first.period != first.advance * part.period for part in parts):
        return None
    period = lcm(*(part.period for part in parts))
    if period > LONGEST_PERIOD:
        return None
    spans = [_union([part.span(unit) for part in parts]) for unit in range(period)]
    return _reduced(period, period * first.advance // first.period, spans)


_Span = tuple[int, int] | None


def _hull(seen: AxisPhases, base: int, offsets: tuple[int, ...]) -> _Span:
    period, advance = seen.period, seen.advance
    starts, extents = seen.offsets, seen.extents
    low: int | None = None
    high = 0
    for offset in offsets:
        turn, phase = divmod(base + offset, period)
        start = starts[phase]
        if start is None:
            continue
        start += turn * advance
        end = start + extents[phase]
        if low is None:
            low, high = start, end
        else:
            low, high = min(low, start), max(high, end)
    return None if low is None else (low, high)


def _union(spans: Sequence[_Span]) -> _Span:
    seen = [span for span in spans if span is not None]
    if not seen:
        return None
    return min(low for low, _ in seen), max(high for _, high in seen)


def _reduced(period: int, advance: int, spans: list[_Span]) -> AxisPhases:
    """The same with the shortest period there is."""
    for divisor in range(2, period + 1):
        while period % divisor == 0 and advance % divisor == 0:
            if not _repeats(period // divisor, advance // divisor, spans):
                break
            period, advance = period // divisor, advance // divisor
            del spans[period:]
    extents = tuple(0 if span is None else span[1] - span[0] for span in spans)
    return AxisPhases(period, advance, extents, tuple(span and span[0] for span in spans))


def _repeats(period: int, advance: int, spans: list[_Span]) -> bool:
    for before, after in zip(spans, spans[period:], strict=False):
        if before is None or after is None:
            if before is not after:
                return False
        elif before[0] + advance != after[0] or before[1] + advance != after[1]:
            return False
    return True
