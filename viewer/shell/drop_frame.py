"""A frame over the canvas that says what dropping a file there will do."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from viewer.look.fonts import TITLE, font
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.translation import tr


class DropFrame(Guarded, QWidget):
    """A dashed frame over the canvas with a text on what dropping the file will do."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.text = ""
        self.hide()

    def announce(self, text: str) -> None:
        """Show the frame with this translated text."""
        self.text = text
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The frame and, in a pill in the middle, the text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(6, 6, -6, -6)
        painter.setPen(QPen(theme.color("accent"), 2, Qt.PenStyle.DashLine))
        painter.setBrush(theme.color("accentbg", 0.35))
        painter.drawRoundedRect(frame, 6, 6)
        painter.setFont(font(TITLE, bold=True))
        words = painter.fontMetrics().boundingRect(self.text).width() + 48
        pill = QRectF(0, 0, words, 44)
        pill.moveCenter(frame.center())
        painter.setPen(QPen(theme.color("accent"), 1.5))
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(pill, 6, 6)
        painter.setPen(theme.color("text"))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, self.text)
        painter.end()


def promise(kind: str) -> str:
    """What dropping a file of this kind will do."""
    return {
        "image": tr("Open as image"),
        "film": tr("Play the film"),
        "folder": tr("Go through the pictures of the folder"),
        "lesson": tr("Begin this lesson"),
        "model": tr("Open as model"),
        "network": tr("Open as model"),
        "plans": tr("Open as model"),
        "document": tr("Open document"),
        "weights": tr("Load weights"),
    }.get(kind, tr("Fieldglass takes images, .py and .onnx models and .fieldglass documents"))
