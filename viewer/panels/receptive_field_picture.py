"""The input picture with the theoretical receptive field of one unit drawn on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from analysis.inference.messages import Picture
from analysis.receptive_field import UnitSet
from viewer.drawing.inks import current_inks
from viewer.drawing.lettering import paint_text, text_width
from viewer.drawing.seen import box_rect, paint_seen, paint_unit
from viewer.messages import language, tr
from viewer.theme import CAPTION, SMALL, font, theme

RADIUS = 3.0
LABEL_HEIGHT = 18.0
LABEL_GAP = 6.0


@dataclass(frozen=True)
class Shown:
    """What is drawn on the picture: the set, the unit's own position and a label of its size.

    `at` is in input pixels from the upper left corner, (y, x).
    """

    seen: UnitSet
    at: tuple[float, float] | None
    label: str


class FieldPicture(QWidget):
    """The input, as wide as the panel; pixels outside the field are dimmed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumWidth(200)
        self._size = (1, 1)
        self._pixels: Picture | None = None
        self._scaled: QPixmap | None = None
        self._shown: Shown | None = None
        theme.changed.connect(self.update)
        language.changed.connect(self.update)

    def show_input(self, size: tuple[int, int], pixels: Picture | None) -> None:
        """The input's (height, width) and its picture, None while there is none."""
        if size != self._size:
            self._size = size
            self.updateGeometry()
        if pixels is not self._pixels:
            self._pixels, self._scaled = pixels, None
        self.update()

    def show_field(self, shown: Shown | None) -> None:
        """Draw a unit's field, or none."""
        self._shown = shown
        self.setAccessibleDescription(shown.label if shown else "")
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
        self._paint_input(painter, area)
        if self._shown is not None:
            painter.save()
            painter.setClipRect(area)
            self._paint_field(painter, area, self._shown)
            painter.restore()
        painter.end()

    def _paint_input(self, painter: QPainter, area: QRectF) -> None:
        if self._pixels is not None:
            painter.drawPixmap(area.topLeft(), self._picture(self._pixels, area))
            return
        painter.setPen(QPen(theme.color("border"), 1))
        painter.setBrush(theme.color("sunken"))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        if self._shown is None:
            painter.setPen(theme.color("muted"))
            painter.setFont(font(SMALL))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, tr("no image"))

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
        return self._scaled

    def _paint_field(self, painter: QPainter, area: QRectF, shown: Shown) -> None:
        inks = current_inks()
        paint_seen(painter, inks, area, self._size, shown.seen, 1.0)
        if shown.at is not None:
            painter.setClipping(False)
            place = QPointF(
                area.left() + shown.at[1] / self._size[1] * area.width(),
                area.top() + shown.at[0] / self._size[0] * area.height(),
            )
            if area.adjusted(-1, -1, 1, 1).contains(place):
                paint_unit(painter, inks, place, 1.0)
            painter.setClipping(True)
        if shown.seen.box is not None and shown.label:
            self._paint_label(painter, area, box_rect(shown.seen.box, area, self._size), shown)

    def _paint_label(self, painter: QPainter, area: QRectF, box: QRectF, shown: Shown) -> None:
        """On the dimmed part, below, above or beside the box; nowhere if there is no room."""
        width = text_width(shown.label, CAPTION, bold=True) + 12
        place = label_place(area, box, width)
        if place is None:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("fieldline"))
        painter.drawRoundedRect(place, RADIUS, RADIUS)
        baseline = QPointF(place.center().x(), place.center().y() + 4)
        ink = current_inks().color("text") if theme.mode == "light" else theme.color("window")
        paint_text(
            painter, baseline, shown.label, ink, CAPTION, True, Qt.AlignmentFlag.AlignHCenter
        )


def label_place(area: QRectF, box: QRectF, width: float) -> QRectF | None:
    """Where a label `width` wide stands inside `area` and outside `box`; None without room."""
    left = min(max(box.left(), area.left() + 4), area.right() - width - 4)
    below = QRectF(left, box.bottom() + LABEL_GAP, width, LABEL_HEIGHT)
    above = QRectF(left, box.top() - LABEL_GAP - LABEL_HEIGHT, width, LABEL_HEIGHT)
    middle = min(max(box.top(), area.top() + 4), area.bottom() - LABEL_HEIGHT - 4)
    right = QRectF(box.right() + LABEL_GAP, middle, width, LABEL_HEIGHT)
    before = QRectF(box.left() - LABEL_GAP - width, middle, width, LABEL_HEIGHT)
    return next((place for place in (below, above, right, before) if area.contains(place)), None)


def image_of(pixels: Picture) -> QImage:
    """A QImage of its own from (height, width) of 0xAARRGGBB."""
    held = np.ascontiguousarray(pixels)
    height, width = held.shape
    kind = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(held.data, width, height, width * 4, kind).copy()
