"""Places the widgets that float over the canvas: notices at its top, the drop frame.

Where a workspace shows no canvas its notices float over the panels, below the head of the window.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QMainWindow, QWidget

from viewer.override_guard import Guarded
from viewer.shell.drop_frame import DropFrame
from viewer.shell.notice_strip import NoticeStrip

MARGIN = 16
NOTICE_WIDTH, NARROWEST_NOTICE = 640, 480
BESIDE_UNDO = 112


class FloatingWidgets(Guarded, QObject):
    """Keeps the floating widgets in their places as the canvas changes its size."""

    def __init__(self, canvas: QWidget, heading: QWidget, notice: NoticeStrip) -> None:
        super().__init__(canvas)
        self._canvas, self._heading = canvas, heading
        self._notice = notice
        self.drop = DropFrame(canvas)
        canvas.installEventFilter(self)
        heading.installEventFilter(self)
        notice.installEventFilter(self)
        canvas.window().installEventFilter(self)
        self.place()

    def place(self) -> None:
        """The notice at the top in the middle, right of the heading where there is room.

        Where there is none it lies over the heading and is as wide, and so as low, as it can be.
        A question begins at the left edge, so that its buttons stay under the pointer while the
        window is resized.
        """
        host, top, beside = self._host(), MARGIN, self._heading.geometry().right() + MARGIN
        if host is not self._notice.parentWidget():
            hidden = self._notice.isHidden()
            self._notice.setParent(host)
            self._notice.setHidden(hidden)
        if host is not self._canvas:
            top, beside = self._below_head() + MARGIN, MARGIN
        width = host.width()
        if self._notice.asks or width - BESIDE_UNDO - beside < NARROWEST_NOTICE:
            beside = MARGIN
        wide = min(NOTICE_WIDTH, width - BESIDE_UNDO - beside)
        layout = self._notice.layout()
        tall = max(44, layout.totalHeightForWidth(wide) if layout else 44)
        middle = min((width - wide) // 2, width - BESIDE_UNDO - wide)
        left = beside if self._notice.asks else max(middle, beside)
        self._notice.setGeometry(left, top, wide, tall)
        self._notice.raise_()
        self.drop.setGeometry(self._canvas.rect())

    def _host(self) -> QWidget:
        """The canvas; the window where the canvas has no room at all."""
        centre = self._canvas.parentWidget()
        folded = centre is not None and self._canvas.isHidden() and centre.maximumHeight() == 0
        return self._canvas.window() if folded else self._canvas

    def _below_head(self) -> int:
        window = self._canvas.window()
        head = window.menuWidget() if isinstance(window, QMainWindow) else None
        return head.geometry().bottom() + 1 if head is not None else 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the canvas, and a notice that is shown with another text."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.LayoutRequest) and (
            watched is not self._notice or event.type() != QEvent.Type.Resize
        ):
            self.place()
        return super().eventFilter(watched, event)
