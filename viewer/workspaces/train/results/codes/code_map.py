"""The plane of codes: a point for each held-out picture, which the pointer and the keys choose."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from analysis.training.process.findings import TwinCodes
from viewer.controls.context_menu import offer_picture
from viewer.drawing.charts.scatter_chart import Scatter, paint_scatter, places, plot_of
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.escaping import name_text
from viewer.text.number_format import percent
from viewer.text.translation import language, mark, say, tr
from viewer.workspaces.train.charts.pixels import packed

HEIGHT = 220
REACH = 12.0
THUMB = 56.0
RING = 6.0


class CodeMap(Guarded, QWidget):
    """Shows codes as points. chosen(int): a picture is clicked, or taken with Return."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._codes: TwinCodes | None = None
        self._ends: tuple[int, ...] = ()
        self._images: dict[int, QImage] = {}
        self.pointed: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        say(self, self.setAccessibleName, mark("Where the codes lie"))
        offer_picture(self)
        theme.changed.connect(self.update)
        language.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(240, HEIGHT)

    def show_codes(self, codes: TwinCodes | None, ends: tuple[int, ...]) -> None:
        """Show these points, with the two pictures ringed that are walked between."""
        if codes is not self._codes:
            self._images.clear()
            self.pointed = None
        self._codes, self._ends = codes, ends
        self.setToolTip("")
        self.update()

    def places(self) -> list[QPointF]:
        """Where each picture's point is drawn."""
        if self._codes is None:
            return []
        return [QPointF(x, y) for x, y in places(self._scatter(), plot_of(self._room()))]

    def _scatter(self) -> Scatter:
        assert self._codes is not None
        title = tr("{share} of the variance", share=percent(sum(self._codes.shares)))
        return Scatter(title, self._codes.points, self._codes.classes)

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(0, 0, -(THUMB + 12), 0)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self._under(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._under(event.position())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go through the pictures, Return chooses one."""
        count = 0 if self._codes is None else len(self._codes.points)
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if step is not None and count:
            self._point((step - 1) // 2 % count if self.pointed is None
                        else (self.pointed + step) % count)  # fmt: skip
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Space) and self.pointed is not None:
            self.chosen.emit(self.pointed)
        else:
            super().keyPressEvent(event)

    def _under(self, at: QPointF) -> int | None:
        near = [(place - at).manhattanLength() for place in self.places()]
        best = min(range(len(near)), key=near.__getitem__, default=None)
        return best if best is not None and near[best] <= REACH else None

    def _point(self, index: int | None) -> None:
        if index == self.pointed:
            return
        self.pointed = index
        if index is not None and self._codes is not None:
            self.setAccessibleDescription(
                tr("Picture {n}, class {name}", n=index, name=name_text(self._codes.classes[index]))
            )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        codes = self._codes
        if codes is not None:
            beside = () if self.pointed is None else tuple(map(int, codes.nearest[self.pointed]))
            ringed = (*self._ends, *(() if self.pointed is None else (self.pointed,)))
            paint_scatter(painter, self._scatter(), self._room())
            self._paint_rings(painter, ringed, 2.0)
            self._paint_rings(painter, beside, 1.0)
            if self.pointed is not None:
                self._paint_pointed(painter, (self.pointed, *beside))
        painter.end()

    def _paint_rings(self, painter: QPainter, pictures: tuple[int, ...], width: float) -> None:
        where = self.places()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("accent"), width))
        for index in pictures:
            painter.drawEllipse(where[index], RING, RING)

    def _paint_pointed(self, painter: QPainter, pictures: tuple[int, ...]) -> None:
        """The picture under the pointer, and small below it those with the nearest codes."""
        left, top = self.width() - THUMB - 4, 8.0
        for at, index in enumerate(pictures):
            side = THUMB if at == 0 else THUMB * 0.75
            painter.drawImage(QRectF(left, top, side, side), self._image(index))
            top += side + 4

    def _image(self, index: int) -> QImage:
        assert self._codes is not None
        if index not in self._images:
            self._images[index] = packed(self._codes.pictures[index])
        return self._images[index]
