"""Draws the overlay of the input picture: fields of units, tiles, the effective field, masks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from analysis.receptive_field import UnitSet
from analysis.receptive_field.tile_grid import TileSpan
from viewer.drawing.painting.hatch import paint_hatch
from viewer.drawing.painting.text import paint_text, text_width
from viewer.drawing.receptive_fields.compared_fields import Compared, paint_compared, shade
from viewer.drawing.receptive_fields.field_painting import (
    DIM,
    HALO,
    Spatial,
    box_rect,
    bright_boxes,
    paint_seen,
    paint_unit,
)
from viewer.look.fonts import CAPTION
from viewer.look.pale import opacity
from viewer.look.palette import Inks

RADIUS = 3.0
LABEL_HEIGHT = 18.0
LABEL_GAP = 6.0
TAG = 16.0


@dataclass(frozen=True)
class Lit:
    """A field to draw over the input: its cells, the unit's place, its size in words, its number.

    `at` is in input pixels from the upper left corner, (y, x). `number` is 0 for the only one.
    """

    seen: UnitSet
    at: tuple[float, float] | None = None
    label: str = ""
    number: int = 0
    current: bool = True


@dataclass(frozen=True)
class Tiles:
    """Tiles along y and along x, and the one whose discarded margins are shown (row, column)."""

    rows: tuple[TileSpan, ...]
    columns: tuple[TileSpan, ...]
    shown: tuple[int, int] = (0, 0)

    def at(self, y: float, x: float) -> tuple[int, int]:
        """The tile that keeps the input pixel at (y, x), or the nearest."""
        return _keeping(self.rows, y), _keeping(self.columns, x)


def _keeping(spans: Sequence[TileSpan], at: float) -> int:
    return next((i for i, span in enumerate(spans) if at < span.kept_end), len(spans) - 1)


@dataclass(frozen=True)
class Heat:
    """The effective field as an image of the input's size, and its centred squares.

    A square is (its half-open box, what is said of it).
    """

    image: QImage = field(compare=False)
    opacity: float = 1.0
    squares: tuple[tuple[tuple[int, int, int, int], str], ...] = ()
    stale: bool = False


@dataclass(frozen=True)
class Overlay:
    """All that is drawn on the input; `theoretical` says whether the fields' outlines are."""

    lit: tuple[Lit, ...] = ()
    theoretical: bool = True
    dims: bool = True
    """Whether what no field holds is dimmed."""
    tiles: Tiles | None = None
    heat: Heat | None = None
    marked: QImage | None = field(default=None, compare=False)
    """Pixels picked out, as an image of the input's size."""


def bright_fields(area: QRectF, size: Spatial, overlay: Overlay) -> tuple[QRectF, ...] | None:
    """The parts of `area` not dimmed; None where nothing is, or boxes cannot describe them."""
    plain = overlay.heat is None and overlay.marked is None and overlay.theoretical
    if not (overlay.lit and overlay.dims and plain):
        return None
    parts = [bright_boxes(area, size, lit.seen, 1.0) for lit in overlay.lit]
    known = [part for part in parts if part is not None]
    return tuple(box for part in known for box in part) if len(known) == len(parts) else None


def paint_overlay(
    painter: QPainter,
    inks: Inks,
    area: QRectF,
    size: Spatial,
    overlay: Overlay,
    dimmed: bool = False,
) -> None:
    """Draw over the input of (rows, columns) that fills `area`, at 100 %.

    `dimmed` says that what no field holds is dimmed already.
    """
    dims = overlay.dims and overlay.heat is None and not dimmed
    painter.save()
    painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
    if overlay.heat is not None:
        _paint_heat(painter, area, overlay.heat)
    if overlay.marked is not None:
        painter.drawImage(area, overlay.marked)
    if overlay.theoretical:
        _paint_fields(painter, inks, area, size, overlay.lit, dims)
    if overlay.heat is not None:
        _paint_squares(painter, inks, area, size, overlay.heat)
    if overlay.tiles is not None:
        _paint_tiles(painter, inks, area, size, overlay.tiles)
    painter.restore()
    for lit in overlay.lit:
        _paint_place(painter, inks, area, size, lit)
    if overlay.theoretical:
        for lit in overlay.lit:
            _paint_words(painter, inks, area, size, lit)


# ------------------------------------------------------------------------------- fields


def _paint_fields(
    painter: QPainter,
    inks: Inks,
    area: QRectF,
    size: Spatial,
    fields: Sequence[Lit],
    dims: bool,
) -> None:
    if len(fields) == 1:
        paint_seen(painter, inks, area, size, fields[0].seen, 1.0, dims)
        return
    compared = [Compared(lit.number, lit.seen, lit.current) for lit in fields]
    paint_compared(painter, inks, area, size, compared, 1.0, dims)


def _paint_place(painter: QPainter, inks: Inks, area: QRectF, size: Spatial, lit: Lit) -> None:
    if lit.at is None:
        return
    place = QPointF(
        area.left() + lit.at[1] / size[1] * area.width(),
        area.top() + lit.at[0] / size[0] * area.height(),
    )
    if area.adjusted(-1, -1, 1, 1).contains(place):
        paint_unit(painter, inks, place, 1.0, shade(inks, lit.number))


def _paint_words(painter: QPainter, inks: Inks, area: QRectF, size: Spatial, lit: Lit) -> None:
    """The size beside the box, on the dimmed part; the number in a corner of it."""
    if lit.seen.box is None or not lit.seen.pixels:
        return
    box = box_rect(lit.seen.box, area, size)
    colour = shade(inks, lit.number)
    if lit.number:
        tag = QRectF(box.left(), box.top(), TAG, TAG)
        _paint_tag(painter, tag, str(lit.number), colour)
    elif lit.label:
        place = label_place(area, box, text_width(lit.label, CAPTION, True) + 12)
        if place is not None:
            _paint_tag(painter, place, lit.label, colour)


