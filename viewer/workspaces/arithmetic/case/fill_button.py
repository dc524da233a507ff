"""A small button with the picture of a way to fill an array, drawn as the array would be."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton

from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text.translation import language, say, tr

SIZE, SIDE, CELL = 28, 4, 4
PATTERNS: Mapping[str, tuple[float, ...]] = {
    "random": (0.7, 0.1, 1, 0.3, 0, 0.8, 0.4, 0.6, 1, 0.3, 0.1, 0.9, 0.2, 0.7, 0.5, 0),
    "ramp": tuple((n + 1) / 16 for n in range(16)),
    "impulse": tuple(float(n == 10) for n in range(16)),
    "checkerboard": tuple(float((n // 4 + n) % 2 == 0) for n in range(16)),
    "ones": (0.8,) * 16,
}
"""How dark each of the 4 × 4 cells is, from 0 to 1, row by row."""


class FillButton(Guarded, QToolButton):
    """28 × 28. `text` names the array and the fill, `hint` explains; all are translated."""

    def __init__(self, fill: str, array: str, text: str, hint: str) -> None:
        super().__init__()
        self._words = (text, array)
        self._cells = PATTERNS.get(fill)
        self.setProperty("role", "control")
        self.setFixedSize(SIZE, SIZE)
        say(self, self.setToolTip, hint)
        language.changed.connect(self._say)
        self._say()
        theme.changed.connect(self.update)

    def _say(self) -> None:
        text, array = self._words
        self.setAccessibleName(tr(text, array=tr(array)))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._cells is None:
            return
        painter = QPainter(self)
        side = SIDE * CELL
        left, top = (self.width() - side) // 2, (self.height() - side) // 2
        ink = theme.color("text" if self.isEnabled() else "ctl")
        for index, amount in enumerate(self._cells):
            row, column = divmod(index, SIDE)
            ink.setAlphaF(0.08 + 0.92 * amount)
            painter.fillRect(QRectF(left + column * CELL, top + row * CELL, CELL, CELL), ink)
        painter.end()
