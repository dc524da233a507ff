"""Draws a unit's receptive field on a map: boxes outlined, the rest dimmed, small sets ringed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPaintEngine, QPainter, QPainterPath, QPen

from analysis.receptive_field import UnitSet
from analysis.receptive_field.unit_set import Mask
from viewer.drawing.painting.array_image import image_of
from viewer.drawing.painting.box_outline import paint_box_outline
from viewer.drawing.painting.device_pixels import DevicePixels
from viewer.drawing.receptive_fields.unit_marker import copy_mark, draw_mark
from viewer.look.palette import Inks

DIM = QColor(11, 14, 19, 128)
HALO = QColor(11, 14, 19, 191)
LINE, HALO_LINE = 1.75, 3.5
"""Widths of an outline and of the halo under it, in screen px."""
LINE, HALO_LINE = 1.75, 3.5
"""Widths of an outline and of the halo under it, in screen px."""
SMALLEST_BOX = 5.0
MOST_OUTLINES = 64
"""Beyond this many boxes the set is drawn as a mask with its bounding box outlined."""

RASTER = QPaintEngine.Type.Raster

Spatial = tuple[int, int]


def box_rect(box: Sequence[int], area: QRectF, size: Spatial) -> QRectF:
    """The rectangle of the half-open box (y0, x0, y1, x1) of a (rows, columns) map in `area`."""
    y0, x0, y1, x1 = box
    sy, sx = area.height() / size[0], area.width() / size[1]
    return QRectF(area.left() + x0 * sx, area.top() + y0 * sy, (x1 - x0) * sx, (y1 - y0) * sy)


def paint_seen(
    painter: QPainter,
    inks: Inks,
    area: QRectF,
    size: Spatial,
    seen: UnitSet,
    zoom: float,
    dims: bool = True,
) -> None:
    """Outline the set and dim `area` outside it; line widths are screen px."""
    bright = bright_boxes(area, size, seen, zoom)
    if bright is None:  # holes are only seen in the mask
        painter.drawImage(area, mask_image(~np.asarray(seen.mask(size), dtype=bool)))
        bright = tuple(outlines_of(seen, area, size))
    elif dims:
        dim_outside(painter, area, bright)
    mark_boxes(painter, inks, bright, zoom)


def bright_boxes(
    area: QRectF, size: Spatial, seen: UnitSet, zoom: float
) -> tuple[QRectF, ...] | None:
    """The parts of `area` that are not dimmed; None where only a mask can tell them."""
    if seen.box is None or seen.pixels == 0:
        return ()
    bound = box_rect(seen.box, area, size)
    if _is_small(bound, zoom):
        return (bound,)
    boxes = seen.boxes
    if boxes is None or len(boxes) > MOST_OUTLINES:
        return None
    return tuple(box_rect(box, area, size) for box in boxes)


def mark_boxes(
    painter: QPainter,
    inks: Inks,
    boxes: Sequence[QRectF],
    zoom: float,
    pixels: DevicePixels | None = None,
) -> None:
    """Outline the boxes of a set, or put a circle round a small one.

    `pixels` is how the painter maps, where it is a raster and that is known.
    """
    if len(boxes) == 1 and _is_small(boxes[0], zoom):
        paint_unit(painter, inks, boxes[0].center(), zoom, pixels=pixels)
    elif boxes:
        outline(painter, inks.color("fieldline"), boxes, zoom, pixels)


def _is_small(bound: QRectF, zoom: float) -> bool:
    return max(bound.width(), bound.height()) * zoom < SMALLEST_BOX


def outlines_of(seen: UnitSet, area: QRectF, size: Spatial) -> list[QRectF]:
    """The boxes of a set in `area`; the one around all of it where they are too many."""
    if seen.box is None or seen.pixels == 0:
        return []
    boxes = seen.boxes
    if boxes is None or len(boxes) > MOST_OUTLINES:
        return [box_rect(seen.box, area, size)]
    return [box_rect(box, area, size) for box in boxes]


def unit_rect(unit: Spatial, area: QRectF, size: Spatial) -> QRectF:
    """Where one unit lies in `area`."""
    return box_rect((*unit, unit[0] + 1, unit[1] + 1), area, size)


def paint_all_but(painter: QPainter, area: QRectF, size: Spatial, unit: Spatial) -> None:
    """Dim `area` but for one unit."""
    dim_outside(painter, area, [unit_rect(unit, area, size)])


def paint_unit(
    painter: QPainter,
    inks: Inks,
    at: QPointF,
    zoom: float,
    colour: QColor | None = None,
    pixels: DevicePixels | None = None,
) -> None:
    """The circle that marks a unit, or a set too small to be seen as a box."""
    line = colour or inks.color("fieldline")
    pixels = pixels or _raster_pixels(painter)
    if pixels is not None:
        copy_mark(painter, pixels, at, line, HALO, zoom)
    else:
        draw_mark(painter, at, line, HALO, zoom)


def _raster_pixels(painter: QPainter) -> DevicePixels | None:
    """How it maps to device pixels, where it paints upright on such."""
    if painter.paintEngine().type() != RASTER:
        return None
    pixels = DevicePixels.of(painter)
    return pixels if pixels.upright else None


def dim_outside(painter: QPainter, area: QRectF, rects: Sequence[QRectF]) -> None:
    """Dim all of `area` but the boxes; round one box on whole pixels, which is much faster."""
    pixels = _raster_pixels(painter)
    if not rects:
        painter.fillRect(area, DIM)
        return
    if len(rects) != 1 or pixels is None:
        painter.fillPath(outside(area, rects), DIM)
        return
    whole, hole = pixels.snapped(area), pixels.snapped(rects[0] & area)
    painter.save()
    painter.resetTransform()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for strip in (
        QRect(whole.left(), whole.top(), whole.width(), hole.top() - whole.top()),
        QRect(whole.left(), hole.bottom() + 1, whole.width(), whole.bottom() - hole.bottom()),
        QRect(whole.left(), hole.top(), hole.left() - whole.left(), hole.height()),
        QRect(hole.right() + 1, hole.top(), whole.right() - hole.right(), hole.height()),
    ):
        if not strip.isEmpty():
            painter.fillRect(pixels.painted(strip), DIM)
    painter.restore()


def outside(area: QRectF, rects: Sequence[QRectF]) -> QPainterPath:
    """All of `area` but the boxes."""
    whole = QPainterPath()
    whole.addRect(area)
    return whole.subtracted(_union(rects))


def _union(rects: Sequence[QRectF]) -> QPainterPath:
    union = QPainterPath()
    union.setFillRule(Qt.FillRule.WindingFill)
    for rect in rects:
        union.addRect(rect)
    return union.simplified() if len(rects) > 1 else union


def outline(
    painter: QPainter,
    colour: QColor,
    rects: Sequence[QRectF],
    zoom: float,
    pixels: DevicePixels | None = None,
) -> None:
    """Draw the edge of the boxes' union over a dark halo."""
    line, halo = (colour, LINE / zoom), (HALO, HALO_LINE / zoom)
    if len(rects) == 1:
        pixels = pixels or _raster_pixels(painter)
        if pixels is not None and paint_box_outline(painter, pixels, rects[0], line, halo):
            return
    path = _union(rects)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for ink, width in (halo, line):
        pen = QPen(ink, width)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawPath(path)


def mask_image(marked: Mask, colour: int = 0x80060709) -> QImage:
    """An image of a mask, (rows, columns), in one premultiplied 0xAARRGGBB, by default dimming."""
    pixels = np.where(marked, np.uint32(colour), np.uint32(0))
    return image_of(pixels.astype(np.uint32))
