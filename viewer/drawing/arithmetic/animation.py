"""An animation as a sequence of frames, each painted only when it is needed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from viewer.drawing.arithmetic.flat_picture import FlatPicture
from viewer.drawing.arithmetic.picture import Picture
from viewer.drawing.arithmetic.plates_picture import PlatesPicture
from viewer.drawing.arithmetic.scene import Scene
from viewer.drawing.arithmetic.stamp_picture import StampPicture
from viewer.drawing.arithmetic.step_text import written_text
from viewer.drawing.arithmetic.zero_insertion_picture import ZeroInsertionPicture
from viewer.drawing.painting.text import paint_text, text_width

Pixels = NDArray[np.uint32]
STEP_MS = 400
"""One step at speed 1."""
MARGIN, CAPTION = 12, 36


def picture_for(scene: Scene) -> Picture:
    """The picture of a scene's look: plates, or flat grids in the form that its steps ask for."""
    if scene.look == "plates":
        return PlatesPicture()
    if scene.case.kind != "transposed":
        return FlatPicture()
    return StampPicture() if scene.by == "input" else ZeroInsertionPicture()


@dataclass(frozen=True)
class Animation:
    """The animation to export: steps `first` … `last` (to the end), in frames of `size` px.

    `pictures` stand side by side, none of them in use elsewhere (a picture keeps its base, and a
    film may be painted in another thread); none given is the picture of the scene's look.
    `speed` 2 is twice as fast. The caption is the step written out.
    """

    scene: Scene
    size: tuple[int, int] = (640, 480)
    speed: float = 1.0
    first: int = 0
    last: int | None = None
    pictures: tuple[Picture, ...] = ()
    caption: bool = True
    loop: bool = True
    _shown: list[Picture] = field(default_factory=list, compare=False, repr=False)

    @property
    def steps(self) -> range:
        """The steps, one a frame."""
        end = self.scene.steps if self.last is None else min(self.last + 1, self.scene.steps)
        return range(max(self.first, 0), end)

    @property
    def step_ms(self) -> float:
        """How long a step is shown."""
        return STEP_MS / self.speed

    @property
    def bounds(self) -> QRectF:
        """The frame."""
        return QRectF(0, 0, *self.size)

    def paint(self, painter: QPainter, step: int, rect: QRectF | None = None) -> None:
        """One frame, its ground too."""
        frame = rect or self.bounds
        painter.fillRect(frame, self.scene.inks.color("surface"))
        inner = frame.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        if self.caption:
            self._caption(painter, inner, step)
            inner = inner.adjusted(0, 0, 0, -CAPTION)
        if not self._shown:
            self._shown.extend(self.pictures or (picture_for(self.scene),))
        width = math.floor(inner.width() / len(self._shown))
        for at, picture in enumerate(self._shown):
            part = QRectF(inner.left() + at * width, inner.top(), width, inner.height())
            picture.paint(painter, part, self.scene, step)

    def frames(self, steps: range | None = None) -> Iterator[Pixels]:
        """(height, width) of 0xFFRRGGBB for each step; each array is the caller's own."""
        image = QImage(*self.size, QImage.Format.Format_ARGB32_Premultiplied)
        for step in self.steps if steps is None else steps:
            painter = QPainter(image)
            self.paint(painter, step)
            painter.end()
            yield pixels(image)

    def _caption(self, painter: QPainter, inner: QRectF, step: int) -> None:
        room = inner.width()
        text = written_text(self.scene, step, lambda line: text_width(line, 15, True), room)
        at = QPointF(round(inner.center().x()), inner.bottom() - 10)
        colour = self.scene.inks.color("text")
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        paint_text(painter, at, text, colour, 15, True, Qt.AlignmentFlag.AlignHCenter)


def pixels(image: QImage) -> Pixels:
    """The pixels of a 32-bit image, (height, width), copied; padding of rows cut off."""
    whole = np.frombuffer(image.constBits(), np.uint32)
    rows = whole.reshape(image.height(), image.bytesPerLine() // 4)
    return rows[:, : image.width()].copy()
