"""The base of the gestures on the canvas."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QPointF, Qt

from viewer.canvas.viewport import Viewport
from viewer.session import Session

DRAG_FROM = 4.0
"""Screen px the pointer must go before a press is a drag."""


class Gesture:
    """What a pressed button does on the canvas until its release, in px of the viewport."""

    cursor: ClassVar[Qt.CursorShape | None] = None

    def __init__(self, view: Viewport, session: Session, start: QPointF) -> None:
        self.view = view
        self.session = session
        self.start = start

    def move(self, at: QPointF) -> None:
        """The pointer has moved."""

    def end(self, at: QPointF) -> None:
        """The button is up."""

    def cancel(self) -> None:
        """Esc was pressed: what is not done yet is not done."""
