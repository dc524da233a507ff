"""Follows how views and permutations lay a feature map out, without a node for each of them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod

from analysis.operators import ChannelShuffle, Flatten, Rearrange, Reshape
from analysis.operators.contract import Operator, Shape

Axes = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Layout:
    """A recorded tensor as the map of node `node`, its axes parted into atoms put in an order.

    `axes` are the map's (channels first) and `dims` the recorded tensor's, the batch axis
    included: each the numbers of its atoms, outermost first, of which `sizes` are the lengths.
    An axis of length 1 has no atom. Equal layouts of two nodes lie alike. A `folded` map has more
    than pictures on its first axis, such as windows: that is then the first of its own shape.
    """

    node: str
    axes: Axes
    dims: Axes
    sizes: tuple[int, ...]
    folded: bool = False

    @classmethod
    def plain(cls, node: str, shape: Shape, folded: bool = False) -> Layout:
        """That of the map itself, of this shape (channels first)."""
        sizes = tuple(size for size in shape if size != 1)
        numbers = iter(range(len(sizes)))
        axes = tuple(() if size == 1 else (next(numbers),) for size in shape)
        return cls(node, axes, axes if folded else ((), *axes), sizes, folded)

    # --------------------------------------------------------------------------- what it is

    @property
    def is_plain(self) -> bool:
        return self.dims == (self.axes if self.folded else ((), *self.axes))

    @property
    def keeps_order(self) -> bool:
        """Whether the values lie in the order of the map, whatever the axes."""
        return sum(self.dims, ()) == sum(self.axes, ())

    @property
    def shuffled_groups(self) -> int | None:
        """The groups of the channel shuffle that this is, of a map whose pixels stay; else None."""
        channels, *pixels = self.axes
        if len(channels) != 2 or self.dims != ((), channels[::-1], *pixels):
            return None
        return self.sizes[channels[0]]

    @property
    def keeps_places(self) -> bool:
        """Whether batch and channels are where they are in a map, and the pixels in order."""
        rest = sum(self.dims[2:], ())
        return self.dims[:2] == ((), self.axes[0]) and rest == sum(self.axes[1:], ())

    @property
    def are_pixels(self) -> bool:
        """Whether it is (1, pixels, channels) of a map of several axes."""
        several = len(self.axes) > 2 and len(self.dims) == 3 and not self.folded
        return several and self.dims == ((), sum(self.axes[1:], ()), self.axes[0])

    @property
    def factors(self) -> Axes:
        """The lengths of the atoms of each axis of the map."""
        return tuple(tuple(self.sizes[atom] for atom in axis) for axis in self.axes)

    @property
    def operator(self) -> Operator:
        """What makes a map of its own of this view."""
        shape, groups = self.recorded, self.shuffled_groups
        if self.keeps_order and not self.folded and shape[0] == 1 and len(shape) > 1:
            return Flatten() if len(shape) == 2 else Reshape(shape[1:])
        return ChannelShuffle(groups) if groups else Rearrange(self.factors, self.dims)

    @property
    def shape(self) -> Shape:
        """Of the map, without a batch axis."""
        return tuple(map(self._length, self.axes))

    @property
    def recorded(self) -> Shape:
        return tuple(map(self._length, self.dims))

    def _length(self, atoms: Sequence[int]) -> int:
        return prod(self.sizes[atom] for atom in atoms)

    def axis(self, dim: int) -> int | None:
        """The axis of the map that an axis of the tensor is, all of it and nothing else."""
        atoms = self.dims[dim]
        if not atoms:
            return None
        return next((at for at, own in enumerate(self.axes) if own == atoms), None)

    def is_channels(self, dim: int) -> bool:
        return self.dims[dim] == self.axes[0]

    def place_in_channels(self, dim: int) -> tuple[int, int, int] | None:
        """(before, length, after) of an axis that is a factor of the channels."""
        return self.place_of_atoms(self.dims[dim])

    def place_of_atoms(self, atoms: tuple[int, ...]) -> tuple[int, int, int] | None:
        """(before, length, after) of atoms that stand beside one another in the channels."""
        channels = self.axes[0]
        for start in range(len(channels) - len(atoms) + 1):
            if atoms and channels[start : start + len(atoms)] == atoms:
                before, after = channels[:start], channels[start + len(atoms) :]
                return self._length(before), self._length(atoms), self._length(after)
        return None

    def on_channels(self, dim: int) -> Axes | None:
        """The axes of a map whose channels are all that an axis of the tensor holds.

        Other channels become pixels between those that they follow in the tensor, as in a pixel
        shuffle. None where they are already, or where channels follow no pixel.
        """
        channels = self.dims[dim]
        if self.folded or channels == self.axes[0] or not channels:
            return None
        rest = [[a for a in axis if a not in channels] for axis in self.axes[1:]]
        left = [atom for atom in self.axes[0] if atom not in channels]
        if not left:
            return (channels, *map(tuple, rest))
        others = [atom for atoms in self.dims for atom in atoms if atom not in channels]
        shuffled: list[list[int]] = [[] for _ in rest]
        axis = -1
        for atom in others:
            axis = next((at for at, own in enumerate(rest) if atom in own), axis)
            if axis < 0:
                return None
            shuffled[axis].append(atom)
        if [*itertools.chain(*shuffled)] != others:
            return None
        return (channels, *map(tuple, shuffled))

    # ------------------------------------------------------------------------ another like it

    def alike(self, other: Layout) -> bool:
        """Whether the maps have one shape and the tensors lie alike."""
        return self == replace(other, node=self.node)

    def resized(self, dim: int, length: int) -> Layout:
        """With another length of one axis of the tensor, whose atoms become one."""
        atoms = self.dims[dim]
        if not atoms and length > 1:  # an axis of the map that had length 1 before
            new, at = len(self.sizes), next(i for i, axis in enumerate(self.axes) if not axis)
            axes = tuple((new,) if i == at else axis for i, axis in enumerate(self.axes))
            dims = tuple((new,) if i == dim else axis for i, axis in enumerate(self.dims))
            return _merged(replace(self, axes=axes, dims=dims, sizes=(*self.sizes, length)))
        first, gone = atoms[0] if atoms else -1, set(atoms[1:] if length > 1 else atoms)
        sizes = tuple(length if n == first else size for n, size in enumerate(self.sizes))
        axes = tuple(tuple(n for n in axis if n not in gone) for axis in self.axes)
        dims = tuple(tuple(n for n in axis if n not in gone) for axis in self.dims)
        return _merged(replace(self, axes=axes, dims=dims, sizes=sizes))

    def stacked(self, dim: int, count: int) -> Layout:
        """Of the map of `count` such maps' channels, their number as a new axis of the tensor."""
        new = len(self.sizes)
        axes = ((new, *self.axes[0]), *self.axes[1:])
        dims = (*self.dims[:dim], (new,), *self.dims[dim:])
        return _merged(replace(self, axes=axes, dims=dims, sizes=(*self.sizes, count)))

    def permuted(self, order: Sequence[int]) -> Layout:
        dims = tuple(self.dims[at] for at in order)
        return _merged(replace(self, dims=dims))

    def with_dims(self, dims: Axes) -> Layout:
        return _merged(replace(self, dims=dims))

    def parted(self, shape: Shape) -> Layout | None:
        """The same values in the same order with these axes; None where an atom does not part."""
        layout = self
        waiting = [atom for dim in self.dims for atom in dim]
        dims: list[tuple[int, ...]] = []
        for length in shape:
            taken: list[int] = []
            left = length
            while left > 1:
                if not waiting:
                    return None
                size = layout.sizes[waiting[0]]
                if left % size == 0:
                    taken.append(waiting.pop(0))
                    left //= size
                elif size % left == 0:
                    layout, inner = layout._split(waiting[0], left)
                    taken.append(waiting[0])
                    waiting[0] = inner
                    left = 1
                else:
                    return None
            dims.append(tuple(taken))
        return None if waiting else _merged(replace(layout, dims=tuple(dims)))

    def _split(self, atom: int, outer: int) -> tuple[Layout, int]:
        """With an atom in two, of which the outer keeps its number; the number of the inner."""
        inner = len(self.sizes)
        sizes = [*self.sizes, self.sizes[atom] // outer]
        sizes[atom] = outer
        axes = tuple(
            tuple(n for each in axis for n in ((each, inner) if each == atom else (each,)))
            for axis in self.axes
        )
        return replace(self, axes=axes, sizes=tuple(sizes)), inner


def _merged(layout: Layout) -> Layout:
    """With atoms that stay together made one, and numbered in the order of the map."""
    follows = {pair for axis in layout.axes for pair in itertools.pairwise(axis)}
    joined = {
        second: first
        for dim in layout.dims
        for first, second in itertools.pairwise(dim)
        if (first, second) in follows
    }
    sizes = list(layout.sizes)
    for axis in layout.axes:
        for atom in reversed(axis):
            if atom in joined:
                sizes[joined[atom]] *= sizes[atom]
    kept = [atom for axis in layout.axes for atom in axis if atom not in joined]
    number = {atom: at for at, atom in enumerate(kept)}

    def renamed(axes: Axes) -> Axes:
        return tuple(tuple(number[n] for n in axis if n in number) for axis in axes)

    lengths = tuple(sizes[n] for n in kept)
    return replace(layout, axes=renamed(layout.axes), dims=renamed(layout.dims), sizes=lengths)
