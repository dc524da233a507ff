"""Computes the margins and alignment with which tiled prediction equals the whole image's."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from analysis.receptive_field.field import Field
from analysis.receptive_field.phases import AxisPhases


@dataclass(frozen=True, slots=True)
class Tiling:
    """For each axis, in input pixels.

    Tiles start at and measure multiples of `multiple`, so that phases agree. `margin` is how
    far a unit sees past its own pixels on its worse side: discard it at each inner tile edge,
    so that neighbours overlap by `overlap`. The aligned ones are the least that keep tiles on
    the grid of `multiple`.
    """

    multiple: tuple[int, ...]
    margin: tuple[int, ...]
    overlap: tuple[int, ...]

    @property
    def aligned_margin(self) -> tuple[int, ...]:
        pairs = zip(self.margin, self.multiple, strict=True)
        return tuple(-(-margin // multiple) * multiple for margin, multiple in pairs)

    @property
    def aligned_overlap(self) -> tuple[int, ...]:
        return tuple(2 * margin for margin in self.aligned_margin)


def tiling(field: Field) -> Tiling | None:
    """Advice for the layer with this field; None where no period exists or all is read."""
    if not field.axes or any(axis.advance == 0 for axis in field.axes):
        return None
    margin = tuple(_margin(axis) for axis in field.axes)
    return Tiling(tuple(axis.advance for axis in field.axes), margin, tuple(2 * m for m in margin))


def _margin(axis: AxisPhases) -> int:
    """The largest distance from a unit's own stretch of the input to an end of its field."""
    jump = axis.jump
    past = [max(unit * jump - low, high - (unit + 1) * jump) for unit, low, high in axis.reach()]
    return max(0, ceil(max(past, default=0.0)))
