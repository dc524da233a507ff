"""Finds where a card can lie on the canvas: near its block, over nothing if there is such a place.

The view is divided into cells, of which those under something are counted; the sum over every
place that the card could take then tells at once what it would hide there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF

from viewer.canvas.content_room import Room

CELL, CLEAR = 6.0, 5.0
"""Px on screen: the side of a cell, and what is left free round blocks and captions."""
NEAREST = 1500
"""Free places, from the nearest on, whose line to the block is looked at."""

Cells = NDArray[np.int64]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Surroundings:
    """What a card is placed among, in canvas px.

    `own` are the blocks that it is about, which it may not cover, as little as the `corners`.
    """

    view: QRectF
    taken: Room
    own: tuple[QRectF, ...] = ()
    corners: tuple[QRectF, ...] = ()


def free_place(
    block: QRectF, size: QSizeF, gap: float, scale: float, around: Surroundings
) -> tuple[QRectF, bool]:
    """The nearest free place whose line to the block crosses nothing, or else that may; and True.

    Where none is free, that which hides least: of its own blocks and the corners, then of captions,
    then of maps; and False. `scale` is canvas px for one on screen.
    """
    view, cell = around.view, CELL * scale
    wide, high = ceil(size.width() / cell), ceil(size.height() / cell)
    rows, columns = int(view.height() / cell), int(view.width() / cell)
    if rows < high or columns < wide:
        beside = QPointF((block.width() + size.width()) / 2 + gap, 0)
        return _centred(size, block.center() + beside), False
    clear, near = CLEAR * scale, [block.adjusted(-gap, -gap, gap, gap)]
    blocks = [each.adjusted(-clear, -clear, clear, clear) for each in around.taken.blocks]
    kinds = ([*near, *around.own, *around.corners], around.taken.captions, blocks)
    hidden = [
        _sums(_covered(kind, view, cell, (rows, columns)), high, wide).ravel() for kind in kinds
    ]
    tops, lefts = np.indices((rows - high + 1, columns - wide + 1)).reshape(2, -1) * cell
    lefts, tops = lefts + view.left(), tops + view.top()
    away = np.hypot(
        lefts + size.width() / 2 - block.center().x(), tops + size.height() / 2 - block.center().y()
    )
    free = np.flatnonzero(sum(hidden) == 0)
    if not len(free):
        least = int(np.lexsort((away, hidden[2], hidden[1], hidden[0]))[0])
        return _placed(size, lefts[least], tops[least]), False
    free = free[np.argsort(away[free], kind="stable")][:NEAREST]
    others = [each for each in around.taken.blocks if not each.intersects(block)]
    crossed = _crossed(block, lefts[free], tops[free], size, others)
    best = int(free[np.argmin(crossed)])
    return _placed(size, lefts[best], tops[best]), True


def _covered(rooms: Iterable[QRectF], view: QRectF, cell: float, shape: tuple[int, int]) -> Cells:
    """(rows, columns) 1 where one of the rooms covers something of a cell."""
    cells = np.zeros(shape, dtype=np.int64)
    for room in rooms:
        inside = room.intersected(view)
        if inside.isEmpty():
            continue
        left, right = inside.left() - view.left(), inside.right() - view.left()
        top, bottom = inside.top() - view.top(), inside.bottom() - view.top()
        cells[int(top / cell) : ceil(bottom / cell), int(left / cell) : ceil(right / cell)] = 1
    return cells


def _sums(cells: Cells, high: int, wide: int) -> Cells:
    """How many covered cells lie in each window of that many rows and columns."""
    sums = np.zeros((cells.shape[0] + 1, cells.shape[1] + 1), dtype=np.int64)
    sums[1:, 1:] = cells.cumsum(0).cumsum(1)
    tall: Cells = sums[high:] - sums[:-high]
    found: Cells = tall[:, wide:] - tall[:, :-wide]
    return found


def _crossed(
    block: QRectF, lefts: Numbers, tops: Numbers, size: QSizeF, others: Sequence[QRectF]
) -> NDArray[np.bool_]:
    """Whether the line from the block to the card at each place goes over one of the others."""
    x = np.clip(block.center().x(), lefts, lefts + size.width())
    y = np.clip(block.center().y(), tops, tops + size.height())
    from_x, from_y = (
        np.clip(x, block.left(), block.right()),
        np.clip(y, block.top(), block.bottom()),
    )
    left, right = np.minimum(x, from_x) - 1, np.maximum(x, from_x) + 1
    top, bottom = np.minimum(y, from_y) - 1, np.maximum(y, from_y) + 1
    crossed = np.zeros(len(lefts), dtype=np.bool_)
    for each in others:
        beside = (right <= each.left()) | (left >= each.right())
        crossed |= ~(beside | (bottom <= each.top()) | (top >= each.bottom()))
    return crossed


def _placed(size: QSizeF, left: float, top: float) -> QRectF:
    return QRectF(float(left), float(top), size.width(), size.height())


def _centred(size: QSizeF, at: QPointF) -> QRectF:
    place = QRectF(QPointF(), size)
    place.moveCenter(at)
    return place
