"""Draws the fields of several units on one map, each in its own shade; the rest is dimmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from analysis.receptive_field import UnitSet
from viewer.drawing.receptive_fields.field_painting import (
    DIM,
    SMALLEST_BOX,
    Spatial,
    box_rect,
    mask_image,
    outline,
    outlines_of,
    outside,
    paint_unit,
)
from viewer.look.palette import Inks

SHADES = (100, 155, 72, 190, 55)
"""Lightness of the field's colour, in per cent, by the number of the unit that is compared."""


@dataclass(frozen=True)
class Compared:
    """The field of one of several units on a map, with its number from 1; whether it is current."""

    number: int
    seen: UnitSet
    current: bool = False


def shade(inks: Inks, number: int) -> QColor:
    """The colour of the compared unit of this number, from 1; 0 is that of a single unit."""
    factor = SHADES[max(number - 1, 0) % len(SHADES)]
    return inks.color("fieldline").lighter(factor)


def paint_compared(
    painter: QPainter,
    inks: Inks,
    area: QRectF,
    size: Spatial,
    compared: Sequence[Compared],
    zoom: float = 1.0,
    dims: bool = True,
) -> None:
    """Outline every set, the current one last, and dim what lies outside all of them."""
    if compared and dims:
        _dim_around(painter, area, size, [each.seen for each in compared])
    for each in sorted(compared, key=lambda one: one.current):
        rects = outlines_of(each.seen, area, size)
        if not rects:
            continue
        colour = shade(inks, each.number)
        bound = rects[0] if len(rects) == 1 else None
        if bound is not None and max(bound.width(), bound.height()) * zoom < SMALLEST_BOX:
            paint_unit(painter, inks, bound.center(), zoom, colour)
        else:
            outline(painter, colour, rects, zoom)


def _dim_around(painter: QPainter, area: QRectF, size: Spatial, sets: Sequence[UnitSet]) -> None:
    if all(seen.boxes is not None for seen in sets):
        boxes = [box for seen in sets for box in seen.boxes or ()]
        painter.fillPath(outside(area, [box_rect(box, area, size) for box in boxes]), DIM)
        return
    together = np.logical_or.reduce([seen.mask(size) for seen in sets])
    painter.drawImage(area, mask_image(~together))
