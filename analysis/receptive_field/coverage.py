"""Compares a layer's receptive field with the image: how much fits, and what is cut off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from analysis.operators.contract import Shape
from analysis.receptive_field.field import Field
from analysis.receptive_field.tables import LayerTable


@dataclass(frozen=True, slots=True)
class Coverage:
    """The field of one layer on an image of `size`, axis by axis.

    `extents` is the largest field before the image cuts it. `most` is the longest stretch that a
    unit really sees and `least` the shortest, 0 where a unit sees nothing; `corner` is what the
    first unit sees, [low, high) each axis, None where it sees nothing. `least` and `corner` are
    None where no table was given.
    """

    size: tuple[int, ...]
    extents: tuple[int, ...]
    most: tuple[int, ...]
    least: tuple[int, ...] | None = None
    corner: tuple[tuple[int, int], ...] | None = None

    @property
    def past(self) -> tuple[bool, ...]:
        """Per axis: whether the field is longer than the image, and so always cut."""
        pairs = zip(self.extents, self.size, strict=True)
        return tuple(extent > length for extent, length in pairs)

    @property
    def share(self) -> float:
        """The largest part of the image's area that a unit's box covers, 0 to 1."""
        return prod(self.most) / prod(self.size)

    @property
    def least_share(self) -> float | None:
        """The smallest part that a unit's box covers; None without a table."""
        return None if self.least is None else prod(self.least) / prod(self.size)


def coverage(field: Field, size: Shape, table: LayerTable | None = None) -> Coverage | None:
    """`field` against an image of this spatial size (without channels).

    With the layer's table the numbers are those of its units, cut at every layer; without it the
    longest stretch is the field's, cut to the image. None where nothing is known of the field or
    the image has other axes.
    """
    extents = field.extent_max
    if extents is None or len(extents) != len(size) or not size:
        return None
    if table is None or len(table.axes) != len(size):
        most = tuple(min(pair) for pair in zip(extents, size, strict=True))
        return Coverage(size, extents, most)
    seen = [axis.hi - axis.lo for axis in table.axes]
    lows = tuple(int(axis.lo[0]) for axis in table.axes)
    highs = tuple(int(axis.hi[0]) for axis in table.axes)
    return Coverage(
        size,
        extents,
        tuple(int(axis.max()) for axis in seen),
        tuple(int(axis.min()) for axis in seen),
        None if -1 in lows else tuple(zip(lows, highs, strict=True)),
    )


def first_past(fields: Mapping[str, Field], size: Shape) -> str | None:
    """The first layer, in the order of `fields`, whose field is longer than the image."""
    for name, field in fields.items():
        found = coverage(field, size)
        if found is not None and any(found.past):
            return name
    return None
