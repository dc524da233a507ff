"""How far each network of a training is through its pictures, by the batch that it takes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from viewer.drawing.charts.epoch_picture import Epoch, paint_epoch
from viewer.drawing.charts.marks import letter_of
from viewer.drawing.painting.text import paint_text
from viewer.look.theme import theme
from viewer.workspaces.train.lab.training_log import TrainingLog

MOST = 4
"""So many batch sizes are shown, those of the first networks."""
ALONE, ONE_OF_MANY, GAP, NAME = 64, 32, 8, 44
"""Heights of one by itself and below others, what is between two, and room for letters."""
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


def height_of(epochs: Epochs) -> int:
    """Of the picture of so many."""
    if len(epochs) < 2:
        return ALONE
    return len(epochs) * (ONE_OF_MANY + GAP) - GAP


def paint_epochs(painter: QPainter, epochs: Epochs, rect: QRectF) -> None:
    """Draw one below the other, the letters of their networks before them."""
    for at, (letters, epoch) in enumerate(epochs):
        height = ONE_OF_MANY if letters else ALONE
        top = rect.top() + at * (height + GAP)
        left = NAME if letters else 0
        if letters:
            paint_text(painter, QPointF(rect.left(), top + 12), letters, theme.color("text"),
                       TEXT, True)  # fmt: skip
        paint_epoch(painter, epoch, QRectF(rect.left() + left, top, rect.width() - left, height))
