"""Frames a widget while it has the keyboard, where nothing in it shows that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from viewer.look.theme import theme
from viewer.override_guard import Guarded

WIDTH = 2
BY_KEY = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
"""Why a widget gets the focus that was not clicked."""
_clicks: list[object] = []
"""The clicks under way that may hide the widget that has the focus."""


def came_by_key(why: Qt.FocusReason) -> bool:
    """Whether somebody pressed a key: Qt says so as well of what is next to a widget that hides."""
    return why in BY_KEY and not _clicks


@contextmanager
def clicked() -> Iterator[None]:
    """What gets the focus meanwhile was not asked for by a key."""
    _clicks.append(None)
    try:
        yield
    finally:
        _clicks.pop()


class FocusFrame(Guarded, QWidget):
    """A line inside the edge of a widget that has got the focus by a key, until it is pressed."""

    @classmethod
    def put_on(cls, widget: QWidget) -> None:
        """Have one on a widget, once."""
        if widget.findChild(cls, options=Qt.FindChildOption.FindDirectChildrenOnly) is None:
            cls(widget)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._returns = False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        widget.installEventFilter(self)
        if isinstance(widget, QAbstractScrollArea):
            widget.viewport().installEventFilter(self)

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(event, QFocusEvent):
            self._follow(kind == QEvent.Type.FocusIn, event.reason())
        elif kind == QEvent.Type.MouseButtonPress:
            self._show(False)
        elif kind == QEvent.Type.Resize and self.isVisible():
            self._cover()
        return False

    def _follow(self, has_focus: bool, why: Qt.FocusReason) -> None:
        back = why in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
        if not has_focus:  # another window or a menu may give it back
            self._returns = back and self.isVisible()
        self._show(has_focus and (came_by_key(why) or (back and self._returns)))

    def _show(self, shown: bool) -> None:
        if shown:
            self._cover()
            self.raise_()
        self.setVisible(shown)

    def _cover(self) -> None:
        """Only its line lies over the widget, which can go on scrolling its pixels."""
        whole = QRect(0, 0, self._widget.width(), self._widget.height())
        self.setGeometry(whole)
        inside = whole.adjusted(WIDTH, WIDTH, -WIDTH, -WIDTH)
        self.setMask(QRegion(whole).subtracted(QRegion(inside)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setClipRegion(self.mask())  # what records a window does not cut to it
        painter.fillRect(event.rect(), theme.color("accent"))
        painter.end()
