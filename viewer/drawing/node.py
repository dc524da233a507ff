"""One block as it is drawn: card, map, sheets and caption; pills and joins; its states."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from analysis.placement import SHEET, SHEET_GAP
from analysis.receptive_field import UnitSet
from viewer.drawing.edge import PORT_RADIUS
from viewer.drawing.inks import Inks
from viewer.drawing.lettering import (
    NAME_SIZE,
    SIZE_SIZE,
    metrics,
    paint_text,
    text_scale,
    text_width,
)
from viewer.drawing.seen import paint_all_but, paint_seen, paint_unit
from viewer.icons import paint_icon
from viewer.messages import tr

MAP_RADIUS, PILL_RADIUS, CARD_RADIUS, RING_RADIUS = 3.0, 5.0, 6.0, 9.0
FULL, REDUCED = 0.60, 0.25
"""Above 60 % everything is drawn, above 25 % map, sheets and name, below only a tile."""
TILE_WIDTH, TILE_HEIGHT = 22.0, 18.0
PALE = 0.45
WIDEST_CAPTION = 148.0

Shape = Literal["map", "pill", "join"]
Side = Literal["above", "left", "right", "below", "over"]
"""Where the caption stands; "over" is above and ends with the card, for joins."""


@dataclass(frozen=True)
class Row:
    """One operator of an opened block."""

    node: str
    name: str
    detail: str
    family: str
    icon: str
    fault: bool = False


@dataclass(frozen=True)
class NodePicture:
    """Where a block is drawn, in canvas px at 100 %, and what does not change with a frame."""

    id: str
    output: str
    shape: Shape
    card: QRectF
    map: QRectF
    sheets: int
    family: str
    icon: str
    name: str
    size: str
    caption: Side
    spatial: tuple[int, int] | None = None
    rows: tuple[Row, ...] = ()
    row_rects: tuple[QRectF, ...] = ()
    repeats: int = 1
    fault: str = ""
    waits: str = ""
    role: str = ""
    vector: bool = False
    """Its output is no map but a list of numbers."""

    @property
    def centre(self) -> QPointF:
        return self.card.center()


@dataclass(frozen=True)
class NodeState:
    """What changes while a person looks: pointer, selection, frame, field."""

    selected: bool = False
    hovered: bool = False
    focused: bool = False
    ports: tuple[QPointF, ...] = ()
    image: QImage | None = field(default=None, compare=False)
    flat: str = ""
    awaits_image: bool = True
    """False draws a block without an image as a plain map, for figures."""
    computing: bool = False
    seen: UnitSet | None = None
    unit: tuple[int, int] | None = None
    dims: bool = True
    """Whether what is not seen is dimmed, or the field only outlined."""
    line: str = ""
    """Amber second line of the caption, in the place of the size."""
    selected_row: str = ""


# ------------------------------------------------------------------------------- the whole


def paint_node(
    painter: QPainter, inks: Inks, node: NodePicture, state: NodeState, zoom: float
) -> None:
    """Draw one block with the detail that its size on the screen can bear."""
    if zoom < REDUCED:
        _paint_tile(painter, inks, node, state, zoom)
    elif node.shape == "map":
        _paint_map_node(painter, inks, node, state, zoom)
    elif zoom >= FULL or node.fault:
        _paint_operator(painter, inks, node, state, zoom)
    if zoom >= REDUCED:
        _paint_rings(painter, inks, node, state, zoom)


def _paint_map_node(
    painter: QPainter, inks: Inks, node: NodePicture, state: NodeState, zoom: float
) -> None:
    _paint_card(painter, inks, node, state)
    _paint_map(painter, inks, node, state, zoom)
    _paint_sheets(painter, inks, node)
    if zoom >= FULL:
        for row, rect in zip(node.rows, node.row_rects, strict=True):
            _paint_row(painter, inks, row, rect, row.node == state.selected_row, zoom)
        if node.repeats > 1:
            _paint_repeats(painter, inks, node)
    _paint_caption(painter, inks, node, state, zoom)
    if zoom >= FULL:
        for port in state.ports:
            _paint_port(painter, inks, node, port)


def _paint_card(painter: QPainter, inks: Inks, node: NodePicture, state: NodeState) -> None:
    if node.fault:
        pen = QPen(inks.color("error"), 1.5)
    elif state.hovered:
        pen = QPen(inks.color("ctl"), 1.5)
    else:
        pen = QPen(inks.color("border"), 1.0)
    painter.setPen(pen)
    painter.setBrush(inks.color("surface"))
    painter.drawRoundedRect(node.card, CARD_RADIUS, CARD_RADIUS)


def map_area(node: NodePicture) -> QRectF:
    """Where the map lies in its square: the whole of it, less for a map that is not square."""
    if node.spatial is None or node.spatial[0] == node.spatial[1]:
        return node.map
    rows, columns = node.spatial
    side = max(rows, columns)
    width, height = node.map.width() * columns / side, node.map.height() * rows / side
    centre = node.map.center()
    return QRectF(centre.x() - width / 2, centre.y() - height / 2, width, height)


def _paint_map(
    painter: QPainter, inks: Inks, node: NodePicture, state: NodeState, zoom: float
) -> None:
    area = map_area(node)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(inks.color("errbg" if node.fault else "sunken"))
    painter.drawRect(node.map)
    if node.fault:
        _paint_error_mark(painter, inks, node.map.center(), 24.0)
    elif state.image is not None:
        pale = state.computing or bool(node.waits)
        _paint_image(painter, area, state.image, PALE if pale else 1.0, zoom)
        if state.flat and zoom >= FULL:
            word = tr("dead") if state.flat == "dead" else tr("constant")
            _paint_word(painter, node.map, word, QColor("#F8FAFC"), zoom)
        if not pale:
            _paint_field(painter, inks, node, state, zoom)
    elif state.seen is not None:
        _paint_field(painter, inks, node, state, zoom)
    elif state.awaits_image and zoom >= FULL:
        _paint_word(painter, node.map, _empty_word(node), inks.color("muted"), zoom)
    _paint_corners(painter, inks, node.map)
    if state.computing and not node.fault:
        painter.fillRect(
            QRectF(node.map.left(), node.map.bottom() - 3, node.map.width(), 3),
            inks.color("accent"),
        )


def _paint_field(
    painter: QPainter, inks: Inks, node: NodePicture, state: NodeState, zoom: float
) -> None:
    if node.spatial is None:
        return
    area = map_area(node)
    if state.unit is not None:
        if state.dims:
            paint_all_but(painter, area, node.spatial, state.unit)
        paint_unit(painter, inks, unit_place(node, state.unit), zoom)
    elif state.seen is not None:
        paint_seen(painter, inks, area, node.spatial, state.seen, zoom, state.dims)


def unit_place(node: NodePicture, unit: tuple[int, int]) -> QPointF:
    """The middle of a unit in the block's map. The block must have a spatial size."""
    area = map_area(node)
    rows, columns = node.spatial or (1, 1)
    return QPointF(
        area.left() + (unit[1] + 0.5) * area.width() / columns,
        area.top() + (unit[0] + 0.5) * area.height() / rows,
    )


