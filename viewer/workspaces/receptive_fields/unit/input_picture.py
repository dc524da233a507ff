"""The input picture with fields of units, tiles and masks drawn on it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from analysis.inference.protocol.runs import Picture
from viewer.controls.context_menu import offer_picture
from viewer.drawing.files.figure_file import Paint
from viewer.drawing.painting.array_image import image_of
from viewer.drawing.painting.device_pixels import DevicePixels
from viewer.drawing.receptive_fields.field_painting import DIM
from viewer.drawing.receptive_fields.input_overlay import (
    RADIUS,
    Overlay,
    bright_fields,
    paint_overlay,
)
from viewer.look.fonts import SMALL, font
from viewer.look.pale import opacity
from viewer.look.palette import current_inks
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.translation import language, tr

FIGURE = 512.0
"""Least length in px of the longer side of an exported picture."""


class FieldPicture(Guarded, QWidget):
    """The input, as wide as the panel, with what is to be seen on it."""

    pointed = Signal(object)
    """The input pixel (y, x) under the pointer; None when it has left."""
    pressed = Signal(int, int)
    """The input pixel, y and x, that was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        offer_picture(self)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumWidth(200)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # Shift and arrows go on from the click
        self._size = (1, 1)
        self._pixels: Picture | None = None
        self._pale = False
        self._scaled: QPixmap | None = None
        self._dimmed: QPixmap | None = None
        self.without = ""
        """Why there is no picture, where it is not that no image was opened."""
        self.overlay = Overlay()
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(Qt.CursorShape.CrossCursor)
        theme.changed.connect(self.update)
        language.changed.connect(self.update)

    def show_input(self, size: tuple[int, int], pixels: Picture | None, without: str = "") -> None:
        """The input's (height, width), its picture, and why there is none where it is None."""
        self.without = without
        if size != self._size:
            self._size = size
            self.updateGeometry()
        if pixels is not self._pixels:
            self._pixels, self._scaled = pixels, None
        self.update()

    def show_age(self, old: bool) -> None:
        """The picture, not what is drawn over it, is pale while it is of an earlier state."""
        if old != self._pale:
            self._pale = old
            self.update()

    def show_overlay(self, overlay: Overlay) -> None:
        """Draw this over the input."""
        self.overlay = overlay
        self.setAccessibleDescription(", ".join(lit.label for lit in overlay.lit if lit.label))
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max(40, round(width * min(self._size[0] / max(self._size[1], 1), 1.5)))

    def sizeHint(self) -> QSize:
        return QSize(428, self.heightForWidth(428))

    def area(self) -> QRectF:
        """Where the input lies in the widget: as large as fits, aspect kept."""
        scale = min(self.width() / self._size[1], self.height() / self._size[0])
        width, height = self._size[1] * scale, self._size[0] * scale
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self.area()
        covers = area.toAlignedRect().contains(self.rect()) and not self._pale
        if not covers or self._pixels is None:
            painter.fillRect(self.rect(), theme.color("surface"))
        bright = bright_fields(area, self._size, self.overlay)
        painter.setOpacity(opacity(self._pale))
        self._paint_input(painter, area, bright)
        painter.setOpacity(1.0)
        dimmed = bright is not None and self._pixels is not None
        paint_overlay(painter, current_inks(), area, self._size, self.overlay, dimmed)
        painter.end()

    def figure(self) -> tuple[QSizeF, Paint]:
        """Size in px and painting of the input with its overlay, as it is exported."""
        scale = max(1.0, FIGURE / max(self._size))
        size = QSizeF(self._size[1] * scale, self._size[0] * scale)
        held, overlay, pixels = self._size, self.overlay, self._pixels
        image = image_of(pixels) if pixels is not None else None

        def paint(painter: QPainter) -> None:
            area = QRectF(0, 0, size.width(), size.height())
            painter.fillRect(area, theme.color("sunken"))
            if image is not None:
                painter.drawImage(area, image)
            paint_overlay(painter, current_inks(), area, held, overlay)

        return size, paint

    def pixel_at(self, place: QPointF) -> tuple[int, int] | None:
        """The input pixel (y, x) at a point of the widget, None outside."""
        area = self.area()
        if not area.contains(place) or self._size[0] < 1:
            return None
        y = int((place.y() - area.top()) / area.height() * self._size[0])
        x = int((place.x() - area.left()) / area.width() * self._size[1])
        return min(y, self._size[0] - 1), min(x, self._size[1] - 1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Emit the pixel; a drag presses every pixel on its way."""
        pixel = self.pixel_at(event.position())
        if event.buttons() & Qt.MouseButton.LeftButton and pixel is not None:
            self.pressed.emit(*pixel)
        else:
            self.pointed.emit(pixel)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Emit the pixel that is clicked."""
        pixel = self.pixel_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and pixel is not None:
            self.pressed.emit(*pixel)

    def leaveEvent(self, event: QEvent) -> None:
        """No pixel is pointed at any more."""
        self.pointed.emit(None)
        super().leaveEvent(event)

    def _paint_input(
        self, painter: QPainter, area: QRectF, bright: Sequence[QRectF] | None
    ) -> None:
        if self._pixels is not None:
            picture = self._picture(self._pixels, area)
            painter.drawPixmap(area.topLeft(), picture if bright is None else self._dark(picture))
            for rect in bright or ():
                self._paint_bright(painter, picture, area, rect)
            return
        painter.setPen(QPen(theme.color("border"), 1))
        painter.setBrush(theme.color("sunken"))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        if not self.overlay.lit:
            painter.setPen(theme.color("muted"))
            painter.setFont(font(SMALL))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.without or tr("no image"))

    def _picture(self, pixels: Picture, area: QRectF) -> QPixmap:
        """The input in device pixels, scaled once: smooth, but nearest when over 2 ×."""
        ratio = self.devicePixelRatioF()
        size = QSize(round(area.width() * ratio), round(area.height() * ratio))
        if self._scaled is None or self._scaled.size() != size:
            enlarged = size.width() > 2 * pixels.shape[1]
            how = Qt.TransformationMode
            mode = how.FastTransformation if enlarged else how.SmoothTransformation
            whole = Qt.AspectRatioMode.IgnoreAspectRatio
            self._scaled = QPixmap.fromImage(image_of(pixels).scaled(size, whole, mode))
            self._scaled.setDevicePixelRatio(ratio)
            self._dimmed = None
        return self._scaled

    def _dark(self, picture: QPixmap) -> QPixmap:
        """The same picture dimmed, painted once: a field that moves costs two copies."""
        if self._dimmed is None:
            self._dimmed = picture.copy()
            painter = QPainter(self._dimmed)
            painter.fillRect(self._dimmed.rect(), DIM)
            painter.end()
        return self._dimmed

    @staticmethod
    def _paint_bright(painter: QPainter, picture: QPixmap, area: QRectF, rect: QRectF) -> None:
        pixels = DevicePixels.of(painter)
        place = pixels.snapped(rect & area)
        corner = pixels.to_device.map(area.topLeft())
        source = QRectF(place).translated(-corner)
        finer = picture.width() / max(1.0, pixels.to_device.mapRect(area).width())
        source = QRectF(source.topLeft() * finer, source.size() * finer)  # 1 but in a recording
        painter.save()
        painter.resetTransform()
        painter.drawPixmap(pixels.painted(place), picture, source)
        painter.restore()
