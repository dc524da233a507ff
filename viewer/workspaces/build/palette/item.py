"""One operator or block of the palette: its icon and name, to drag or to press."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QMimeData, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QDrag, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QSizePolicy

from analysis.graph.templates import Template
from viewer.controls.arrow_keys import ARROWS
from viewer.controls.context_menu import Entry, offer_menu
from viewer.look.fonts import SMALL, font
from viewer.look.icons import paint_icon
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session.edits.insert import MIME
from viewer.text.template_names import template_hint, template_title
from viewer.text.translation import language, mark, tr

HEIGHT, BADGE, ICON = 30, 20, 14
BESIDE = QPoint(-10, -24)
"""Where the pointer is from what it drags: the frame on the canvas says what a drop makes there."""


class PaletteItem(Guarded, QAbstractButton):
    """A button that is dragged onto the canvas; a double-click or Enter inserts it."""

    inserted = Signal()
    stepped = Signal(int, int)
    """An arrow key was pressed: (down, right)."""

    def __init__(self, template: Template) -> None:
        super().__init__()
        self.template = template
        self._pressed_at: QPoint | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        offer_menu(self, lambda _: (Entry(mark("Insert"), self.inserted.emit, keys=tr("Enter")),))
        language.changed.connect(self._say)
        theme.changed.connect(self.update)
        self._say()

    def _say(self) -> None:
        title, hint = template_title(self.template), template_hint(self.template)
        self.setAccessibleName(title)
        self.setAccessibleDescription(hint)
        self.setToolTip(f"{title}\n{hint}" if hint else title)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, HEIGHT)

    def mime(self) -> QMimeData:
        """What a drag of it carries."""
        data = QMimeData()
        data.setData(MIME, QByteArray(self.template.key.encode()))
        return data

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        start = self._pressed_at
        away = (event.position().toPoint() - start).manhattanLength() if start is not None else 0
        if event.buttons() & Qt.MouseButton.LeftButton and away >= QApplication.startDragDistance():
            self._pressed_at = None
            self.setDown(False)
            self._drag()

    def _drag(self) -> None:
        drag = QDrag(self)
        drag.setMimeData(self.mime())
        drag.setPixmap(self.grab(QRect(3, (HEIGHT - BADGE) // 2, BADGE, BADGE)))
        drag.setHotSpot(BESIDE)
        drag.exec(Qt.DropAction.CopyAction)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.inserted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.inserted.emit()
        elif key in ARROWS:
            self.stepped.emit(*ARROWS[key])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect())
        if self.underMouse() or self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accentbg" if self.isDown() else "sunken"))
            painter.drawRoundedRect(room.adjusted(1, 1, -1, -1), 5, 5)
        colour = theme.family(self.template.family)
        badge = QRectF(3, (HEIGHT - BADGE) / 2, BADGE, BADGE)
        painter.setPen(QPen(colour, 1.25))
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(badge.adjusted(0.6, 0.6, -0.6, -0.6), 5, 5)
        inner = QRectF(0, 0, ICON, ICON)
        inner.moveCenter(badge.center())
        paint_icon(painter, self.template.icon, inner, colour)
        painter.setFont(font(SMALL))
        painter.setPen(theme.color("text"))
        self._paint_name(painter, room.adjusted(badge.right() + 6, 0, -2, 0))
        painter.end()

    def _paint_name(self, painter: QPainter, room: QRectF) -> None:
        """In one line, or in two where one is too short for it."""
        title, metrics = template_title(self.template), painter.fontMetrics()
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        if metrics.horizontalAdvance(title) > room.width():
            wrapped = flags | Qt.TextFlag.TextWordWrap
            taken = metrics.boundingRect(QRectF(room).toRect(), int(wrapped), title)
            if taken.width() <= room.width() and taken.height() <= HEIGHT + 2:
                flags = wrapped
            else:
                title = metrics.elidedText(title, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, int(flags), title)
