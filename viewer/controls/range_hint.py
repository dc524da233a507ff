"""Shows at a box, for a moment, what would do there when something else was typed."""

from __future__ import annotations

from typing import Any, TypeAlias

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QToolTip, QWidget

from viewer.text.translation import tr

MOMENT = 3000
"""Milliseconds."""
NOTED = "noted"
"""Property of a box whose row says what it refuses."""
RefusingBox: TypeAlias = Any
"""A box with the signal `refused`, which carries the sentence."""


def say_limits(box: QWidget, low: str, high: str) -> None:
    """`A number from 1 to 8`, under the box that refused what was typed."""
    _show(box, tr("A number from {low} to {high}", low=low, high=high))


def say_refused(box: RefusingBox, text: str, low: str, high: str) -> None:
    """That `text` stays out, and what would do; an empty text says only that.

    The row that the box stands in says it under the box; without one it is shown for a moment.
    """
    said = tr("A number from {low} to {high}", low=low, high=high)
    if text.strip():
        said = tr(
            "“{typed}” gives no number from {low} to {high}. The value is kept.",
            typed=text.strip()[:40],
            low=low,
            high=high,
        )
    if box.property(NOTED):
        box.refused.emit(said)
    else:
        _show(box, said)


def _show(box: QWidget, said: str) -> None:
    if box.hasFocus():
        place = box.mapToGlobal(QPoint(0, box.height() - 12))
        QToolTip.showText(place, said, box, QRect(), MOMENT)
