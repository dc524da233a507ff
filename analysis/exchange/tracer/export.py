"""What `torch.export` makes of a model, at a size of input that goes through."""

from __future__ import annotations

from typing import Any

from .limits import is_full
from .model_choice import needed_inputs
from .refusal import Refused, last_line

SIDE = {1: 256, 2: 256, 3: 64}
"""Length of each axis of the first example input, by the number of axes."""
OTHER_SIZES = ((3, 256, 256), (1, 256, 256), (3, 224, 224), (3, 32, 32), (1, 28, 28))
"""Tried in this order where the first one does not go through."""


def export(model: Any, size: list[int] | None) -> tuple[Any, tuple[int, ...]]:
    """(exported program, input shape without batch). Raises Refused."""
    import torch

    if needed_inputs(model) != 1:
        raise Refused("model-inputs", needed_inputs(model))
    first: BaseException | None = None
    shapes = [tuple(size)] if size is not None else list(_example_shapes(model))
    for shape in shapes:
        example = torch.zeros(1, *shape)
        try:
            with torch.no_grad():
                return torch.export.export(model, (example,), strict=False), shape
        except Exception as error:
            if is_full(error):
                raise MemoryError from error
            first = first or error
    assert first is not None
    text = last_line(first)
    if size is not None:
        raise Refused("model-size-refused", " × ".join(map(str, size)), text) from first
    raise Refused("model-export-failed", text) from first


def _example_shapes(model: Any) -> list[tuple[int, ...]]:
    """The first convolution's channels first, then what images usually are."""
    from torch import nn

    shapes: list[tuple[int, ...]] = []
    convolutions = (nn.Conv1d, nn.Conv2d, nn.Conv3d)
    for part in model.modules():
        if isinstance(part, convolutions):
            axes = convolutions.index(type(part)) + 1 if type(part) in convolutions else 2
            shapes.append((part.in_channels, *(SIDE[axes],) * axes))
            break
        if isinstance(part, nn.Linear):
            shapes.append((part.in_features,))
            break
    return list(dict.fromkeys([*shapes, *OTHER_SIZES]))
