"""How results look that are of an earlier picture: pictures pale, words in a resting colour.

What is current is told by `Session.age` for what a run draws, and by `Session.measure_is_stale` for
what is measured of it afterwards.
"""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

PALE = 0.45
"""Opacity of a picture that is of an earlier state than the one that is set."""


def opacity(pale: bool) -> float:
    """The opacity of a picture."""
    return PALE if pale else 1.0


def set_pale(pale: bool, *words: QWidget) -> None:
    """Let these labels look current, or of an earlier state."""
    for label in words:
        label.setEnabled(not pale)
