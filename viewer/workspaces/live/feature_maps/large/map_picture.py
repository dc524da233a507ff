"""A map drawn as large as it fits, with a pointer in it and a receptive field on it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from analysis.receptive_field import UnitSet
from viewer.controls.arrow_keys import moved
from viewer.controls.context_menu import Entry, copy_entry, offer_menu
from viewer.drawing.receptive_fields.field_painting import HALO, paint_seen
from viewer.look.fonts import SMALL, font
from viewer.look.pale import opacity
from viewer.look.palette import current_inks
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.translation import language, mark


class MapPicture(Guarded, QWidget):
    """An image of a map, smooth where it is shrunk; the pointer is (down, across) in [0, 1)."""

    pointed = Signal(object)
    """(down, across) in [0, 1) under the pointer, None when it has left."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.image: QImage | None = None
        self.words = ""
        self.stale = False
        self._name = name
        self._place: tuple[float, float] | None = None
        self._seen: UnitSet | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        offer_menu(self, lambda _: self._entries())
        theme.changed.connect(self.update)
        language.changed.connect(self.update)

    def _entries(self) -> tuple[Entry, ...]:
        return (copy_entry(mark("Copy picture"), self.image),)

    def show_image(self, image: QImage | None, words: str = "", stale: bool = False) -> None:
        """Show an image, pale where it is `stale`; without one the words say why."""
        self.image, self.words, self.stale = image, words, stale
        self.update()

    def point_at(self, place: tuple[float, float] | None, seen: UnitSet | None = None) -> None:
        """Mark a place, or light a set of pixels instead."""
        if (place, seen) != (self._place, self._seen):
            self._place, self._seen = place, seen
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 240)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 120)

    def area(self) -> QRectF:
        """Where the image lies: as large as fits, aspect kept, at the upper left."""
        if self.image is None:
            side = float(min(self.width(), self.height()))
            return QRectF(0, 0, side, side)
        wide, high = max(1, self.image.width()), max(1, self.image.height())
        scale = min(self.width() / wide, self.height() / high)
        return QRectF(0, 0, wide * scale, high * scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self.area()
        if self.image is None:
            painter.setPen(QPen(theme.color("border"), 1))
            painter.setBrush(theme.color("sunken"))
            painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
            painter.setPen(theme.color("muted"))
            painter.setFont(font(SMALL))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(area.adjusted(8, 8, -8, -8), flags, self.words)
            painter.end()
            return
        painter.setOpacity(opacity(self.stale))
        smooth = area.width() <= 2 * self.image.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(area, self.image)
        painter.setOpacity(1.0)
        self._paint_marks(painter, area, self.image)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRect(area.adjusted(1, 1, -1, -1))
        painter.end()

    def _paint_marks(self, painter: QPainter, area: QRectF, image: QImage) -> None:
        if self._seen is not None and len(self._seen.size) == 2:
            painter.save()
            painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
            size = (self._seen.size[0], self._seen.size[1])
            paint_seen(painter, current_inks(), area, size, self._seen, 1.0)
            painter.restore()
        if self._place is None:
            return
        y, x = unit_at(self._place, image.height(), image.width())
        down, across = area.height() / image.height(), area.width() / image.width()
        unit = QRectF(area.left() + x * across, area.top() + y * down, across, down)
        side = max(unit.width(), unit.height(), 7.0)
        ring = QRectF(0, 0, side, side)
        ring.moveCenter(unit.center())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((HALO, 4.0), (theme.color("fieldline"), 2.0)):
            painter.setPen(QPen(color, width))
            painter.drawRect(ring)

    # ---------------------------------------------------------------- mouse and keys

    def _at(self, point: QPointF) -> tuple[float, float] | None:
        area = self.area()
        if self.image is None or not area.contains(point):
            return None
        down, across = point.y() / area.height(), point.x() / area.width()
        return min(down, 1 - 1e-9), min(across, 1 - 1e-9)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointed.emit(self._at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()
        self.pointed.emit(self._at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        if not self.hasFocus():
            self.pointed.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        size = (self.image.height(), self.image.width()) if self.image is not None else (0, 0)
        here = unit_at(self._place or (0.5, 0.5), *size)
        unit = moved(event.key(), here, size)
        if unit is None:
            super().keyPressEvent(event)
        else:
            self.pointed.emit(((unit[0] + 0.5) / size[0], (unit[1] + 0.5) / size[1]))


def unit_at(place: tuple[float, float], height: int, width: int) -> tuple[int, int]:
    """The unit (row, column) of a map of that size at a place in [0, 1)²."""
    return min(int(place[0] * height), height - 1), min(int(place[1] * width), width - 1)
