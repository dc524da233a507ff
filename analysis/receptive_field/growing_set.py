"""A set of units under construction: a union of a few products, else a mask."""

from __future__ import annotations

import numpy as np

from analysis.operators.contract import Shape
from analysis.receptive_field.unit_set import Mask, Product, UnitSet, add, draw

MOST_PRODUCTS = 64
"""A layer whose set needs more products than this keeps a mask instead."""


class GrowingSet:
    """A union of products and masks that grows; `size` is the layer's spatial size."""

    __slots__ = ("mask", "products")

    def __init__(self) -> None:
        self.products: list[Product] = []
        self.mask: Mask | None = None

    @property
    def empty(self) -> bool:
        return not self.products and (self.mask is None or not self.mask.any())

    def copy(self) -> GrowingSet:
        """The same set, growing on its own."""
        made = GrowingSet()
        made.products = self.products.copy()
        made.mask = None if self.mask is None else self.mask.copy()
        return made

    def put(self, product: Product, size: Shape) -> None:
        if self.mask is not None:
            draw(self.mask, product)
            return
        add(self.products, product)
        if len(self.products) > MOST_PRODUCTS:
            self.put_mask(np.zeros(size, dtype=np.bool_))

    def put_mask(self, mask: Mask) -> None:
        if self.mask is None:
            self.mask = mask.copy()
            for product in self.products:
                draw(self.mask, product)
            self.products = []
        else:
            self.mask |= mask

    def frozen(self, size: Shape) -> UnitSet:
        return UnitSet(size, tuple(self.products), self.mask)
