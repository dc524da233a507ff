"""What a unit sees, drawn on a map: the rest dimmed, every box outlined, small sets ringed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from analysis.receptive_field import UnitSet
from viewer.drawing.inks import Inks

DIM = QColor(11, 14, 19, 128)
HALO = QColor(11, 14, 19, 191)
SMALLEST_BOX = 5.0
MOST_OUTLINES = 64
"""Beyond this many boxes the set is drawn as a mask with its bounding box outlined."""

Spatial = tuple[int, int]


def box_rect(box: Sequence[int], area: QRectF, size: Spatial) -> QRectF:
    """Where the half-open box (y0, x0, y1, x1) of a map of (rows, columns) lies in `area`."""
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
    if seen.box is None or seen.pixels == 0:
        if dims:
            painter.fillRect(area, DIM)
        return
    bound = box_rect(seen.box, area, size)
    small = max(bound.width(), bound.height()) * zoom < SMALLEST_BOX
    boxes = seen.boxes
    if small or boxes is None or len(boxes) > MOST_OUTLINES:
        rects = [bound]
    else:
        rects = [box_rect(box, area, size) for box in boxes]
    if not small and len(rects) != len(boxes or ()):
        painter.drawImage(area, _mask_image(seen, size))  # holes are only seen in the mask
    elif dims:
        painter.fillPath(_outside(area, rects), DIM)
    if small:
        paint_unit(painter, inks, bound.center(), zoom)
    else:
        _outline(painter, inks, rects, zoom)


def paint_all_but(painter: QPainter, area: QRectF, size: Spatial, unit: Spatial) -> None:
    """Dim `area` but for one unit."""
    own = box_rect((*unit, unit[0] + 1, unit[1] + 1), area, size)
    painter.fillPath(_outside(area, [own]), DIM)


def paint_unit(painter: QPainter, inks: Inks, at: QPointF, zoom: float) -> None:
    """The circle that marks a unit, or a set too small to be seen as a box."""
    radius = 6.0 / zoom
    line = inks.color("fieldline")
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(HALO, 4.0 / zoom))
    painter.drawEllipse(at, radius, radius)
    painter.setPen(QPen(line, 2.0 / zoom))
    painter.drawEllipse(at, radius, radius)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(line)
    painter.drawEllipse(at, 1.25 / zoom, 1.25 / zoom)


def _outside(area: QRectF, rects: Sequence[QRectF]) -> QPainterPath:
    whole = QPainterPath()
    whole.addRect(area)
    return whole.subtracted(_union(rects))


def _union(rects: Sequence[QRectF]) -> QPainterPath:
    union = QPainterPath()
    union.setFillRule(Qt.FillRule.WindingFill)
    for rect in rects:
        union.addRect(rect)
    return union.simplified() if len(rects) > 1 else union


def _outline(painter: QPainter, inks: Inks, rects: Sequence[QRectF], zoom: float) -> None:
    path = _union(rects)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((HALO, 3.5), (inks.color("fieldline"), 1.75)):
        pen = QPen(colour, width / zoom)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawPath(path)


def _mask_image(seen: UnitSet, size: Spatial) -> QImage:
    outside = ~np.asarray(seen.mask(size), dtype=bool)
    pixels = np.where(outside, np.uint32(0x80060709), np.uint32(0))
    pixels = np.ascontiguousarray(pixels.astype(np.uint32))
    image = QImage(
        pixels.data, size[1], size[0], size[1] * 4, QImage.Format.Format_ARGB32_Premultiplied
    )
    return image.copy()
