"""A volume of measured values: its channels, its slices along an axis, and parts cut out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Volume:
    """Values (channels, depth, height, width) as a file holds them; a picture has depth 1.

    `spacing` is the distance of two voxels along depth, height and width in millimetres, where
    the file says it. `is_colour` says that the channels are red, green, blue and perhaps alpha.
    """

    values: NDArray[np.float32] = field(repr=False)
    spacing: tuple[float, float, float] | None = None
    is_colour: bool = False

    @property
    def channels(self) -> int:
        """How many values a voxel has."""
        return int(self.values.shape[0])

    def along(self, axis: int) -> Volume:
        """The same volume with this axis (0 depth, 1 height, 2 width) as its depth."""
        if axis == 0:
            return self
        order = [axis, *(each for each in range(3) if each != axis)]
        values = self.values.transpose(0, *(1 + each for each in order))
        spacing = None if self.spacing is None else _picked(self.spacing, order)
        return Volume(values, spacing, self.is_colour)

    def slices(self, axis: int) -> int:
        """How many slices lie along this axis."""
        return int(self.values.shape[1 + axis])


def _picked(spacing: Sequence[float], order: Sequence[int]) -> tuple[float, float, float]:
    first, second, third = (spacing[each] for each in order)
    return first, second, third


Voxel = TypeVar("Voxel", bound=np.generic)


def cut(values: NDArray[Voxel], size: Sequence[int], depth: int) -> NDArray[Voxel]:
    """A part (channels, *size) of (channels, depth, height, width) around the slice `depth`.

    Its middle slice is that one; in the plane it lies in the middle. Where it is larger than the
    volume the outermost values are repeated.
    """
    starts = (depth - size[0] // 2, *plane_start(values.shape[2:], size[1:]))
    places = [
        np.clip(np.arange(start, start + wanted), 0, length - 1)
        for start, wanted, length in zip(starts, size, values.shape[1:], strict=True)
    ]
    part: NDArray[Voxel] = values[:, places[0][:, None, None], places[1][:, None], places[2]]
    return part


def repeated(whole: Sequence[int], size: Sequence[int], depth: int) -> tuple[int, ...]:
    """How many planes of a part, along each axis, lie beyond a volume and repeat its outermost.

    `whole` and `size` are (depth, height, width); the part lies around the slice `depth`.
    """
    starts = (depth - size[0] // 2, *plane_start(whole[1:], size[1:]))
    return tuple(
        wanted - max(0, min(start + wanted, length) - max(start, 0))
        for start, wanted, length in zip(starts, size, whole, strict=True)
    )


def plane_start(plane: Sequence[int], size: Sequence[int]) -> tuple[int, ...]:
    """The first row and column of a part in the middle of a plane; below 0 where it is larger."""
    return tuple((length - wanted) // 2 for length, wanted in zip(plane, size, strict=True))
