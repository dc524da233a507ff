"""Paints one block in its state: card, map, sheets and caption."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from analysis.layout.geometry import SHEET, SHEET_GAP
from viewer.drawing.network.block_caption import caption_rect, paint_name, paint_second_line
from viewer.drawing.network.block_marks import (
    paint_inner_gates,
    paint_operator,
    paint_port,
    paint_repeats,
    paint_rings,
    paint_row,
    paint_shared,
    paint_tile,
    room_for_marks,
)
from viewer.drawing.network.block_picture import (
    CARD_RADIUS,
    FULL,
    MAP_RADIUS,
    PORTS,
    REDUCED,
    NodePicture,
    NodeState,
    least_zoom,
    map_area,
    unit_place,
)
from viewer.drawing.network.difference_marks import paint_difference, paint_sign
from viewer.drawing.painting.device_pixels import DevicePixels
from viewer.drawing.painting.text import SIZE_SIZE, metrics, paint_text, text_scale, text_width
from viewer.drawing.receptive_fields.compared_fields import paint_compared
from viewer.drawing.receptive_fields.field_painting import (
    DIM,
    bright_boxes,
    mark_boxes,
    paint_all_but,
    paint_seen,
    paint_unit,
    unit_rect,
)
from viewer.look.icons import paint_icon
from viewer.look.pale import opacity
from viewer.look.palette import Inks
from viewer.text.translation import mark, tr


def paint_node(
    painter: QPainter, inks: Inks, node: NodePicture, state: NodeState, zoom: float
) -> None:
    """Draw one block with the detail that its size on the screen can bear."""
    paint_ground(painter, inks, node, state, zoom)
    paint_marks(painter, inks, node, state, zoom)


def paint_uncaptioned(
    painter: QPainter, inks: Inks, node: NodePicture, state: NodeState, zoom: float
) -> None:
    """Draw one block without its caption, for figures, which write their own."""
    paint_ground(painter, inks, node, state, zoom, captioned=False)
    paint_marks(painter, inks, node, state, zoom, captioned=False)


def paint_ground(
    painter: QPainter,
    inks: Inks,
    node: NodePicture,
    state: NodeState,
    zoom: float,
    captioned: bool = True,
) -> None:
    """Draw what stays while the pointer moves: all but field, ports, rings and second line."""
    if zoom < REDUCED:
        paint_tile(painter, inks, node, state, zoom)
    elif node.shape == "map":
        _paint_card(painter, inks, node, state)
        _paint_map(painter, inks, node, state, zoom)
        _paint_sheets(painter, inks, node)
        marks = room_for_marks(node.rows)
        for row, rect in zip(node.rows, node.row_rects, strict=True):
            paint_row(painter, inks, row, rect, row.node == state.selected_row, zoom, marks)
        if zoom >= FULL:
            _paint_row_signs(painter, inks, node, state)
            if node.repeats > 1:
                paint_repeats(painter, inks, node)
            if state.gates:
                paint_inner_gates(painter, inks, node, state.gates)
            if node.shared is not None:
                paint_shared(painter, inks, node, node.shared)
        if captioned:
            paint_name(painter, inks, node, state, zoom)
    elif zoom >= least_zoom(node) or node.fault:
        paint_operator(painter, inks, node, state, zoom, captioned)


def paint_marks(
    painter: QPainter,
    inks: Inks,
    node: NodePicture,
    state: NodeState,
    zoom: float,
    bright: Sequence[QRectF] | None = None,
    pixels: DevicePixels | None = None,
    captioned: bool = True,
) -> None:
    """Draw the parts that follow the pointer, over the ground: field, its line, ports, rings.

    With `bright` parts the ground is dimmed already, all but those; `pixels` is how the painter
    maps, where that is known.
    """
    if zoom < REDUCED:
        return
    if node.shape == "map":
        if _shows_field(node, state):
            if bright is None or state.compared:
                _paint_field(painter, inks, node, state, zoom, state.dims and bright is None)
            elif state.unit is not None:
                paint_unit(painter, inks, unit_place(node, state.unit), zoom, pixels=pixels)
            else:
                mark_boxes(painter, inks, bright, zoom, pixels)
            inner = node.map.adjusted(MAP_RADIUS, MAP_RADIUS, -MAP_RADIUS, -MAP_RADIUS)
            if bright is None or not all(inner.contains(part) for part in bright):
                _paint_corners(painter, inks, node.map)
        if captioned:
            paint_second_line(painter, inks, node, state, zoom)
        if zoom >= PORTS:
            for port in state.ports:
                paint_port(painter, inks, node, port)
    if state.difference is not None:
        radius = node.card.height() / 2 if node.shape == "join" else CARD_RADIUS
        unit = max(1.0, 0.75 / zoom)
        name = caption_rect(node, state, zoom)
        paint_difference(painter, inks, node.card, state.difference, unit, radius, name)
    paint_rings(painter, inks, node, state, zoom)


def _paint_row_signs(painter: QPainter, inks: Inks, node: NodePicture, state: NodeState) -> None:
    """The sign of each operator of an opened block that differs, at the left of its row."""
    for rect, difference in zip(node.row_rects, state.row_differences, strict=False):
        if difference is not None:
            paint_sign(painter, inks, difference, QPointF(rect.left(), rect.center().y()), 0.7)


def _shows_field(node: NodePicture, state: NodeState) -> bool:
    pale = state.image is not None and (state.computing or bool(node.waits))
    lit = state.seen is not None or bool(state.compared)
    return lit and not pale and not node.fault and node.spatial is not None


def bright_parts(node: NodePicture, state: NodeState, zoom: float) -> tuple[QRectF, ...] | None:
    """The rectangles of a map that are not dimmed, None where boxes cannot describe them."""
    if zoom < REDUCED or not state.dims or node.spatial is None or not _shows_field(node, state):
        return None
    area = map_area(node)
    if state.unit is not None and not state.compared:
        return (unit_rect(state.unit, area, node.spatial),)
    sets = [each.seen for each in state.compared] or ([state.seen] if state.seen else [])
    parts = [bright_boxes(area, node.spatial, seen, zoom) for seen in sets]
    known = [part for part in parts if part is not None]
    return tuple(box for part in known for box in part) if len(known) == len(parts) else None


def paint_dimmed(painter: QPainter, inks: Inks, node: NodePicture) -> None:
    """Dim the whole map of a block."""
    painter.fillRect(map_area(node), DIM)
    _paint_corners(painter, inks, node.map)


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


_FLAT = {"dead": mark("dead"), "constant": mark("constant"), "off": mark("off")}
"""What is said on a map of one value."""


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
        _paint_image(painter, area, state.image, opacity(pale), zoom)
        if state.flat and zoom >= FULL:
            word = _FLAT.get(state.flat, state.flat)
            _paint_word(painter, node.map, tr(word), QColor("#F8FAFC"), zoom)
    elif state.seen is None and state.awaits_image and zoom >= FULL:
        _paint_word(painter, node.map, _empty_word(node), inks.color("muted"), zoom)
    _paint_corners(painter, inks, node.map)
    if state.computing and not node.fault:
        painter.fillRect(
            QRectF(node.map.left(), node.map.bottom() - 3, node.map.width(), 3),
            inks.color("accent"),
        )


def _paint_field(
    painter: QPainter, inks: Inks, node: NodePicture, state: NodeState, zoom: float, dims: bool
) -> None:
    if node.spatial is None:
        return
    area = map_area(node)
    if state.compared:
        paint_compared(painter, inks, area, node.spatial, state.compared, zoom, dims)
    elif state.unit is not None:
        if dims:
            paint_all_but(painter, area, node.spatial, state.unit)
        paint_unit(painter, inks, unit_place(node, state.unit), zoom)
    elif state.seen is not None:
        paint_seen(painter, inks, area, node.spatial, state.seen, zoom, dims)


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
