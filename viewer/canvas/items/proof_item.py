"""The card on the canvas that proves a finding: places apart, counts, or shares by layer."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from analysis.review.proof import Apart, Counts, Proof, Shares, What
from viewer.canvas.free_place import Surroundings, free_place
from viewer.drawing.painting.text import text_scale, text_width
from viewer.look.fonts import SMALL, font
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text import number_format
from viewer.text.translation import language, mark, tr

SIDE, PADDING, LINE, GAP = 80.0, 10.0, 16.0, 14.0
"""Px on screen: of the picture, round it, of a line of words, and from the block."""
FEWEST_PIXELS, MOST_LINES = 4, 32
"""Input pixels along the picture of places, at least; and at most, where each is drawn."""
TOKENS = {"own": "text", "skip": "skip", "other": "fieldedge"}


class ProofItem(Guarded, QGraphicsItem):
    """Paints one proof beside its block, as large on screen at every zoom."""

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(9)
        self.proof: Proof | None = None
        self.hides = False
        """Whether it covers something, for no place where it is is free."""
        self._room = QRectF()
        self._block = QRectF()
        self._scale = 1.0
        self._placed_for: tuple[object, ...] = ()
        self._around: Surroundings | None = None

    def show_proof(
        self, proof: Proof | None, block: QRectF, zoom: float, around: Surroundings | None
    ) -> None:
        """Draw it beside its block, among these surroundings; None draws nothing."""
        key = (proof, block, zoom, text_scale(zoom), around, language.code)
        if key == self._placed_for:
            return  # as when the pointer moves
        self._placed_for, self._around = key, around
        self.prepareGeometryChange()
        self.proof = proof if around is not None else None
        self._scale = text_scale(zoom)
        self._room, self._block, self.hides = QRectF(), QRectF(), False
        if self.proof is not None and around is not None:
            self._block = block
            size, scale = self.size * self._scale, self._scale
            self._room, free = free_place(block, size, GAP * scale, scale, around)
            self.hides = not free
        self.update()

    @property
    def size(self) -> QSizeF:
        """How large the card is, in px on screen; empty without a proof."""
        return QSizeF(*_size(self.proof)) if self.proof is not None else QSizeF()

    @property
    def room(self) -> QRectF:
        """Where the card lies, in canvas px; empty without one."""
        return self._room

    def boundingRect(self) -> QRectF:
        return self._room.united(self._block).adjusted(-2, -2, 2, 2)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if self.proof is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("muted"), self._scale, Qt.PenStyle.DashLine))
        line = _leader(self._block, self._room)
        painter.save()
        painter.setClipPath(self._beside_others(QRectF(*line).normalized().adjusted(-2, -2, 2, 2)))
        painter.drawLine(*line)
        painter.restore()
        painter.translate(self._room.topLeft())
        painter.scale(self._scale, self._scale)
        width, height = _size(self.proof)
        painter.setPen(QPen(theme.color("border"), 1.0))
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(QRectF(0, 0, width, height), 6, 6)
        picture = QRectF((width - SIDE) / 2, PADDING, SIDE, SIDE)
        if isinstance(self.proof, Apart):
            _paint_places(painter, self.proof, picture)
        elif isinstance(self.proof, Shares):
            _paint_shares(painter, self.proof, picture)
        else:
            _paint_counts(painter, self.proof, picture)
        painter.setFont(font(SMALL))
        for number, (token, words) in enumerate(_words(self.proof)):
            top = PADDING + SIDE + 4 + number * LINE
            _paint_line(painter, QRectF(PADDING, top, width - 2 * PADDING, LINE), token, words)
        painter.restore()

    def _beside_others(self, area: QRectF) -> QPainterPath:
        """The area without the other blocks and captions in it, behind which the line goes on."""
        free, others = QPainterPath(), QPainterPath()
        free.addRect(area)
        for each in self._around.taken.blocks if self._around is not None else ():
            if each.intersects(area) and not each.intersects(self._block):
                others.addRect(each)
        return free.subtracted(others)


_COUNTED: Mapping[What, str] = {
    "written": mark("times each pixel is written"),
    "read": mark("times each pixel is read"),
    "seen": mark("pixels that the middle unit sees"),
}


def _size(proof: Proof) -> tuple[float, float]:
    lines = _words(proof)
    widest = max(text_width(words, SMALL) + (14 if token else 0) for token, words in lines)
    width = max(SIDE, widest) + 2 * PADDING
    return width, SIDE + 2 * PADDING + 4 + LINE * len(lines)


def _words(proof: Proof) -> list[tuple[str, str]]:
    """The token of the mark and the words of every line under the picture."""
    if isinstance(proof, Counts):
        return [("", tr(_COUNTED[proof.what]))]
    if isinstance(proof, Shares):
        return [("", tr("units that see padding,")), ("", tr("of each layer up to here"))]
    said = {"own": tr("its place"), "skip": tr("through the skip"), "other": tr("from below")}
    if proof.places[0][0] == "own":
        said["other"] = tr("where it lies")
    pixels = f"{proof.pixels:.3g}"
    lines = [(TOKENS[role], said[role]) for role, _ in proof.places]
    return [*lines, ("", tr("{pixels} input px apart", pixels=pixels))]


def _paint_line(painter: QPainter, room: QRectF, token: str, words: str) -> None:
    left = room.left()
    if token:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(token))
        painter.drawEllipse(QPointF(left + 4, room.center().y()), 4, 4)
        left += 14
    painter.setPen(theme.color("text" if token else "muted"))
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.drawText(QRectF(left, room.top(), room.right() - left + 4, LINE), flags, words)


def _paint_places(painter: QPainter, proof: Apart, picture: QRectF) -> None:
    """A grid of input pixels with a dot for each place, and the line between them."""
    farthest = max(max(map(abs, place)) for _, place in proof.places)
    pixels = max(FEWEST_PIXELS, int(farthest) + 3)
    cell = picture.width() / pixels
    painter.setPen(QPen(theme.color("border"), 1.0))
    painter.setBrush(theme.color("canvas"))
    painter.drawRect(picture)
    for line in range(1, pixels if pixels <= MOST_LINES else 1):
        away = line * cell
        down, across = QPointF(0, away), QPointF(away, 0)
        painter.drawLine(picture.topLeft() + across, picture.bottomLeft() + across)
        painter.drawLine(picture.topLeft() + down, picture.topRight() + down)
    _, (_, (dy, dx)) = proof.places
    start = picture.center() - QPointF(dx, dy) * (cell / 2)
    ends = [start, start + QPointF(dx, dy) * cell]
    painter.setPen(QPen(theme.color("error"), 2.0))
    painter.drawLine(ends[0], ends[1])
    for (role, _), at in zip(proof.places, ends, strict=True):
        painter.setPen(QPen(theme.color("surface"), 1.5))
        painter.setBrush(theme.color(TOKENS[role]))
        painter.drawEllipse(at, 5.0, 5.0)


def _paint_shares(painter: QPainter, proof: Shares, picture: QRectF) -> None:
    """A bar for each layer, from the input on the left; as high as the picture where it is all."""
    painter.setPen(QPen(theme.color("border"), 1.0))
    painter.setBrush(theme.color("canvas"))
    painter.drawRect(picture)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("accent", 0.56))
    width = picture.width() / max(1, len(proof.percents))
    gap = 1.0 if width >= 4 else 0.0
    for place, percent in enumerate(proof.percents):
        height = picture.height() * percent / 100
        left = picture.left() + place * width
        painter.drawRect(QRectF(left, picture.bottom() - height, width - gap, height))


def _paint_counts(painter: QPainter, proof: Counts, picture: QRectF) -> None:
    """A cell a pixel, the darker the more often it is written, with the count where it fits."""
    down, across = len(proof.rows), len(proof.rows[0])
    cell = picture.width() / max(down, across)
    left = picture.center().x() - cell * across / 2
    top = picture.center().y() - cell * down / 2
    most = max(max(row) for row in proof.rows) or 1
    painter.setFont(font(SMALL))
    widest = text_width(number_format.grouped(most), SMALL)
    fits = cell >= max(12, widest + 3) and proof.what != "seen"
    for y, row in enumerate(proof.rows):
        for x, count in enumerate(row):
            square = QRectF(left + x * cell, top + y * cell, cell, cell)
            painter.setPen(QPen(theme.color("border"), 1.0) if cell >= 4 else Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent", 0.06 + 0.5 * count / most))
            if not count:
                painter.setBrush(theme.color("errbg" if proof.what == "read" else "canvas"))
            painter.drawRect(square)
            if fits:
                painter.setPen(theme.color("text" if count else "error"))
                painter.drawText(square, Qt.AlignmentFlag.AlignCenter, number_format.grouped(count))


def _leader(block: QRectF, room: QRectF) -> tuple[QPointF, QPointF]:
    """The shortest line from the block to the card."""
    end = block.center()
    end.setX(min(max(end.x(), room.left()), room.right()))
    end.setY(min(max(end.y(), room.top()), room.bottom()))
    start = QPointF(
        min(max(end.x(), block.left()), block.right()),
        min(max(end.y(), block.top()), block.bottom()),
    )
    return start, end