def _paint_image(
    painter: QPainter, area: QRectF, image: QImage, opacity: float, zoom: float
) -> None:
    ratio = painter.device().devicePixelRatioF() if painter.device() else 1.0
    enlarged = area.width() * zoom * ratio / max(1, image.width())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, enlarged <= 2.0)
    painter.setOpacity(opacity)
    painter.drawImage(area, image)
    painter.setOpacity(1.0)


def _paint_corners(painter: QPainter, inks: Inks, area: QRectF) -> None:
    """Round the map by painting the card over its corners: every export can do that."""
    path = QPainterPath()
    path.addRect(area.adjusted(-0.5, -0.5, 0.5, 0.5))
    path.addRoundedRect(area, MAP_RADIUS, MAP_RADIUS)
    painter.fillPath(path, inks.color("surface"))


def _paint_word(painter: QPainter, area: QRectF, word: str, colour: QColor, zoom: float) -> None:
    """A word in the middle of a map, in the size of captions, where there is room for it."""
    scale = text_scale(zoom)
    if text_width(word, SIZE_SIZE) * scale > area.width() - 2:
        return
    measures = metrics(SIZE_SIZE, False)
    painter.save()
    painter.translate(area.center())
    painter.scale(scale, scale)
    base = QPointF(0, (measures.ascent() - measures.descent()) / 2)
    paint_text(painter, base, word, colour, SIZE_SIZE, align=Qt.AlignmentFlag.AlignHCenter)
    painter.restore()


def _empty_word(node: NodePicture) -> str:
    if node.vector:
        return tr("vector")
    return tr("no image") if node.spatial is not None else ""


def _paint_error_mark(painter: QPainter, inks: Inks, at: QPointF, side: float) -> None:
    rect = QRectF(at.x() - side / 2, at.y() - side / 2, side, side)
    paint_icon(painter, "error", rect, inks.color("error"))


