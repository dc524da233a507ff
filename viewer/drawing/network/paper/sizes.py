"""How large the boxes of the paper's figure are: height by resolution, width by channels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from viewer.drawing.network.paper.maps import MapBox

TALLEST, LOWEST, BY_RESOLUTION = 132.0, 12.0, 0.62
NARROWEST, WIDEST, BY_CHANNELS = 5.0, 62.0, 0.75
VECTOR_WIDTH, CIRCLE, WIDEST_PICTURE = 9.0, 15.0, 3.0
"""Px at 100 %. The exponents keep a map of 16² beside one of 512² large enough to be seen."""


@dataclass(frozen=True)
class BoxSize:
    """A box in px: its height, and the width of each of its parts."""

    height: float
    widths: tuple[float, ...]

    @property
    def width(self) -> float:
        return sum(self.widths)


def box_sizes(
    boxes: Mapping[str, MapBox], aspects: Mapping[str, float] | None = None
) -> dict[str, BoxSize]:
    """The size of every box, in proportion to the largest map and the most channels.

    Boxes that hold a picture are as wide as it is: `aspects` is width by height by their id.
    """
    known = [box for box in boxes.values() if box.form == "map"]
    finest = max((resolution(box) for box in known), default=1.0)
    most = max((part.channels for box in known for part in box.parts), default=1)
    longest = max((b.nominal[0] for b in boxes.values() if b.form == "vector"), default=1)
    found = {name: _size(box, finest, most, longest) for name, box in boxes.items()}
    for name, aspect in (aspects or {}).items():
        height = found[name].height
        found[name] = BoxSize(height, (max(NARROWEST, height * min(aspect, WIDEST_PICTURE)),))
    return found


def resolution(box: MapBox) -> float:
    """The side of a map, the geometric mean of its sides."""
    sides = box.nominal[1:]
    return float(max(prod(sides), 1) ** (1 / len(sides))) if sides else 1.0


def _size(box: MapBox, finest: float, most: int, longest: int) -> BoxSize:
    if box.form == "circle":
        return BoxSize(CIRCLE, (CIRCLE,))
    if box.form == "vector":
        share = (box.nominal[0] / longest) ** BY_RESOLUTION
        return BoxSize(max(LOWEST, TALLEST * 0.8 * share), (VECTOR_WIDTH,))
    height = max(LOWEST, TALLEST * (resolution(box) / finest) ** BY_RESOLUTION)
    widths = tuple(
        NARROWEST + (WIDEST - NARROWEST) * (part.channels / most) ** BY_CHANNELS
        for part in box.parts
    )
    return BoxSize(height, widths)
