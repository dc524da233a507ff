"""Moves the pointer over a widget of one window, whatever other windows lie over it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget


def move_pointer(widget: QWidget, at: QPoint) -> None:
    """Tell the widget's window that the pointer is at `at`, in the widget's own pixels.

    `QTest.mouseMove` of a widget moves the cursor of the screen, and the uppermost window under it
    hears of that: on a screen without a window manager this may be one that another test left.
    """
    window = widget.window()
    handle = window.windowHandle()
    assert handle is not None, "a widget that was never shown has no pointer over it"
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(widget.mapTo(window, at)),
        QPointF(widget.mapToGlobal(at)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(handle, event)
    QApplication.processEvents()
