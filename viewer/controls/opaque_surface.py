"""The opaque background widget of a scrolled panel."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from viewer.look.theme import theme
from viewer.override_guard import Guarded


class OpaqueSurface(Guarded, QWidget):
    """Paints all of itself: a part that changes does not paint docks and window behind it too."""

    def __init__(self) -> None:
        super().__init__()
        theme.changed.connect(self.update)

    def event(self, event: QEvent) -> bool:
        """Set WA_OpaquePaintEvent again: applying a style sheet clears it."""
        done = super().event(event)
        if event.type() in (QEvent.Type.Polish, QEvent.Type.StyleChange, QEvent.Type.Show):
            self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        return done

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.color("surface"))
        painter.end()
