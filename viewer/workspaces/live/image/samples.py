"""Pictures to choose from, as two columns of buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImageReader, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QWidget

from viewer.drawing.painting.text import lettering
from viewer.files.image_sources.contract import Sample
from viewer.look.fonts import CAPTION
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.translation import language, say, tr

SIDE = 92
CAPTION_HEIGHT = 18
COLUMNS = 2


class SampleButton(Guarded, QAbstractButton):
    """A square picture with its name below; the chosen one has the ring of a selection."""

    def __init__(self, sample: Sample) -> None:
        super().__init__()
        self.sample = sample
        self.setCheckable(True)
        self.setFixedHeight(SIDE + CAPTION_HEIGHT + 6)
        self.setMinimumWidth(SIDE + 6)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._picture: QPixmap | None = None
        say(self, self.setAccessibleName, sample.name)
        theme.changed.connect(self.update)
        language.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(SIDE + 6, SIDE + CAPTION_HEIGHT + 6)

    def nextCheckState(self) -> None:
        """What is checked follows the document, not the click."""

    def picture(self) -> QPixmap:
        """The middle square, read when first painted, at the device's pixels."""
        if self._picture is None:
            side = round(SIDE * self.devicePixelRatioF())
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
        left = (self.width() - SIDE) / 2
        area = QRectF(left, 3, SIDE, SIDE)
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
    """Two columns of sample pictures."""

    chosen = Signal(str)
    """Path of the picture that was clicked."""

    def __init__(self, shown: Sequence[Sample]) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        self.buttons = [SampleButton(sample) for sample in shown]
        for index, button in enumerate(self.buttons):
            grid.addWidget(button, *divmod(index, COLUMNS))
            path = str(button.sample.path)
            button.clicked.connect(lambda _=False, path=path: self.chosen.emit(path))

    def mark_chosen(self, content: str | None) -> None:
        """Ring the picture whose file has this SHA-256."""
        for button in self.buttons:
            button.setChecked(content is not None and button.sample.content == content)
