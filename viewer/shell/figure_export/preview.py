"""Shows a figure just as it will be written, drawn in a worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.drawing.network.diagram import Diagram, DrawnNetwork
from viewer.drawing.network.diagram_file import diagram, diagram_image
from viewer.drawing.network.figure_options import FigureOptions
from viewer.look.fonts import provide
from viewer.look.theme import theme
from viewer.look.typefaces import typeface
from viewer.override_guard import Guarded
from viewer.session.background_jobs import Background, Job
from viewer.text.translation import say

MARGIN = 16
TILE = 8.0
"""Px of a tile of the pattern behind what is transparent."""


@dataclass(frozen=True)
class _Drawn:
    """A figure and its image for one size of the preview."""

    drawing: Diagram
    image: QImage
    scale: float


class FigurePreview(Guarded, QWidget):
    """The latest figure asked for, as large as there is room; `drawn` is emitted with each."""

    drawn = Signal()
    failed = Signal(object)

    def __init__(self, network: DrawnNetwork, background: Background) -> None:
        super().__init__()
        self.network, self._background = network, background
        self._options = FigureOptions()
        self._job: Job[_Drawn] | None = None
        self._waits = False
        self.drawing: Diagram | None = None
        self.image = QImage()
        self.scale = 1.0
        """Pixels of the image for one px of the figure."""
        self.setMinimumSize(360, 300)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        say(self, self.setAccessibleName, "The figure as it will be written")

    def show_options(self, options: FigureOptions) -> None:
        """Draw the figure with other options."""
        self._options = options
        self.drawing = None
        self._ask()

    @property
    def busy(self) -> bool:
        """Whether another figure is being drawn."""
        return self._job is not None

    def stop(self) -> None:
        """Draw nothing any more."""
        self._waits = False
        if self._job is not None:
            self._job.cancel()

    def _ask(self) -> None:
        if self._job is not None:
            self._waits = True
            return
        provide(typeface(self._options.font))
        work = _work(self.network, self._options, self._room(), self.devicePixelRatioF())
        self._job = self._background.start(work, self._take, self._give_up)

    def _room(self) -> QSize:
        return self.size() - QSize(2 * MARGIN, 2 * MARGIN)

    def _take(self, found: _Drawn) -> None:
        self._job = None
        if self._waits:
            self._waits = False
            self._ask()
            return
        self.drawing, self.image, self.scale = found.drawing, found.image, found.scale
        self.update()
        self.drawn.emit()

    def _give_up(self, error: Exception) -> None:
        self._job, self._waits = None, False
        self.failed.emit(error)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ask()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("sunken"))
        if self.image.isNull():
            return
        room = QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        size = self.image.deviceIndependentSize()
        size.scale(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        corner = room.center() - QPointF(size.width() / 2, size.height() / 2)
        area = QRectF(corner, size)
        if self._options.theme == "transparent":
            _paint_tiles(painter, area)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(area, self.image)
        painter.setPen(theme.color("border"))
        painter.drawRect(area)


def _work(
    network: DrawnNetwork, options: FigureOptions, room: QSize, ratio: float
) -> Callable[[Event], _Drawn]:
    def work(_cancelled: Event) -> _Drawn:
        drawing = diagram(network, options)
        size = drawing.size
        fit = min(room.width() / max(size.width(), 1.0), room.height() / max(size.height(), 1.0))
        scale = max(fit, 0.01) * ratio
        image = diagram_image(drawing, scale)
        image.setDevicePixelRatio(ratio)
        return _Drawn(drawing, image, scale)

    return work


def _paint_tiles(painter: QPainter, area: QRectF) -> None:
    """The pattern that stands for nothing behind."""
    painter.fillRect(area, QColor("#ffffff"))
    columns, rows = int(area.width() // TILE) + 1, int(area.height() // TILE) + 1
    for row in range(rows):
        for column in range(row % 2, columns, 2):
            tile = QRectF(area.left() + TILE * column, area.top() + TILE * row, TILE, TILE)
            painter.fillRect(tile.intersected(area), QColor("#e6e9ee"))
