"""`Resize` and `Upsample` of ONNX: torch's interpolation where it is the same, else its matrix.

Source: the operators' own text at onnx.ai; every coordinate mode is the place that output index
i has on the input axis, here `x`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor, isclose
from typing import Any

from .call import Call, Function

LONGEST = 16_384
"""Lengths up to which every place of an axis is compared."""


@dataclass(frozen=True)
class _Axis:
    """One axis that is resized: lengths, the factor that coordinates use, and the modes."""

    length: int
    wanted: int
    factor: float
    places: str
    rounding: str

    def place(self, i: int) -> float:
        """The place on the input of output index i."""
        match self.places:
            case "align_corners":
                return i * (self.length - 1) / (self.wanted - 1) if self.wanted > 1 else 0.0
            case "asymmetric":
                return i / self.factor
            case "pytorch_half_pixel":
                return (i + 0.5) / self.factor - 0.5 if self.wanted > 1 else 0.0
            case "half_pixel_symmetric":
                shift = self.length / 2 * (1 - self.wanted / (self.factor * self.length))
                return shift + (i + 0.5) / self.factor - 0.5
        return (i + 0.5) / self.factor - 0.5

    def nearest(self) -> list[int]:
        """The input index that each output index copies."""
        found = []
        for i in range(self.wanted):
            x = self.place(i)
            match self.rounding:
                case "floor":
                    near = floor(x)
                case "ceil":
                    near = -floor(-x)
                case "round_prefer_ceil":
                    near = floor(x + 0.5)
                case _:
                    near = -floor(0.5 - x)
            found.append(min(max(near, 0), self.length - 1))
        return found

    def torch_nearest(self, exact: bool) -> list[int]:
        """The same as torch has it."""
        shift = 0.5 if exact else 0.0
        return [min(floor((i + shift) / self.factor), self.length - 1) for i in range(self.wanted)]


def resize(call: Call) -> Any:
    """`Resize` since opset 10, and `Upsample` before it."""
    from torch.nn import functional

    image = call.tensor()
    axes, by_factor = _axes(call, image)
    mode = str(call.get("mode", "nearest"))
    if call.get("antialias", 0) or call.get("exclude_outside", 0):
        raise call.refuse("antialias, exclude_outside")
    places = {axis.places for axis in axes.values()}
    if "tf_crop_and_resize" in places:
        raise call.refuse("tf_crop_and_resize")
    changed = {at: axis for at, axis in axes.items() if axis.length != axis.wanted}
    if not changed:
        return image
    spatial = [axes[at] for at in range(2, image.dim())]
    ours = _torch_mode(mode, spatial) if min(changed) > 1 and 3 <= image.dim() <= 5 else None
    if ours is None or (mode == "cubic" and image.dim() != 4):
        return _by_axis(image, changed, mode, float(call.get("cubic_coeff_a", -0.75)))
    size = {"scale_factor": [axis.factor for axis in spatial]} if by_factor else {
        "size": [axis.wanted for axis in spatial]}  # fmt: skip
    corners = None if ours.startswith("nearest") else places == {"align_corners"}
    return functional.interpolate(image, mode=ours, align_corners=corners, **size)


def _axes(call: Call, image: Any) -> tuple[dict[int, _Axis], bool]:
    """Every axis of the image, and whether factors (not lengths) were given."""
    import numpy as np

    old = call.operator == "Upsample" or call.version < 11
    places = "asymmetric" if old else str(call.get("coordinate_transformation_mode", "half_pixel"))
    rounding = "floor" if old else str(call.get("nearest_mode", "round_prefer_floor"))
    factors = call.setting("scales", 1 if old else 2)
    at = [each % image.dim() for each in call.get("axes", range(image.dim()))]
    if factors:
        # float32 as in the file: 10 pixels times 0.7 are 7
        wanted = [floor(np.float32(image.shape[axis]) * np.float32(f))
                  for axis, f in zip(at, factors, strict=True)]  # fmt: skip
        factors = [n / image.shape[axis] if isclose(n / image.shape[axis], f, rel_tol=1e-6) else f
                   for axis, n, f in zip(at, wanted, factors, strict=True)]  # fmt: skip
    else:
        wanted = call.setting("sizes", 3)
        if str(call.get("keep_aspect_ratio_policy", "stretch")) != "stretch":
            raise call.refuse("keep_aspect_ratio_policy")
        factors = [n / image.shape[axis] for axis, n in zip(at, wanted, strict=True)]
    axes = {axis: _Axis(n, n, 1.0, places, rounding) for axis, n in enumerate(image.shape)}
    for axis, length, factor in zip(at, wanted, factors, strict=True):
        axes[axis] = _Axis(image.shape[axis], length, factor, places, rounding)
    return axes, bool(call.setting("scales", 1 if old else 2))


def _torch_mode(mode: str, axes: list[_Axis]) -> str | None:
    """torch's mode that reads the same places with the same shares, None where none does."""
    if any(max(axis.length, axis.wanted) > LONGEST for axis in axes):
        return None
    if mode == "nearest":
        for ours, exact in (("nearest", False), ("nearest-exact", True)):
            if all(axis.nearest() == axis.torch_nearest(exact) for axis in axes):
                return ours
        return None
    places = {axis.places for axis in axes}
    known = {"half_pixel", "pytorch_half_pixel", "align_corners"}
    if "half_pixel_symmetric" in places and all(
        axis.wanted == axis.factor * axis.length for axis in axes
    ):
        known.add("half_pixel_symmetric")
    if len(places) != 1 or not places <= known or any(axis.wanted == 1 for axis in axes):
        return None
    return "bicubic" if mode == "cubic" else ("linear", "bilinear", "trilinear")[len(axes) - 1]


def _by_axis(image: Any, axes: Mapping[int, _Axis], mode: str, a: float) -> Any:
    """One axis after the other: entries chosen, or multiplied with a matrix of shares."""
    import torch

    for at, axis in axes.items():
        if mode == "nearest":
            image = image.index_select(at, torch.tensor(axis.nearest()))
            continue
        rows = torch.zeros(axis.wanted, axis.length)
        for i in range(axis.wanted):
            for index, share in _shares(axis.place(i), mode, a):
                rows[i, min(max(index, 0), axis.length - 1)] += share
        image = torch.nn.functional.linear(image.transpose(at, -1), rows).transpose(at, -1)
    return image


def _shares(x: float, mode: str, a: float) -> list[tuple[int, float]]:
    """(input index, its share) of the place x; Keys's cubic with the coefficient a."""
    low = floor(x)
    t = x - low
    if mode == "linear":
        return [(low, 1 - t), (low + 1, t)]
    near = [((a + 2) * s - (a + 3)) * s * s + 1 for s in (t, 1 - t)]
    far = [((a * s - 5 * a) * s + 8 * a) * s - 4 * a for s in (1 + t, 2 - t)]
    return [(low - 1, far[0]), (low, near[0]), (low + 1, near[1]), (low + 2, far[1])]


RESAMPLING: Mapping[str, Function] = {"Resize": resize, "Upsample": resize}
