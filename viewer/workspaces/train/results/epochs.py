"""How far each network of a training is through its pictures, by the batch that it takes."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from viewer.drawing.charts.epoch_picture import Epoch, epoch_height, paint_epoch
from viewer.drawing.charts.marks import letter_of
from viewer.drawing.painting.text import paint_text
from viewer.look.theme import theme
from viewer.workspaces.train.lab.training_log import TrainingLog

MOST = 4
"""So many batch sizes are shown, those of the first networks."""
ALONE, ONE_OF_MANY, LETTERS, GAP, NAME = 64, 32, 16, 8, 44
"""Most height of one by itself and below others, room for letters (high, wide), between two."""
TEXT = 11
Epochs = tuple[tuple[str, Epoch], ...]
"""Letters of the networks that take a batch, none where all take it, and their epoch."""


def epochs_of(log: TrainingLog) -> Epochs:
    """One for each batch size; none before the pictures are read."""
    if log.prepared is None:
        return ()
    own = {twin.name: twin.batch for twin in log.recipe.twins}
    letters: dict[int, list[str]] = {}
    for at, twin in enumerate(log.shown):
        batch = own.get(twin.name) or log.recipe.batch
        letters.setdefault(batch, []).append(letter_of(at))
    pictures = len(log.prepared.training)
    return tuple(
        ("" if len(letters) == 1 else " ".join(named), Epoch(pictures, batch, log.step))
        for batch, named in list(letters.items())[:MOST]
    )


def height_of(epochs: Epochs, width: float) -> int:
    """Of the picture of so many in a room of that width."""
    heights = [_height(letters, epoch, width) for letters, epoch in epochs]
    return math.ceil(sum(heights) + GAP * max(0, len(heights) - 1))


def _height(letters: str, epoch: Epoch, width: float) -> float:
    if not letters:
        return epoch_height(epoch, width, ALONE)
    return max(LETTERS, epoch_height(epoch, width - NAME, ONE_OF_MANY))


def paint_epochs(painter: QPainter, epochs: Epochs, rect: QRectF) -> None:
    """Draw one below the other, the letters of their networks before them."""
    top = rect.top()
    for letters, epoch in epochs:
        height, left = _height(letters, epoch, rect.width()), NAME if letters else 0
        if letters:
            paint_text(painter, QPointF(rect.left(), top + 12), letters, theme.color("text"),
                       TEXT, True)  # fmt: skip
        paint_epoch(painter, epoch, QRectF(rect.left() + left, top, rect.width() - left, height))
        top += height + GAP
