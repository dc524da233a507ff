"""A button that says that an image can be dropped, and opens one."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton

from viewer.look.fonts import SMALL, font
from viewer.look.icons import paint_icon
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.translation import language, say, tr


class DropTarget(Guarded, QAbstractButton):
    """A button that says an image can be dropped here and opens one; the window takes the drops."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(48)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        say(self, self.setAccessibleName, "Drop an image here")
        say(self, self.setToolTip, "Drop, paste or open an image")
        theme.changed.connect(self.update)
        language.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self.underMouse() or self.hasFocus()
        pen = QPen(theme.color("accent" if lit else "ctl"), 1)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.setBrush(theme.color("sunken") if lit else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        text = tr("Drop an image here")
        painter.setFont(font(SMALL))
        width = painter.fontMetrics().horizontalAdvance(text) + 26
        left = max(4.0, (self.width() - width) / 2)
        paint_icon(
            painter, "image", QRectF(left, self.height() / 2 - 9, 18, 18), theme.color("muted")
        )
        painter.setPen(theme.color("muted"))
        place = QRectF(left + 26, 0, self.width() - left - 26, self.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()
