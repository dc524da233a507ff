"""Keeps the order of the Tab key that of the screen, also through what is made later.

Qt appends a widget that is made later to the end of its chain, wherever it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLayout,
    QWidget,
)

from viewer.override_guard import Guarded

TAB = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
WHOLE = (QAbstractItemView, QAbstractSpinBox, QComboBox)
"""What is one stop, whatever it is made of."""


class TabOrder(Guarded, QObject):
    """Puts the chain in order when Tab is pressed in the window, before Qt follows it."""

    def __init__(self, window: QWidget, stops: Callable[[], Sequence[QWidget]]) -> None:
        """`stops` gives the parts of the window, in their order."""
        super().__init__(window)
        self._window, self._stops = window, stops
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow)

    def _follow(self, before: QWidget | None, after: QWidget | None) -> None:
        """Hear the keys of the widget that has the keyboard, and of no other."""
        if before is not None:
            before.removeEventFilter(self)
        if after is not None and after.window() is self._window:
            after.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() in TAB:
            self.arrange()
        return False

    def arrange(self) -> None:
        """Chain all that takes the keyboard by Tab and is seen."""
        places = [place for stop in self._stops() for place in places_in(stop)]
        for before, after in pairwise(places):
            QWidget.setTabOrder(before, after)


def places_in(widget: QWidget) -> Iterator[QWidget]:
    """What takes the keyboard by Tab in a widget, itself included, as its layouts have it."""
    if not widget.isVisible():
        return
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
        yield widget
    if isinstance(widget, WHOLE):
        return
    laid_out = dict.fromkeys(_in_layout(widget.layout()))
    others = (each for each in widget.children() if isinstance(each, QWidget))
    for inside in (*laid_out, *(each for each in others if each not in laid_out)):
        if not inside.isWindow():
            yield from places_in(inside)


def _in_layout(layout: QLayout | None) -> Iterator[QWidget]:
    """The widgets of a layout and of those in it."""
    for index in range(layout.count() if layout is not None else 0):
        item = layout.itemAt(index) if layout is not None else None
        if item is None:
            continue
        if (inside := item.widget()) is not None:
            yield inside
        else:
            yield from _in_layout(item.layout())
