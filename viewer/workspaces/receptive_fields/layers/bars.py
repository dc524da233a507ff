"""Bars of the receptive field of every layer, painted; a click chooses the layer."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from viewer.controls.context_menu import offer_picture
from viewer.drawing.painting.hatch import paint_hatch
from viewer.drawing.painting.text import paint_text, text_width
from viewer.look.fonts import CAPTION, SMALL
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.translation import language

LEFT, RIGHT, TOP, BOTTOM = 44, 12, 22, 28
WIDEST_BAR = 46
GRID_STEPS = 4
BETWEEN = 6.0
"""Px that stay free between the numbers of two bars."""
ROOM_FOR_IMAGE = 1.35
"""The image's size is drawn as a line where it is at most so many times the largest field."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One layer: its id, name, smallest and largest extent in input pixels, and what is said.

    `low` is None where nothing is known. `past` says that it is larger than the image.
    `before` is what it was (smallest, largest) before the change that is looked at.
    """

    id: str
    name: str
    low: int | None
    high: int
    text: str
    past: bool = False
    before: tuple[int, int] | None = None


def grid_step(top: float) -> int:
    """The distance of grid lines that gives about four: 1, 2 or 5 times a power of ten."""
    rough = max(top, 1) / GRID_STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(times * power for times in (1, 2, 5, 10) if times * power >= 0.85 * rough)
    return max(1, round(step))


class FieldBars(Guarded, QWidget):
    """A bar a layer from 0 to the smallest extent, dashed on to the largest."""

    chosen = Signal(str)
    """Id of the layer that was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        offer_picture(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(96)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._bars: tuple[Bar, ...] = ()
        self._selected: str | None = None
        self._image: tuple[int, str] | None = None
        self._hover: str | None = None
        self._written: set[int] = set()
        theme.changed.connect(self.update)
        language.changed.connect(self.update)

    def show_bars(self, bars: tuple[Bar, ...], image: tuple[int, str] | None) -> None:
        """Draw these, and a line at the image's size (with its words) when it fits."""
        self._bars, self._image = bars, image
        self.update()

    def select(self, layer: str | None) -> None:
        """Fill this layer's bar."""
        if layer != self._selected:
            self._selected = layer
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(600, 180)

    # ---------------------------------------------------------------- where things are

    def _top_value(self) -> float:
        largest = self._largest()
        line = self._image_line(largest)
        return max(largest, line or 0, 1)

    def _largest(self) -> int:
        highs = [max(bar.high, bar.before[1] if bar.before else 0) for bar in self._bars]
        return max(highs, default=1)

    def _image_line(self, largest: int) -> int | None:
        if self._image is None or self._image[0] > ROOM_FOR_IMAGE * largest:
            return None
        return self._image[0]

    def _plot(self) -> QRectF:
        return QRectF(LEFT, TOP, self.width() - LEFT - RIGHT, self.height() - TOP - BOTTOM)

    def _y(self, value: float) -> float:
        plot = self._plot()
        return plot.bottom() - value / self._top_value() * plot.height()

    def _column(self, index: int) -> QRectF:
        plot = self._plot()
        step = plot.width() / max(len(self._bars), 1)
        return QRectF(plot.left() + index * step, plot.top(), step, plot.height())

    def bar_rect(self, layer: str) -> QRectF:
        """The whole of a layer's bar, the dashed part included."""
        index = next(i for i, bar in enumerate(self._bars) if bar.id == layer)
        column, bar = self._column(index), self._bars[index]
        width = min(WIDEST_BAR, column.width() * 0.62)
        top = self._y(bar.high)
        return QRectF(column.center().x() - width / 2, top, width, self._plot().bottom() - top)

    def layer_at(self, x: float) -> str | None:
        """The layer whose column holds `x`."""
        plot = self._plot()
        if not self._bars or not plot.left() <= x < plot.right():
            return None
        index = int((x - plot.left()) / plot.width() * len(self._bars))
        return self._bars[min(index, len(self._bars) - 1)].id

    # ---------------------------------------------------------------- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.draw(painter)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)
        painter.end()

    def draw(self, painter: QPainter) -> None:
        """The chart alone, as it is exported."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._bars:
            self._paint_grid(painter)
            self._written = self.numbers_shown()
            for index, bar in enumerate(self._bars):
                self._paint_before(painter, bar)
                self._paint_bar(painter, index, bar)
            self._paint_image_line(painter)

    def _paint_before(self, painter: QPainter, bar: Bar) -> None:
        """A grey bar beside the bar: as it was."""
        if bar.before is None:
            return
        whole = self.bar_rect(bar.id)
        width, base = min(10.0, whole.width() / 3), self._plot().bottom()
        painter.setBrush(theme.color("sunken"))
        for value, style in zip(
            bar.before, (Qt.PenStyle.SolidLine, Qt.PenStyle.DotLine), strict=True
        ):
            top = self._y(value)
            painter.setPen(QPen(theme.color("ctl"), 1.25, style))
            painter.drawRect(QRectF(whole.left() - width - 3, top, width, base - top))
            painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_past(self, painter: QPainter, whole: QRectF) -> None:
        """Hatch what is past the image; without room for its line, the top of the bar."""
        at = self._image[0] if self._image is not None else 0
        foot = min(max(self._y(at), whole.top() + 6), whole.bottom())
        over = QRectF(whole.left(), whole.top(), whole.width(), foot - whole.top())
        paint_hatch(painter, over, theme.color("warn"))

    def _paint_grid(self, painter: QPainter) -> None:
        plot, step = self._plot(), grid_step(self._top_value())
        right = Qt.AlignmentFlag.AlignRight
        for value in range(0, int(self._top_value()) + 1, step):
            y = round(self._y(value)) + 0.5
            painter.setPen(QPen(theme.color("grid" if value else "border"), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            place = QPointF(plot.left() - 8, y + 4)
            paint_text(painter, place, str(value), theme.color("muted"), CAPTION, align=right)

    def _paint_bar(self, painter: QPainter, index: int, bar: Bar) -> None:
        selected = bar.id == self._selected
        whole, base = self.bar_rect(bar.id), self._plot().bottom()
        if bar.low is not None:
            solid = QRectF(whole.left(), self._y(bar.low), whole.width(), base - self._y(bar.low))
            pen = QPen(theme.color("fieldedge"), 1.5 if bar.id == self._hover else 1.25)
            painter.setPen(pen)
            painter.setBrush(theme.color("fieldedge" if selected else "fieldbg"))
            painter.drawRoundedRect(solid, 2, 2)
            if bar.high > bar.low:
                pen.setDashPattern([2.5, 2.5])
                painter.setPen(pen)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                dashed = QRectF(whole.left(), whole.top(), whole.width(), solid.top() - whole.top())
                painter.drawRect(dashed)
        if bar.past:
            self._paint_past(painter, whole)
        self._paint_words(painter, index, bar, whole, selected)

    def numbers_shown(self) -> set[int]:
        """The bars whose numbers are written: the selected one's, then all that meet no other."""
        rooms: dict[int, QRectF] = {}
        order = sorted(range(len(self._bars)), key=lambda i: self._bars[i].id != self._selected)
        for index in order:
            bar = self._bars[index]
            width = text_width(bar.text, SMALL, True) + BETWEEN
            top = self.bar_rect(bar.id).top()
            room = QRectF(self._column(index).center().x() - width / 2, top - 20, width, 16)
            if not any(room.intersects(other) for other in rooms.values()):
                rooms[index] = room
        return set(rooms)

    def _paint_words(
        self, painter: QPainter, index: int, bar: Bar, whole: QRectF, selected: bool
    ) -> None:
        column, centre = self._column(index), Qt.AlignmentFlag.AlignHCenter
        middle = column.center().x()
        if index in self._written:
            top = QPointF(middle, whole.top() - 6)
            paint_text(painter, top, bar.text, theme.color("text"), SMALL, True, centre)
        if selected or text_width(bar.name, CAPTION, selected) <= column.width() - 2:
            ink = theme.color("text" if selected else "muted")
            foot = QPointF(middle, self._plot().bottom() + 17)
            paint_text(painter, foot, bar.name, ink, CAPTION, selected, centre)

    def _paint_image_line(self, painter: QPainter) -> None:
        at = self._image_line(self._largest())
        if at is None or self._image is None:
            return
        plot, y = self._plot(), self._y(at)
        painter.setPen(QPen(theme.color("text"), 1))
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        place = QPointF(plot.left() + 4, y - 4 if y > TOP else y + 13)
        paint_text(painter, place, self._image[1], theme.color("text"), CAPTION)

    # ---------------------------------------------------------------- mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        layer = self.layer_at(event.position().x())
        if layer is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(layer)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hover = self.layer_at(event.position().x())
        if hover != self._hover:
            self._hover = hover
            bar = next((bar for bar in self._bars if bar.id == hover), None)
            said = f"{bar.name}: {bar.text}" if bar is not None else ""
            QToolTip.showText(event.globalPosition().toPoint(), said, self)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None or not self._bars:
            super().keyPressEvent(event)
            return
        ids = [bar.id for bar in self._bars]
        at = ids.index(self._selected) + step if self._selected in ids else 0
        self.chosen.emit(ids[min(max(at, 0), len(ids) - 1)])
