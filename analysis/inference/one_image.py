"""A layer's tensor as that of one image: (1, *shape) in floating point."""

from __future__ import annotations

from torch import Tensor

from analysis.operators.contract import Shape


def of_one_image(value: Tensor, shape: Shape | None) -> Tensor:
    """(1, *shape), `shape` the layer's own; a given number or windows have no batch axis of one."""
    value = value if value.is_floating_point() else value.float()
    if shape is None or value.shape[1:] == shape or value.numel() != _size(shape):
        return value
    return value.reshape(1, *shape)


def _size(shape: Shape) -> int:
    size = 1
    for length in shape:
        size *= length
    return size
