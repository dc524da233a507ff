"""Paints a skip's contribution: bars about zero, frequency bands, the signed map.

What adds is filled, what subtracts is hollow: the sign is never told by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from analysis.inference.protocol.runs import Picture
from viewer.drawing.painting.array_image import image_of
from viewer.drawing.painting.text import paint_text, text_width
from viewer.look.fonts import CAPTION
from viewer.look.pale import opacity
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.number_format import is_nothing
from viewer.text.translation import language

MAP = 76
THINNEST = 3.0


@dataclass(frozen=True, slots=True)
class Part:
    """One source's share of the output: its id, name, a number for tight places, and colour."""

    id: str
    name: str
    short: str
    share: float
    token: str


def paint_share(painter: QPainter, rect: QRectF, share: float, token: str) -> None:
    """A filled bar where the share adds, a hollow one where it subtracts."""
    if share < 0:
        painter.setPen(QPen(theme.color("skipneg"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(0.75, 0.75, -0.75, -0.75), 2, 2)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(token))
        painter.drawRoundedRect(rect, 2, 2)


class PaintedWidget(Guarded, QWidget):
    """A widget that paints itself anew when theme or language change; pale when out of date."""

    def __init__(self) -> None:
        super().__init__()
        self.pale = False
        theme.changed.connect(self.update)
        language.changed.connect(self.update)

    def set_pale(self, pale: bool) -> None:
        """Whether what is drawn is out of date."""
        if pale != self.pale:
            self.pale = pale
            self.update()

    def begin(self) -> QPainter:
        """A painter on this widget, with the opacity that belongs to it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(opacity(self.pale))
        return painter


class ShareStack(PaintedWidget):
    """All parts in one bar about zero: what adds to the right of it, what subtracts to the left."""

    chosen = Signal(str)
    """Id of the part that was clicked."""

    BAR = 22
    HEIGHT = 42

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(self.HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._parts: tuple[Part, ...] = ()

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Draw these, in this order."""
        self._parts = tuple(parts)
        self.update()

    def rects(self) -> tuple[tuple[Part, QRectF], ...]:
        """Each part's piece of the bar; the zero line is where the pieces that add begin."""
        below = sum(-part.share for part in self._parts if part.share < 0)
        above = sum(part.share for part in self._parts if part.share >= 0)
        scale = self.width() / max(below + above, 1e-9)
        right, left = below * scale, below * scale
        placed = []
        for part in self._parts:
            width = abs(part.share) * scale
            if part.share < 0:
                left -= width
                rect = QRectF(left, 0, width, self.BAR)
            else:
                rect = QRectF(right, 0, width, self.BAR)
                right += width
            placed.append((part, rect))
        return tuple(placed)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.begin()
        placed, centre = self.rects(), Qt.AlignmentFlag.AlignHCenter
        for part, rect in placed:
            if rect.width() < 0.5:
                continue
            gap = 1.0 if rect.width() > THINNEST else 0.0
            paint_share(painter, rect.adjusted(0, 1, -gap, -1), part.share, part.token)
            for text in (part.name, part.short):
                if text and text_width(text, CAPTION) + 2 <= rect.width():
                    foot = QPointF(rect.center().x(), self.BAR + 14)
                    paint_text(painter, foot, text, theme.color("muted"), CAPTION, align=centre)
                    break
        zero = sum(rect.width() for part, rect in placed if part.share < 0)
        if zero > 0:
            painter.setPen(QPen(theme.color("text"), 1))
            painter.drawLine(QPointF(zero - 0.5, -1), QPointF(zero - 0.5, self.BAR + 2))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for part, rect in self.rects():
            if rect.left() <= event.position().x() < rect.right():
                self.chosen.emit(part.id)


class ShareBar(PaintedWidget):
    """A bar of one share about a zero line that all rows have at the same place."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self.setFixedHeight(16)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._token = token
        self._share: float | None = None
        self._ends = (0.0, 1.0)

    def show_share(self, share: float | None, ends: tuple[float, float]) -> None:
        """The share, and the smallest (≤ 0) and largest share of all rows."""
        self._share, self._ends = share, ends
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.begin()
        low, high = self._ends
        scale = (self.width() - 2) / max(high - low, 1e-9)
        zero = 1 - low * scale
        painter.setPen(QPen(theme.color("edge"), 1))
        painter.drawLine(QPointF(zero - 0.5, 0), QPointF(zero - 0.5, self.height()))
        if self._share is not None:
            least = 0.0 if is_nothing(self._share) else THINNEST
            length = max(abs(self._share) * scale, least)
            left = zero if self._share >= 0 else zero - 1 - length
            paint_share(painter, QRectF(left, 3, length, 10), self._share, self._token)
        painter.end()


class BandBars(PaintedWidget):
    """A skip's part of each band of frequency, low to high, about zero."""

    WIDTH = 68

    def __init__(self, token: str) -> None:
        super().__init__()
        self.setFixedSize(self.WIDTH, 26)
        self._token = token
        self._bands: tuple[float, ...] = ()
        self._ends = (0.0, 1.0)

    def show_bands(self, bands: Sequence[float], ends: tuple[float, float]) -> None:
        """The shares by band, and the smallest (≤ 0) and largest of all rows."""
        self._bands, self._ends = tuple(bands), ends
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.begin()
        low, high = self._ends
        scale = (self.height() - 2) / max(high - low, 1e-9)
        zero = 1 + high * scale
        step = self.width() / max(len(self._bands), 1)
        for index, band in enumerate(self._bands):
            size = abs(band) * scale
            top = zero - size if band >= 0 else zero
            if size >= 0.75:
                paint_share(
                    painter,
                    QRectF(index * step + 1, top, step - 2, max(size, 2 if band >= 0 else 4)),
                    band,
                    self._token,
                )
        if self._bands:
            painter.setPen(QPen(theme.color("edge"), 1))
            painter.drawLine(QPointF(0, zero), QPointF(self.width(), zero))
        painter.end()


class ContributionMap(PaintedWidget):
    """The signed picture of what a part adds to the output."""

    def __init__(self) -> None:
        super().__init__()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(MAP, MAP)
        self._pixels: Picture | None = None
        self._scaled: QPixmap | None = None

    def show_picture(self, pixels: Picture | None) -> None:
        """The picture, or an empty square."""
        if pixels is not self._pixels:
            self._pixels = pixels
            self._scaled = None
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.begin()
        if self._pixels is not None:
            if self._scaled is None:
                self._scaled = scaled_to(self._pixels, MAP, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(0, 0), self._scaled)
        else:
            painter.setPen(QPen(theme.color("border"), 1))
            painter.setBrush(theme.color("sunken"))
            area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(area, 3, 3)
        painter.end()


def scaled_to(pixels: Picture, side: int, ratio: float) -> QPixmap:
    """The picture with its longer side `side` logical pixels long, smoothed once."""
    length = round(side * ratio)
    image = image_of(pixels).scaled(
        length,
        length,
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    pixmap = QPixmap.fromImage(image)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
