"""Pictures to choose from, as columns of buttons: two, or three of small ones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QWidget

from viewer.controls.context_menu import Entry, copy_entry, offer_menu
from viewer.drawing.painting.text import lettering
from viewer.files.image_sources.contract import Sample
from viewer.look.fonts import CAPTION
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.translation import language, mark, say, tr

SIDE, SMALL_SIDE = 92, 58
CAPTION_HEIGHT = 18


class SampleButton(Guarded, QAbstractButton):
    """A square picture with its name below; the chosen one has the ring of a selection."""

    def __init__(self, sample: Sample) -> None:
        super().__init__()
        self.sample = sample
        self.setCheckable(True)
        self.side = SIDE
        self.set_side(SIDE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._picture: QPixmap | None = None
        say(self, self.setAccessibleName, sample.name)
        theme.changed.connect(self.update)
        language.changed.connect(self.update)

    def set_side(self, side: int) -> None:
        """Show the picture in a square of so many px."""
        self.side, self._picture = side, None
        self.setFixedHeight(side + CAPTION_HEIGHT + 6)
        self.setMinimumWidth(side + 6)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.side + 6, self.side + CAPTION_HEIGHT + 6)

    def nextCheckState(self) -> None:
        """What is checked follows the document, not the click."""

    def picture(self) -> QPixmap:
        """The middle square, read when first painted, at the device's pixels."""
        if self._picture is None:
            side = round(self.side * self.devicePixelRatioF())
            reader = QImageReader(str(self.sample.path))
            size = reader.size()
            scale = side / max(min(size.width(), size.height()), 1)
            wide = QSize(round(size.width() * scale), round(size.height() * scale))
            reader.setScaledSize(wide)
            left, top = (wide.width() - side) // 2, (wide.height() - side) // 2
            picture = QPixmap.fromImage(reader.read()).copy(left, top, side, side)
            picture.setDevicePixelRatio(self.devicePixelRatioF())
            self._picture = picture
        return self._picture

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = (self.width() - self.side) / 2
        area = QRectF(left, 3, self.side, self.side)
        painter.drawPixmap(area, self.picture(), QRectF(self.picture().rect()))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        ring = area.adjusted(-2, -2, 2, 2)
        if self.isChecked():
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRoundedRect(ring, 5, 5)
        elif self.underMouse():
            painter.setPen(QPen(theme.color("ctl"), 1.5))
            painter.drawRoundedRect(ring, 5, 5)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("text"), 2, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(ring, 5, 5)
        painter.setFont(lettering(CAPTION, self.isChecked()))
        painter.setPen(theme.color("text" if self.isChecked() else "muted"))
        foot = QRectF(0, area.bottom() + 4, self.width(), CAPTION_HEIGHT - 2)
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, tr(self.sample.name))
        painter.end()


class SampleGrid(Guarded, QWidget):
    """The sample pictures, in two columns, or in three where there is little room."""

    chosen = Signal(str)
    """Path of the picture that was clicked."""

    def __init__(self, shown: Sequence[Sample]) -> None:
        super().__init__()
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        self.buttons = [SampleButton(sample) for sample in shown]
        self._small: bool | None = None
        self.set_small(False)
        for button in self.buttons:
            path = str(button.sample.path)
            button.clicked.connect(lambda _=False, path=path: self.chosen.emit(path))
            offer_menu(button, partial(self._entries, path))

    def _entries(self, path: str, _: QPoint) -> tuple[Entry, ...]:
        """What the right mouse button offers on a picture."""
        use = Entry(mark("Run on this image"), lambda: self.chosen.emit(path))
        return use, copy_entry(mark("Copy picture"), QImage(path))

    def set_small(self, small: bool) -> None:
        """Show small pictures in three columns, or those of full size in two."""
        if small == self._small:
            return
        self._small = small
        for index, button in enumerate(self.buttons):
            button.set_side(SMALL_SIDE if small else SIDE)
            self._grid.addWidget(button, *divmod(index, 3 if small else 2))

    def mark_chosen(self, content: str | None) -> None:
        """Ring the picture whose file has this SHA-256."""
        for button in self.buttons:
            button.setChecked(content is not None and button.sample.content == content)
