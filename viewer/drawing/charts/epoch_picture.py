"""Epoch, batch and iteration as a picture: one cell for each picture of the training set."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from viewer.look.theme import theme

GAP = 2.0
LARGEST, LEAST = 16.0, 2.0


@dataclass(frozen=True)
class Epoch:
    """How far a training is: `pictures` in the training set, `batch` drawn in each step."""

    pictures: int
    batch: int
    step: int

    @property
    def iterations(self) -> int:
        """Of an epoch: ⌈pictures / batch⌉."""
        return math.ceil(self.pictures / self.batch)

    @property
    def number(self) -> int:
        """The epoch that is under way, or has just ended, from 1; 0 before the first step."""
        return math.ceil(self.step / self.iterations)

    @property
    def iteration(self) -> int:
        """How many iterations of that epoch are done."""
        return self.step - (self.number - 1) * self.iterations if self.number else 0

    @property
    def drawn(self) -> int:
        """How many pictures of that epoch are drawn; the last batch ends with the epoch."""
        return min(self.pictures, self.iteration * self.batch)


def paint_epoch(painter: QPainter, epoch: Epoch, rect: QRectF) -> None:
    """Draw a row of cells for each batch; those that are drawn are filled, the newest strongest."""
    along, _, side = _grid(epoch, rect.width(), rect.height())
    newest = epoch.drawn - ((epoch.drawn - 1) % epoch.batch + 1) if epoch.drawn else -1
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    for at in range(epoch.pictures):
        cell = _cell(at, epoch, along, side, rect)
        if cell.bottom() > rect.bottom() + 1:
            return
        if newest >= 0 and newest <= at < epoch.drawn:
            painter.fillRect(cell, theme.color("accent"))
        elif at < epoch.drawn:
            painter.fillRect(cell, theme.color("accent", 0.45))
        else:
            painter.setPen(QPen(theme.color("border"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(cell.adjusted(0, 0, -1, -1))


def epoch_height(epoch: Epoch, width: float, most: float) -> float:
    """How high its cells stand in a room of that width, `most` at most."""
    _, lines, side = _grid(epoch, width, most)
    return min(most, lines * (side + GAP) - GAP)


def _grid(epoch: Epoch, width: float, height: float) -> tuple[int, int, float]:
    """Cells along the width, lines of cells, a cell's side: batches side by side where they fit."""
    cells = min(epoch.batch, epoch.pictures) + 1
    beside = max(1, int((width + GAP) // (cells * (LARGEST * 0.6 + GAP))))
    beside = min(beside, epoch.iterations)
    along, lines = beside * cells - 1, math.ceil(epoch.iterations / beside)
    wide, high = (width + GAP) / along - GAP, (height + GAP) / lines - GAP
    return along, lines, max(LEAST, min(LARGEST, wide, high))


def _cell(at: int, epoch: Epoch, along: int, side: float, rect: QRectF) -> QRectF:
    columns = min(epoch.batch, epoch.pictures)
    beside = (along + 1) // (columns + 1)
    batch, place = divmod(at, epoch.batch)
    row, block = divmod(batch, beside)
    x = rect.left() + (block * (columns + 1) + place) * (side + GAP)
    return QRectF(round(x), round(rect.top() + row * (side + GAP)), round(side), round(side))
