"""The same tensor as a picture: one slice in ink, or three channels as red, green and blue."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.controls.context_menu import Entry, copy_entry, offer_menu
from viewer.drawing.painting.text import paint_text
from viewer.look.fonts import CAPTION
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.learn.tensor_pad.heat import ends, plane_image, rgb_image
from viewer.workspaces.learn.tensor_pad.model import Index, PadModel
from viewer.workspaces.learn.tensor_pad.shape_words import cell_text

HEAD = 16
RGB_SIDE = 2
"""Three planes of less either way are three numbers, no picture."""


class PadPicture(Guarded, QWidget):
    """Pixels are elements; words over them say what the colours stand for."""

    def __init__(self, model: PadModel) -> None:
        super().__init__()
        self._model = model
        self._image: QImage | None = None
        self.setMouseTracking(True)
        self.setMinimumSize(100, 90)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        offer_menu(self, self._entries)
        say(self, self.setAccessibleName, mark("The tensor as a picture"))
        model.answered.connect(self._draw)
        model.sliceChanged.connect(self._draw)
        model.pointedChanged.connect(self.update)
        theme.changed.connect(self._draw)
        language.changed.connect(self.update)
        self._draw()

    def _entries(self, _: object) -> tuple[Entry, ...]:
        return (copy_entry(mark("Copy picture"), self._image),)

    def sizeHint(self) -> QSize:
        return QSize(160, 160)

    @property
    def is_rgb(self) -> bool:
        """Whether three channels are shown as colours."""
        tensor = self._model.tensor
        shape = tensor.shape if tensor is not None else ()
        return len(shape) > 2 and shape[-3] == 3 and min(shape[-2:]) >= RGB_SIDE

    def _draw(self) -> None:
        tensor = self._model.tensor
        self._image = None
        if tensor is not None and tensor.summary_size:
            index = self._model.slice
            if self.is_rgb:
                self._image = rgb_image(tensor.values[index[:-1]], tensor)
            else:
                rows, columns = (1, 1, *tensor.shape)[-2:]
                plane = tensor.values[index].reshape(rows, columns)
                self._image = plane_image(plane, tensor)
        self.update()

    def words(self) -> str:
        """What the colours stand for."""
        tensor = self._model.tensor
        if tensor is None or self._image is None:
            return ""
        if self.is_rgb:
            low, high = (cell_text(v, "float64") for v in (tensor.summary.low, tensor.summary.high))
            return tr("red, green, blue from {low} to {high}", low=low, high=high)
        low, high = (cell_text(value, "float64") for value in ends(tensor))
        if tensor.summary.low < 0:
            return tr("magenta {low}, green {high}", low=low, high=high)
        return tr("black {low}, white {high}", low=low, high=high)

    def area(self) -> QRectF:
        """Where the picture lies: as large as fits, pixels square."""
        if self._image is None:
            return QRectF()
        wide, high = self._image.width(), self._image.height()
        scale = min(self.width() / wide, (self.height() - HEAD) / high)
        return QRectF(0, HEAD, wide * scale, high * scale)

    def _index_at(self, at: QPointF) -> Index | None:
        area, tensor = self.area(), self._model.tensor
        if self._image is None or tensor is None or not area.contains(at):
            return None
        high, wide = self._image.height(), self._image.width()
        row = min(int((at.y() - area.top()) / area.height() * high), high - 1)
        column = min(int((at.x() - area.left()) / area.width() * wide), wide - 1)
        axes = len(tensor.shape)
        return (*self._model.slice, row, column) if axes > 1 else (column,)[:axes]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._model.point_at(self._index_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._model.point_at(None)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is None:
            return
        painter = QPainter(self)
        area = self.area()
        paint_text(painter, QPointF(0, 11), self.words(), theme.color("muted"), CAPTION)
        smooth = area.width() < self._image.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(area, self._image)
        painter.setPen(QPen(theme.color("border"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area.adjusted(0, 0, -1, -1))
        pointed = self._model.pointed
        if pointed is not None and pointed[:-2] == self._model.slice:
            row, column = (0, 0, *pointed)[-2:]
            down, across = area.height() / self._image.height(), area.width() / self._image.width()
            painter.setPen(QPen(theme.color("accent"), 2))
            spot = QRectF(area.left() + column * across, area.top() + row * down, across, down)
            painter.drawRect(spot)
        painter.end()
