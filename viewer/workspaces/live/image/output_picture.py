"""The output as a small picture; the input while the mouse is held on it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from analysis.inference.protocol.runs import Picture
from viewer.controls.context_menu import Entry, copy_entry, offer_menu
from viewer.controls.held_press import HeldPress
from viewer.drawing.painting.array_image import image_of
from viewer.look.fonts import SMALL, font
from viewer.look.pale import opacity
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.translation import language, mark, say, tr

THUMBNAIL = 100


class OutputPicture(Guarded, QWidget):
    """The output, small; the input while the mouse is held on it, to compare."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(THUMBNAIL, THUMBNAIL)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._images: tuple[QImage | None, QImage | None] = (None, None)
        self._pale = False
        self._press = HeldPress(self)
        offer_menu(self, lambda _: self._entries())
        say(self, self.setToolTip, "Hold the mouse button down to see the input")
        theme.changed.connect(self.update)
        language.changed.connect(self.update)

    def show_pictures(self, output: Picture | None, given: Picture | None) -> None:
        """Output and input of one frame."""
        self._images = (
            None if output is None else image_of(output),
            None if given is None else image_of(given),
        )
        self.update()

    def show_age(self, old: bool) -> None:
        """Both are pale while they are of an earlier state."""
        if old != self._pale:
            self._pale = old
            self.update()

    def _entries(self) -> tuple[Entry, ...]:
        output, given = self._images
        return (
            copy_entry(mark("Copy output picture"), output),
            copy_entry(mark("Copy input picture"), given),
        )

    def sizeHint(self) -> QSize:
        return QSize(THUMBNAIL, THUMBNAIL)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        image = self._images[1 if self._press.is_down else 0]
        area = QRectF(self.rect())
        if image is not None:
            scale = min(area.width() / image.width(), area.height() / image.height())
            width, height = image.width() * scale, image.height() * scale
            painter.setOpacity(opacity(self._pale))
            painter.drawImage(QRectF(0, 0, width, height), image)
        else:
            painter.setPen(QPen(theme.color("border"), 1))
            painter.setBrush(theme.color("sunken"))
            painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
            painter.setPen(theme.color("muted"))
            painter.setFont(font(SMALL))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, tr("no output"))
        painter.end()