def _paint_tag(painter: QPainter, place: QRectF, text: str, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(place, RADIUS, RADIUS)
    baseline = QPointF(place.center().x(), place.center().y() + 4)
    ink = QColor(HALO.red(), HALO.green(), HALO.blue())
    paint_text(painter, baseline, text, ink, CAPTION, True, Qt.AlignmentFlag.AlignHCenter)


def label_place(area: QRectF, box: QRectF, width: float) -> QRectF | None:
    """Where a label `width` wide stands inside `area` and outside `box`; None without room."""
    left = min(max(box.left(), area.left() + 4), area.right() - width - 4)
    below = QRectF(left, box.bottom() + LABEL_GAP, width, LABEL_HEIGHT)
    above = QRectF(left, box.top() - LABEL_GAP - LABEL_HEIGHT, width, LABEL_HEIGHT)
    middle = min(max(box.top(), area.top() + 4), area.bottom() - LABEL_HEIGHT - 4)
    right = QRectF(box.right() + LABEL_GAP, middle, width, LABEL_HEIGHT)
    before = QRectF(box.left() - LABEL_GAP - width, middle, width, LABEL_HEIGHT)
    return next((place for place in (below, above, right, before) if area.contains(place)), None)


# ------------------------------------------------------------------------ effective field


def _paint_heat(painter: QPainter, area: QRectF, heat: Heat) -> None:
    painter.fillRect(area, DIM)
    painter.setOpacity(heat.opacity * opacity(heat.stale))
    painter.drawImage(area, heat.image)
    painter.setOpacity(1.0)


def _paint_squares(painter: QPainter, inks: Inks, area: QRectF, size: Spatial, heat: Heat) -> None:
    painter.setOpacity(opacity(heat.stale))
    tags: list[QRectF] = []
    for box, said in heat.squares:
        painter.setBrush(Qt.BrushStyle.NoBrush)  # the words of a square leave their own
        rect = box_rect(box, area, size)
        white = QPen(QColor(255, 255, 255), 1.25)
        white.setDashPattern([3.0, 3.0])
        for pen in (QPen(HALO, 2.5), white):
            painter.setPen(pen)
            painter.drawRect(rect)
        tag = corner_place(rect, text_width(said, CAPTION, True) + 8, tags)
        if tag is not None:
            tags.append(tag)
            _paint_tag(painter, tag, said, QColor(255, 255, 255))
    painter.setOpacity(1.0)


def corner_place(square: QRectF, width: float, taken: Sequence[QRectF]) -> QRectF | None:
    """The first corner within a square where a tag so wide covers none of the others."""
    if square.width() <= width + 4 or square.height() <= 40:
        return None
    tag = QRectF(0, 0, width, TAG)
    at = ((square.right() - width, square.bottom() - TAG), (square.left(), square.bottom() - TAG),
          (square.right() - width, square.top()), (square.left(), square.top()))  # fmt: skip
    places = (tag.translated(*corner) for corner in at)
    return next((each for each in places if not any(map(each.intersects, taken))), None)


# ------------------------------------------------------------------------------- tiles


def _paint_tiles(painter: QPainter, inks: Inks, area: QRectF, size: Spatial, tiles: Tiles) -> None:
    """The parts that are kept as a grid; one whole tile with its margins hatched."""
    row, column = tiles.rows[tiles.shown[0]], tiles.columns[tiles.shown[1]]
    whole = box_rect((row.start, column.start, row.end, column.end), area, size)
    kept = box_rect((row.kept_start, column.kept_start, row.kept_end, column.kept_end), area, size)
    margin = QPainterPath()
    margin.addRect(whole.intersected(area))
    inner = QPainterPath()
    inner.addRect(kept)
    accent = Inks("dark").color("accent")
    painter.fillPath(margin.subtracted(inner), QColor(HALO.red(), HALO.green(), HALO.blue(), 90))
    hatch = QColor(accent)
    hatch.setAlpha(130)
    for part in _around(whole.intersected(area), kept):
        paint_hatch(painter, part, hatch)
    seams = [span.kept_start for span in tiles.rows[1:]]
    lines = [box_rect((y, 0, y, size[1]), area, size) for y in seams]
    seams = [span.kept_start for span in tiles.columns[1:]]
    lines += [box_rect((0, x, size[0], x), area, size) for x in seams]
    for pen in (QPen(HALO, 3.0), QPen(QColor(255, 255, 255), 1.0)):
        painter.setPen(pen)
        for line in lines:
            painter.drawLine(line.topLeft(), line.bottomRight())
    painter.setBrush(Qt.BrushStyle.NoBrush)
    edge = whole.intersected(area).adjusted(1, 1, -1, -1)
    for pen in (QPen(HALO, 3.5), QPen(accent, 1.75)):
        painter.setPen(pen)
        painter.drawRect(edge)


def _around(whole: QRectF, inner: QRectF) -> tuple[QRectF, ...]:
    """What of `whole` lies outside `inner`: above, below, left and right."""
    middle = QRectF(whole.left(), inner.top(), whole.width(), inner.height())
    return (
        QRectF(whole.topLeft(), QPointF(whole.right(), inner.top())),
        QRectF(QPointF(whole.left(), inner.bottom()), whole.bottomRight()),
        QRectF(middle.topLeft(), QPointF(inner.left(), middle.bottom())),
        QRectF(QPointF(inner.right(), middle.top()), middle.bottomRight()),
    )
