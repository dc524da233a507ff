"""Shows at a box, for a moment, the allowed range when something else was typed."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QToolTip, QWidget

from viewer.text.translation import tr

MOMENT = 3000
"""Milliseconds."""


def say_limits(box: QWidget, low: str, high: str) -> None:
    """`From 1 to 8`, under the box that refused what was typed."""
    if box.hasFocus():
        place = box.mapToGlobal(QPoint(0, box.height() - 12))
        said = tr("A number from {low} to {high}", low=low, high=high)
        QToolTip.showText(place, said, box, QRect(), MOMENT)
