"""An exact set of units of one layer: a union of products of axis sets, or a mask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from math import prod

import numpy as np
from numpy.typing import NDArray

from analysis.operators.contract import Shape
from analysis.receptive_field.axis_set import AxisSet, contains, intersection, union

Product = tuple[AxisSet, ...]
"""Every unit whose index along each axis is in that axis' set."""

Mask = NDArray[np.bool_]
Box = tuple[int, ...]
"""All lower bounds, then all upper bounds, half open."""

_FEW = 3
"""Up to so many products are counted by inclusion and exclusion, more by drawing them."""


@dataclass(frozen=True)
class UnitSet:
    """A set of units of a layer of spatial size `size`; a vector (size ()) counts as one unit.

    `products` are its parts, none inside another; they may overlap. `cells` replaces them, as a
    mask of the whole map, where there were too many.
    """

    size: Shape
    products: tuple[Product, ...] = ()
    cells: Mask | None = field(default=None, compare=False)

    @cached_property
    def box(self) -> Box | None:
        """The smallest box around the set; None for the empty set."""
        if self.cells is not None:
            return _box_of(self.cells)
        if not self.products:
            return None
        axes = list(zip(*self.products, strict=True))
        lows = tuple(min(part.start for part in axis) for axis in axes)
        return lows + tuple(max(part.stop for part in axis) for axis in axes)

    @cached_property
    def pixels(self) -> int:
        """How many units the set holds."""
        if self.cells is not None:
            return int(np.count_nonzero(self.cells))
        if len(self.products) <= _FEW:
            return _counted(self.products)
        return int(np.count_nonzero(self._drawn_inside_box()))

    @cached_property
    def boxes(self) -> tuple[Box, ...] | None:
        """Full boxes whose union is the set; None where it has holes or is kept as a mask."""
        if self.cells is not None:
            return None
        if any(axis.bits for product in self.products for axis in product):
            return None
        return tuple(
            tuple(axis.start for axis in product) + tuple(axis.stop for axis in product)
            for product in self.products
        )

    def mask(self, shape: Sequence[int] | None = None) -> Mask:
        """The set as a boolean array of the layer's spatial size (or of `shape`)."""
        if self.cells is not None:
            return self.cells.copy()
        drawn = np.zeros(tuple(self.size if shape is None else shape), dtype=np.bool_)
        for product in self.products:
            draw(drawn, product)
        return drawn

    def _drawn_inside_box(self) -> Mask:
        box = self.box
        assert box is not None
        lows = box[: len(self.size)]
        sizes = [high - low for low, high in zip(lows, box[len(lows) :], strict=True)]
        drawn = np.zeros(sizes, dtype=np.bool_)
        for product in self.products:
            moved = zip(product, lows, strict=True)
            draw(drawn, tuple(AxisSet(a.start - low, a.stop - low, a.bits) for a, low in moved))
        return drawn


def draw(mask: Mask, product: Product) -> None:
    """Set every unit of `product` in `mask`, (*size) of the layer."""
    if any(axis.bits for axis in product):
        mask[np.ix_(*(np.array(axis.indices) for axis in product))] = True
    else:
        mask[tuple(slice(axis.start, axis.stop) for axis in product)] = True


def add(products: list[Product], new: Product) -> None:
    """Put `new` into the union: dropped inside another, absorbing and merging where it can.

    Products that differ along one axis only are one product of the union of that axis.
    """
    for old in products:
        if _inside(new, old):
            return
    products[:] = [old for old in products if not _inside(old, new)]
    for position, old in enumerate(products):
        merged = _merged(old, new)
        if merged is not None:
            del products[position]
            add(products, merged)
            return
    products.append(new)


def _inside(inner: Product, outer: Product) -> bool:
    return all(map(contains, outer, inner))


def _merged(one: Product, other: Product) -> Product | None:
    different = [axis for axis, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(different) != 1:
        return None
    at = different[0]
    return (*one[:at], union(one[at], other[at]), *one[at + 1 :])


def _counted(products: Sequence[Product]) -> int:
    total = 0
    for many in range(1, len(products) + 1):
        sign = 1 if many % 2 else -1
        total += sign * sum(_common(group) for group in combinations(products, many))
    return total


def _common(group: Sequence[Product]) -> int:
    axes: list[AxisSet] = list(group[0])
    for product in group[1:]:
        for at, axis in enumerate(product):
            both = intersection(axes[at], axis)
            if both is None:
                return 0
            axes[at] = both
    return prod(axis.size for axis in axes)


def _box_of(mask: Mask) -> Box | None:
    found = np.nonzero(mask)
    if not mask.any():
        return None
    return tuple(int(axis.min()) for axis in found) + tuple(int(axis.max()) + 1 for axis in found)
