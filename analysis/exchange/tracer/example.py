"""The example input that a model is exported with: a black one, or a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

MODES = {1: "linear", 2: "bilinear", 3: "trilinear"}


def of_shape(picture: Any, shape: Sequence[int]) -> Any:
    """A batch of one of that shape (channels, *spatial): the picture stretched to it, or zeros.

    A picture of other channels gives their mean to each; one of other axes is not used.
    """
    import torch
    from torch.nn import functional

    axes = len(shape) - 1
    if picture is None or picture.dim() != axes + 1 or axes not in MODES:
        return torch.zeros(1, *shape)
    fitted = functional.interpolate(
        picture[None].float(), size=tuple(shape[1:]), mode=MODES[axes], align_corners=False
    )
    if fitted.shape[1] != shape[0]:
        fitted = fitted.mean(1, keepdim=True).expand(1, *shape).contiguous()
    return fitted