def _paint_sheets(painter: QPainter, inks: Inks, node: NodePicture) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(inks.color("error") if node.fault else inks.family(node.family))
    left = node.map.right() + SHEET_GAP
    for sheet in range(node.sheets):
        x = left + sheet * (SHEET + SHEET_GAP)
        painter.drawRoundedRect(QRectF(x, node.map.top(), SHEET, node.map.height()), 0.75, 0.75)


# --------------------------------------------------------------------------- the caption


def caption_lines(node: NodePicture, state: NodeState) -> tuple[str, str]:
    """Name, and the line below it: the fact of a fault, the field, or the size."""
    second = node.fault or node.waits or state.line or node.size
    return _short(node.name, NAME_SIZE, True), _short(second, SIZE_SIZE, False)


def _short(text: str, pixels: int, bold: bool) -> str:
    """Module paths of opened models can be long: what is left out is left out in the middle."""
    if text_width(text, pixels, bold) <= WIDEST_CAPTION:
        return text
    return metrics(pixels, bold).elidedText(text, Qt.TextElideMode.ElideMiddle, WIDEST_CAPTION)


def _paint_caption(
    painter: QPainter, inks: Inks, node: NodePicture, state: NodeState, zoom: float
) -> None:
    name, second = caption_lines(node, state)
    if zoom < FULL:
        second = node.fault
    token = "error" if node.fault else "field" if state.line and not node.waits else "muted"
    scale = text_scale(zoom)
    at, align = _caption_place(node, scale, bool(second))
    painter.save()
    painter.translate(at)
    painter.scale(scale, scale)
    paint_text(painter, QPointF(0, 0), name, inks.color("text"), NAME_SIZE, True, align)
    if second:
        bold = token == "field"
        below = QPointF(0, 15)
        paint_text(painter, below, second, inks.color(token), SIZE_SIZE, bold, align)
    painter.restore()


def _caption_place(node: NodePicture, scale: float, two: bool) -> tuple[QPointF, Qt.AlignmentFlag]:
    """Baseline of the first line and how the lines are aligned."""
    card = node.card
    if node.caption == "above":
        rise = (23.0 if two else 8.0) * scale
        return QPointF(card.left() + 1, card.top() - rise), Qt.AlignmentFlag.AlignLeft
    if node.caption == "over":
        rise = (23.0 if two else 8.0) * scale
        return QPointF(card.right(), card.top() - rise), Qt.AlignmentFlag.AlignRight
    if node.caption == "below":
        return QPointF(card.left() + 1, card.bottom() + 17.0 * scale), Qt.AlignmentFlag.AlignLeft
    middle = node.map.center().y() + (-3.0 if two else 4.0) * scale
    gap = 10.0 * min(1.0, scale)
    if node.caption == "left":
        return QPointF(card.left() - gap, middle), Qt.AlignmentFlag.AlignRight
    return QPointF(card.right() + gap, middle), Qt.AlignmentFlag.AlignLeft


def caption_rect(node: NodePicture, state: NodeState, zoom: float) -> QRectF:
    """Room the caption takes, in canvas px."""
    if node.shape != "map" and not node.fault:
        return QRectF()
    lines = caption_lines(node, state)
    scale = text_scale(zoom)
    width = scale * max(
        text_width(lines[0], NAME_SIZE, True), text_width(lines[1], SIZE_SIZE, True)
    )
    at, align = _caption_place(node, scale, True)
    left = at.x() - width if align == Qt.AlignmentFlag.AlignRight else at.x()
    return QRectF(left, at.y() - 13 * scale, width, 34 * scale)


# ------------------------------------------------------------------------ opened blocks


def _paint_row(
    painter: QPainter, inks: Inks, row: Row, rect: QRectF, selected: bool, zoom: float
) -> None:
    if selected:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(inks.color("accentbg"))
        painter.drawRoundedRect(rect, MAP_RADIUS, MAP_RADIUS)
    family = inks.color("error") if row.fault else inks.family(row.family)
    painter.fillRect(QRectF(rect.left(), rect.top() + 4, SHEET, rect.height() - 8), family)
    icon = QRectF(rect.left() + 8, rect.center().y() - 7, 14, 14)
    paint_icon(painter, row.icon, icon, family)
    scale = max(1.0, text_scale(zoom))
    painter.save()
    painter.translate(rect.left() + 28, rect.center().y() + 4 * scale)
    painter.scale(scale, scale)
    room = (rect.width() - 32) / scale
    name = _elided(row.name, room, SIZE_SIZE)
    paint_text(painter, QPointF(0, 0), name, inks.color("text"), SIZE_SIZE)
    spare = room - text_width(name, SIZE_SIZE) - 8
    if text_width(row.detail, SIZE_SIZE) <= spare:
        right = Qt.AlignmentFlag.AlignRight
        at = QPointF(room, 0)
        paint_text(painter, at, row.detail, inks.color("muted"), SIZE_SIZE, align=right)
    painter.restore()


