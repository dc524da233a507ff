"""Shows at a box, for a moment, what would do there when something else was typed."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QToolTip, QWidget

from viewer.text.translation import tr

MOMENT = 3000
"""Milliseconds."""


def say_limits(box: QWidget, low: str, high: str) -> None:
    """`A number from 1 to 8`, under the box that refused what was typed."""
    _show(box, tr("A number from {low} to {high}", low=low, high=high))


def say_refused(box: QWidget, text: str, low: str, high: str) -> None:
    """That `text` stays out, and what would do; an empty text says only that."""
    if not text.strip():
        say_limits(box, low, high)
        return
    said = tr(
        "“{typed}” gives no number from {low} to {high}. The value is kept.",
        typed=text.strip()[:40],
        low=low,
        high=high,
    )
    _show(box, said)


def _show(box: QWidget, said: str) -> None:
    if box.hasFocus():
        place = box.mapToGlobal(QPoint(0, box.height() - 12))
        QToolTip.showText(place, said, box, QRect(), MOMENT)
