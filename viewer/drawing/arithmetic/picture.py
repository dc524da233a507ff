"""Base of the pictures of a scene: the same base for all steps is cached, the step goes over it."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from viewer.drawing.arithmetic.display import Spot
from viewer.drawing.arithmetic.grid import Grid
from viewer.drawing.arithmetic.highlight import Highlight, step_highlight
from viewer.drawing.arithmetic.scene import Scene, cell_from
from viewer.text.translation import language

LARGEST_LAYER = 8_000_000
"""Pixels; a larger picture is scrolled, and what is seen of it is painted each time."""


@dataclass(frozen=True)
class Layer:
    """A cached base picture and the scene and rectangle it was painted for."""

    scene: Scene
    rect: QRectF
    scale: float
    language: str
    image: QImage
    grids: tuple[Grid, ...]


class Picture(ABC):
    """One way to draw a scene into a rectangle. Each holds the last base it painted."""

    def __init__(self) -> None:
        self._layer: Layer | None = None

    @abstractmethod
    def grids(self, scene: Scene, rect: QRectF) -> tuple[Grid, ...]:
        """Where everything lies in `rect`."""

    @abstractmethod
    def paint_base(self, painter: QPainter, scene: Scene, grids: tuple[Grid, ...]) -> None:
        """Paint what is the same at every step."""

    @abstractmethod
    def paint_step(
        self,
        painter: QPainter,
        scene: Scene,
        grids: tuple[Grid, ...],
        step: float,
        lit: Highlight,
    ) -> None:
        """Paint what a step adds; `step` is between two steps while a window moves."""

    def paint(
        self,
        painter: QPainter,
        rect: QRectF,
        scene: Scene,
        step: float | None = 0.0,
        highlight: Highlight | None = None,
    ) -> None:
        """Paint the scene into `rect`; `highlight` lights other cells than the step does.

        Without a step only the base and the highlight are painted.
        """
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        grids = self._base(painter, rect, scene)
        if step is not None or highlight is not None:
            at = -1.0 if step is None else min(max(step, 0.0), scene.steps - 1)
            lit = highlight or step_highlight(scene, math.floor(at + 0.5))
            self.paint_step(painter, scene, grids, at, lit)
        painter.restore()

    def cell_at(self, scene: Scene, rect: QRectF, point: QPointF) -> Spot | None:
        """The cell of the scene at a point."""
        for grid in self.grids(scene, rect):
            place = grid.at(point)
            if place is not None:
                return self.spot(scene, grid, place)
        return None

    def spot(self, scene: Scene, grid: Grid, place: tuple[int, int]) -> Spot | None:
        """The cell that a grid shows at (row, column)."""
        return Spot(grid.part, cell_from(place, scene.case.rank))

    def _base(self, painter: QPainter, rect: QRectF, scene: Scene) -> tuple[Grid, ...]:
        device = painter.device()
        scale = device.devicePixelRatioF() * abs(painter.worldTransform().m11())
        pixels = rect.width() * rect.height() * scale**2
        raster = painter.paintEngine().type().name == "Raster"
        if not raster or pixels > LARGEST_LAYER or pixels < 1:
            grids = self.grids(scene, rect)
            self.paint_base(painter, scene, grids)
            return grids
        layer = self._layer
        wanted = (rect, scale, language.code)
        if (
            layer is None
            or layer.scene is not scene
            or (layer.rect, layer.scale, layer.language) != wanted
        ):
            layer = self._layer = self._painted(scene, rect, scale)
        painter.drawImage(rect.topLeft(), layer.image)
        return layer.grids

    def _painted(self, scene: Scene, rect: QRectF, scale: float) -> Layer:
        size = (rect.size() * scale).toSize()
        image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(scale)
        image.fill(Qt.GlobalColor.transparent)
        grids = self.grids(scene, rect)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.translate(-rect.topLeft())
        self.paint_base(painter, scene, grids)
        painter.end()
        return Layer(scene, QRectF(rect), scale, language.code, image, grids)