def _elided(text: str, room: float, pixels: int) -> str:
    return metrics(pixels, False).elidedText(text, Qt.TextElideMode.ElideMiddle, room)


def _paint_repeats(painter: QPainter, inks: Inks, node: NodePicture) -> None:
    text = f"× {node.repeats}"
    width = text_width(text, SIZE_SIZE, True) + 12
    rect = QRectF(node.card.right() - width - 4, node.card.top() - 9, width, 18)
    painter.setPen(QPen(inks.color("border"), 1.0))
    painter.setBrush(inks.color("surface"))
    painter.drawRoundedRect(rect, 9, 9)
    at = QPointF(rect.center().x(), rect.center().y() + 4)
    centre = Qt.AlignmentFlag.AlignHCenter
    paint_text(painter, at, text, inks.color("text"), SIZE_SIZE, True, centre)


# ------------------------------------------------------------------ pills, joins, tiles


def _paint_operator(
    painter: QPainter, inks: Inks, node: NodePicture, state: NodeState, zoom: float
) -> None:
    outline = inks.color("error") if node.fault else inks.family(node.family)
    painter.setBrush(inks.color("errbg" if node.fault else "surface"))
    painter.setPen(QPen(outline, 1.75 if state.hovered or node.fault else 1.25))
    if node.shape == "join":
        painter.drawEllipse(node.card)
        side = 11.0
    else:
        painter.drawRoundedRect(node.card, PILL_RADIUS, PILL_RADIUS)
        side = 14.0
    at = node.card.center()
    icon = "error" if node.fault else node.icon
    rect = QRectF(at.x() - side / 2, at.y() - side / 2, side, side)
    paint_icon(painter, icon, rect, outline)
    if node.fault:
        _paint_caption(painter, inks, node, state, zoom)


def _paint_tile(
    painter: QPainter, inks: Inks, node: NodePicture, state: NodeState, zoom: float
) -> None:
    if node.shape != "map" and not node.fault:
        return
    scale = min(1.0 / max(zoom, 0.02), 4.0)
    least = 48.0 if node.fault else 0.0
    width = min(TILE_WIDTH * scale, max(node.card.width(), least))
    height = min(TILE_HEIGHT * scale, max(node.card.height(), least))
    at = node.card.center()
    rect = QRectF(at.x() - width / 2, at.y() - height / 2, width, height)
    painter.setPen(QPen(inks.color("accent"), 8.0) if state.selected else Qt.PenStyle.NoPen)
    painter.setBrush(inks.color("error") if node.fault else inks.family(node.family))
    painter.drawRoundedRect(rect, 3 * scale, 3 * scale)
    if node.fault:
        painter.setPen(QPen(inks.color("surface"), 1.75 * scale))
        inner = rect.adjusted(width * 0.32, height * 0.25, -width * 0.32, -height * 0.25)
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.topRight(), inner.bottomLeft())


def _paint_port(painter: QPainter, inks: Inks, node: NodePicture, at: QPointF) -> None:
    painter.setPen(QPen(inks.family(node.family), 1.5))
    painter.setBrush(inks.color("surface"))
    painter.drawEllipse(at, PORT_RADIUS, PORT_RADIUS)


def _paint_rings(
    painter: QPainter, inks: Inks, node: NodePicture, state: NodeState, zoom: float
) -> None:
    if not (state.selected or state.focused):
        return
    unit = max(1.0, 1.0 / zoom)
    outside = 3.0 * unit
    ring = node.card.adjusted(-outside, -outside, outside, outside)
    radius = ring.height() / 2 if node.shape == "join" else RING_RADIUS
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if state.selected:
        painter.setPen(QPen(inks.color("accent"), 2.0 * unit))
        painter.drawRoundedRect(ring, radius, radius)
    if state.focused:
        pen = QPen(inks.color("text"), 2.0 * unit)
        pen.setDashPattern([1.0, 1.0])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        if state.selected:
            ring = ring.adjusted(-2 * unit, -2 * unit, 2 * unit, 2 * unit)
        painter.drawRoundedRect(ring, radius, radius)
