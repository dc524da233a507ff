"""The steps of arrow keys through rows and columns."""

from __future__ import annotations

from PySide6.QtCore import Qt

ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
"""The step (down, right) of each arrow key."""


def moved(key: int, cell: tuple[int, int] | None, size: tuple[int, int]) -> tuple[int, int] | None:
    """The (row, column) that an arrow key leads to from a cell, kept inside a grid of that size.

    From nowhere it leads to the first cell; None for another key, and in a grid without cells.
    """
    step = ARROWS.get(key)
    if step is None or not all(size):
        return None
    if cell is None:
        return 0, 0
    row, column = (
        min(max(at + by, 0), most - 1) for at, by, most in zip(cell, step, size, strict=True)
    )
    return row, column
