"""Takes the picture of a step, a few widgets at a turn, so that the window stays alive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import chain
from time import perf_counter

from PySide6.QtCore import QObject, QSize, QTimer
from PySide6.QtGui import QImage, QPainter, QPicture
from PySide6.QtWidgets import QGraphicsScene, QWidget

from viewer.canvas.uncached import uncached
from viewer.drawing.painting.recorded_window import paint_in_parts, settle_in_parts
from viewer.override_guard import Guarded

TURN = 0.012
"""Seconds of painting at one turn; a widget that is begun is painted to its end."""
Taken = QImage | QPicture


class SlidePicture(Guarded, QObject):
    """The picture of one window as it is seen, without its bars: pixels, or vectors for a page."""

    def __init__(self, window: QWidget, scene: QGraphicsScene) -> None:
        super().__init__(window)
        self._window, self._scene = window, scene
        self._painter: QPainter | None = None
        self._parts: Iterator[None] = iter(())
        self._held = ExitStack()
        self._finish: Callable[[], None] = lambda: None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)

    def take_pixels(self, size: QSize, scale: float, then: Callable[[Taken], None]) -> None:
        """Call `then` with an image, `scale` pixels for each px of `size`."""
        image = QImage(size * scale, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)

        def finish() -> None:
            image.setDevicePixelRatio(1.0)
            then(image)

        self._begin(QPainter(image), finish)

    def take_vectors(self, then: Callable[[Taken], None]) -> None:
        """Call `then` with a record, whose text is text."""
        picture = QPicture()
        self._held.enter_context(uncached(self._scene))
        self._begin(QPainter(picture), lambda: then(picture))

    def _begin(self, painter: QPainter, finish: Callable[[], None]) -> None:
        self._painter, self._finish = painter, finish
        parts = settle_in_parts(self._window), paint_in_parts(painter, self._window)
        self._parts = chain(*parts)
        self._timer.start()

    def _go_on(self) -> None:
        end = perf_counter() + TURN
        for _ in self._parts:
            if perf_counter() > end:
                return
        finish = self._finish
        self.stop()
        finish()

    def stop(self) -> None:
        """Give up."""
        self._timer.stop()
        self._parts, self._finish = iter(()), lambda: None
        if self._painter is not None:
            self._painter.end()
            self._painter = None
        self._held.close()
